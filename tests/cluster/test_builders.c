/* Ideal clusters against numbers known by hand and against the reference tables of the published data. */
#include "support.h"

#include <deepstruc/cluster.h>

#include "cluster/carve.h"

static deepstruc_cluster *build(deepstruc_recipe recipe, double bond_length)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, bond_length, "Au", &diag), diag);
    return cluster;
}

static deepstruc_recipe recipe_of(const char *type, const int p[3])
{
    if (strcmp(type, "SC") == 0)
        return deepstruc_recipe_sc(p[0], p[1], p[2]);
    if (strcmp(type, "BCC") == 0)
        return deepstruc_recipe_bcc(p[0], p[1], p[2]);
    if (strcmp(type, "FCC") == 0)
        return deepstruc_recipe_fcc(p[0], p[1], p[2]);
    if (strcmp(type, "HCP") == 0)
        return deepstruc_recipe_hcp(p[0], p[1], p[2]);
    if (strcmp(type, "Ico") == 0)
        return deepstruc_recipe_icosahedron(p[0]);
    if (strcmp(type, "Dec") == 0)
        return deepstruc_recipe_decahedron(p[0], p[1], p[2]);
    return deepstruc_recipe_octahedron(p[0], 0);
}

/* ---- against the tables of distances -------------------------------------------------------------------------- */

enum { N_DISTANCES = 8 };

typedef struct {
    char type[8];
    int param[3];
    size_t n_atoms;
    double distance[N_DISTANCES], rg2_sum, dmax; /* distance 0: there are fewer */
    int pairs[N_DISTANCES];
} row;

/* "FCC,3 6 7,171,1.000000000,702,...,rg2_sum,dmax", empty fields where there are fewer than eight distances. */
static row parse_row(char *line)
{
    row r = {0};
    char *rest = line;
    snprintf(r.type, sizeof r.type, "%s", strsep(&rest, ","));
    sscanf(strsep(&rest, ","), "%d %d %d", &r.param[0], &r.param[1], &r.param[2]);
    r.n_atoms = strtoul(strsep(&rest, ","), NULL, 10);
    for (int k = 0; k < N_DISTANCES; k++) {
        r.distance[k] = strtod(strsep(&rest, ","), NULL);
        r.pairs[k] = atoi(strsep(&rest, ","));
    }
    r.rg2_sum = strtod(strsep(&rest, ","), NULL);
    r.dmax = strtod(rest, NULL);
    return r;
}

static double radius2_sum(const deepstruc_cluster *cluster)
{
    double centre[3] = {0}, sum = 0;
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        centre[i % 3] += cluster->xyz[i] / (double)cluster->n_atoms;
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        sum += (cluster->xyz[i] - centre[i % 3]) * (cluster->xyz[i] - centre[i % 3]);
    return sum;
}

/* The table has nine decimals; the closest distances in it are 1.7320508 and 1.7320524 (hcp), so the nearest one is
 * meant. */
static void check_row(const row *want, const char *element)
{
    deepstruc_cluster *cluster = build(recipe_of(want->type, want->param), 1);
    const double tolerance = 1e-6;
    int pairs[N_DISTANCES] = {0}, others = 0;
    double last = 0, largest = 0;
    for (int k = 0; k < N_DISTANCES; k++)
        last = fmax(last, want->distance[k]);
    assert_int_equal(cluster->n_atoms, want->n_atoms);
    assert_string_equal(cluster->element, element);
    for (size_t i = 0; i < cluster->n_atoms; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = cluster->xyz + 3 * i, *b = cluster->xyz + 3 * j;
            double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2], square = x * x + y * y + z * z;
            largest = square > largest ? square : largest;
            if (square > (last + 1e-6) * (last + 1e-6))
                continue;
            int k = 0;
            for (int m = 1; m < N_DISTANCES; m++)
                k = fabs(sqrt(square) - want->distance[m]) < fabs(sqrt(square) - want->distance[k]) ? m : k;
            if (fabs(sqrt(square) - want->distance[k]) <= tolerance * want->distance[k])
                pairs[k]++;
            else
                others++;
        }
    for (int k = 0; k < N_DISTANCES; k++)
        if (pairs[k] != want->pairs[k] || others)
            fail_msg("%s: %d pairs at distance %g, wanted %d; %d at distances that are not listed", cluster->name,
                     pairs[k], want->distance[k], want->pairs[k], others);
    assert_close(sqrt(largest), want->dmax, tolerance * want->dmax);
    assert_close(radius2_sum(cluster), want->rg2_sum, tolerance * want->rg2_sum + 1e-12);
    deepstruc_cluster_destroy(cluster);
}

static void chosen_rows_of_the_reference(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "SC,1 1 1,7,1.0,6,1.414213562,12,2.0,3,,,,,,,,,,,6.0,2.0",
        "BCC,1 1 3,9,0.866025404,8,1.0,12,1.414213562,12,1.732050808,4,,,,,,,,,6.0,1.732050808",
        "Oct,3,19,1.0,60,1.414213562,18,1.732050808,48,2.0,18,2.236067977,24,2.828427125,3,,,,,24.0,2.828427125",
        "HCP,1 1 3,6,1.000002792,5,1.633,4,2.516621462,3,3.266,2,4.123122553,1,,,,,,,12.166764375,4.123122553",
        "Ico,2,13,1.0,12,1.051462224,30,1.701301617,30,2.0,6,,,,,,,,,12.0,2.0",
        "Dec,1 1 "
        "1,18,1.0,47,1.018073921,10,1.401258538,5,1.427050983,10,1.647278207,15,1.721489324,10,1.732050808,10,1."
        "927050983,30,"
        "21.817627458,2.665352128",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[512];
        snprintf(line, sizeof line, "%s", rows[i]);
        row want = parse_row(line);
        check_row(&want, "Au");
    }
}

static void every_row_of_the_reference(void **state)
{
    (void)state;
    need_shared();
    FILE *file = fopen(SHARED_DIR "/oracle/ase_counts.csv", "r");
    assert_non_null(file);
    char line[512];
    int n = 0;
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); n++) {
        row want = parse_row(line);
        check_row(&want, "Au");
    }
    fclose(file);
    assert_int_equal(n, 1041);
}

/* ---- against the coordinates ---------------------------------------------------------------------------------- */

/* The published coordinates have six significant digits: ours, printed so, must be the same text, atom by atom. */
static void check_coordinates(const char *type, const int param[3], double bond_length, FILE *file)
{
    deepstruc_cluster *cluster = build(recipe_of(type, param), bond_length);
    char want[3][32], ours[32];
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        assert_int_equal(fscanf(file, "%*s %31s %31s %31s", want[0], want[1], want[2]), 3);
        for (int k = 0; k < 3; k++) {
            snprintf(ours, sizeof ours, "%g", cluster->xyz[3 * i + (size_t)k]);
            if (strcmp(ours, want[k]) != 0)
                fail_msg("%s: atom %zu, %c: %s, wanted %s", cluster->name, i, "xyz"[k], ours, want[k]);
        }
    }
    deepstruc_cluster_destroy(cluster);
}

static void coordinates_are_the_published_ones(void **state)
{
    (void)state;
    need_shared();
    FILE *list = fopen(SHARED_DIR "/oracle/manifest.csv", "r");
    assert_non_null(list);
    char line[512], last[64] = "", path[256], type[8];
    int n = 0;
    while (fgets(line, sizeof line, list)) {
        char name[64];
        double bond_length;
        int param[3] = {0};
        if (sscanf(line, "%*[^,],%*[^,],xyz/%63[^,]", name) != 1 && sscanf(line, "%*[^,],,xyz/%63[^,]", name) != 1)
            continue;
        if (strcmp(name, last) == 0 ||
            sscanf(name, "%7[A-Zo-zace]_%d-%d-%d", type, &param[0], &param[1], &param[2]) < 2)
            continue;
        snprintf(last, sizeof last, "%s", name);
        if (strncmp(name, "rattled", 7) == 0)
            continue;
        snprintf(path, sizeof path, SHARED_DIR "/oracle/xyz/%s", name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_int_equal(fscanf(file, "%*d %*[^=]=%lf", &bond_length), 1);
        check_coordinates(type, param, bond_length, file);
        fclose(file);
        n++;
    }
    fclose(list);
    assert_int_equal(n, 27);
}

/* ---- what can be said by hand --------------------------------------------------------------------------------- */

static void counts_follow_their_closed_forms(void **state)
{
    (void)state;
    for (int n = 2; n <= 8; n++) {
        deepstruc_cluster *octahedron = build(deepstruc_recipe_octahedron(n, 0), 2.5);
        deepstruc_cluster *icosahedron = build(deepstruc_recipe_icosahedron(n), 2.5);
        assert_int_equal(octahedron->n_atoms, n * (2 * n * n + 1) / 3);
        assert_int_equal(icosahedron->n_atoms, (10 * n * n * n - 15 * n * n + 11 * n - 3) / 3);
        assert_close(deepstruc_cluster_mean_bond(octahedron), 2.5, 1e-12); /* rounding */
        assert_close(deepstruc_cluster_mean_bond(icosahedron), 2.5, 1e-12);
        deepstruc_cluster_destroy(octahedron);
        deepstruc_cluster_destroy(icosahedron);
    }
    deepstruc_cluster *truncated =
        build(deepstruc_recipe_octahedron(4, 1), 1); /* the octahedron of 44 less 6 corners */
    assert_int_equal(truncated->n_atoms, 38);
    assert_string_equal(truncated->shape, "truncated octahedron");
    assert_string_equal(truncated->name, "octahedron 4,1");
    deepstruc_cluster_destroy(truncated);
    deepstruc_cluster *cuboctahedron = build(deepstruc_recipe_octahedron(5, 2), 1);
    assert_int_equal(cuboctahedron->n_atoms, 55);
    assert_string_equal(cuboctahedron->shape, "cuboctahedron");
    deepstruc_cluster_destroy(cuboctahedron);
}

/* Over 20 faces of 3 triangles each, 3 bonds of length 1 down to the shell; the 54 + 60 atoms that Au144 is said to
 * have inside. */
static void anti_mackay_layers_rest_on_three_atoms(void **state)
{
    (void)state;
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(3);
    recipe.param[2] = recipe.param[3] = 1;
    deepstruc_cluster *cluster = build(recipe, 1);
    assert_int_equal(cluster->n_atoms, 54 + 60);
    assert_string_equal(cluster->shape, "hollow anti-Mackay icosahedron");
    assert_string_equal(cluster->name, "icosahedron 3,0,1,1");
    for (size_t i = 54; i < 114; i++) {
        int n_down = 0;
        for (size_t j = 0; j < 114; j++) {
            const double *a = cluster->xyz + 3 * i, *b = cluster->xyz + 3 * j;
            double distance = hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
            assert_true(i == j || distance > 1 - 1e-12); /* rounding */
            n_down += j < 54 && distance < 1 + 1e-12;
        }
        assert_int_equal(n_down, 3);
    }
    deepstruc_cluster_destroy(cluster);
    recipe.param[2] = 2, recipe.param[3] = 0;
    cluster = build(recipe, 1);
    assert_int_equal(cluster->n_atoms, 55 + 60 + 12);
    deepstruc_cluster_destroy(cluster);
}

/* A ball of radius 1 about an fcc site is the atom and its 12 neighbours; each number out of range is refused. */
static void carved_recipes_are_checked(void **state)
{
    (void)state;
    const carving ball = {.from = {.kind = PARENT_FCC}, .by = SCHEME_SPHERE, .stretch = 1, .limit = {1}, .reach = 1};
    deepstruc_recipe recipe = carving_recipe(&ball, DEEPSTRUC_TYPE_FCC);
    deepstruc_cluster *cluster = build(recipe, 2.5);
    deepstruc_diag diag;
    assert_int_equal(cluster->n_atoms, 13);
    assert_string_equal(cluster->shape, "sphere");
    deepstruc_cluster_destroy(cluster);
    const double bad[] = {NAN, INFINITY, -INFINITY, 1e9, -1e9};
    for (int k = 0; k < 11; k++)
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            deepstruc_recipe wrong = recipe;
            wrong.param[k] = bad[i];
            if (k == 8 || k == 9)
                continue; /* limits of families that a sphere has not */
            if (deepstruc_cluster_build(&cluster, &wrong, 1, "Au", &diag) != DEEPSTRUC_BAD_ARGUMENT)
                fail_msg("parameter %d = %g is taken", k, bad[i]);
        }
    deepstruc_recipe wrong = recipe;
    wrong.sequence[0] = 'A'; /* no layers in fcc */
    assert_int_equal(deepstruc_cluster_build(&cluster, &wrong, 1, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
    memset(wrong.sequence, 'A', sizeof wrong.sequence); /* not terminated */
    wrong.param[0] = PARENT_STACK;
    assert_int_equal(deepstruc_cluster_build(&cluster, &wrong, 1, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
    wrong = recipe;
    wrong.param[7] = -1; /* a ball of negative radius holds nothing */
    assert_int_equal(deepstruc_cluster_build(&cluster, &wrong, 1, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
}

static void layers_touch_and_say_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *sequence;
        deepstruc_type type;
    } cases[] = {
        {"ABCABC", DEEPSTRUC_TYPE_FCC}, {"ABABAB", DEEPSTRUC_TYPE_HCP},      {"ABCBA", DEEPSTRUC_TYPE_TWIN},
        {"ACB", DEEPSTRUC_TYPE_FCC},    {"ABCABA", DEEPSTRUC_TYPE_TWIN},     {"ABACAC", DEEPSTRUC_TYPE_STACKING},
        {"CBC", DEEPSTRUC_TYPE_HCP},    {"ABCBCB", DEEPSTRUC_TYPE_STACKING}, {"AB", DEEPSTRUC_TYPE_STACKING}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_cluster *cluster = build(deepstruc_recipe_layers(cases[i].sequence, 3, 4), 2);
        assert_int_equal(cluster->type, cases[i].type);
        assert_int_equal(cluster->n_atoms, 12 * strlen(cases[i].sequence));
        assert_close(deepstruc_cluster_mean_bond(cluster), 2, 1e-12); /* rounding: every atom touches another */
        assert_string_equal(cluster->shape, cases[i].sequence);
        deepstruc_cluster_destroy(cluster);
    }
}

static void what_cannot_be_built_is_refused(void **state)
{
    (void)state;
    const deepstruc_recipe bad[] = {
        deepstruc_recipe_sc(0, 1, 1),
        deepstruc_recipe_octahedron(4, 2),
        deepstruc_recipe_octahedron(1, 0),
        deepstruc_recipe_icosahedron(0),
        deepstruc_recipe_decahedron(1, 0, 0),
        deepstruc_recipe_layers("ABBA", 2, 2),
        deepstruc_recipe_layers("ABD", 2, 2),
        deepstruc_recipe_layers("", 2, 2),
        deepstruc_recipe_layers("ABABABABABABABABABABABABABABABABAB", 2, 2),
        deepstruc_recipe_hcp(-1, 2, 2),
        {.form = -1},
        {.form = 99},
        {.type = DEEPSTRUC_TYPE_FCC, .param = {1, NAN, 2}},
        {.type = DEEPSTRUC_TYPE_FCC, .param = {1, 1.5, 2}},
    };
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(deepstruc_cluster_build(&cluster, &bad[i], 2.5, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
    deepstruc_recipe good = deepstruc_recipe_fcc(2, 2, 2), large = deepstruc_recipe_sc(100, 100, 100);
    assert_int_equal(deepstruc_cluster_build(&cluster, &good, NAN, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_cluster_build(&cluster, &good, 0, "Au", &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_cluster_build(&cluster, &large, 1, "Au", &diag), DEEPSTRUC_TOO_LARGE);
    assert_null(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_rows_of_the_reference),           cmocka_unit_test(every_row_of_the_reference),
        cmocka_unit_test(coordinates_are_the_published_ones),     cmocka_unit_test(counts_follow_their_closed_forms),
        cmocka_unit_test(anti_mackay_layers_rest_on_three_atoms), cmocka_unit_test(carved_recipes_are_checked),
        cmocka_unit_test(layers_touch_and_say_what_they_are),     cmocka_unit_test(what_cannot_be_built_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
