/* Clusters from files and back; elements; mean bond. */
#include "support.h"

#include <deepstruc/cluster.h>

#include "base/file.h"

static deepstruc_cluster *parse(const char *text)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_parse_xyz(&cluster, text, strlen(text), "t.xyz", &diag), diag);
    return cluster;
}

/* Every dialect of one triangle with sides 2.5, 2.5 and 2.5 sqrt(2). */
static void dialects_mean_the_same_atoms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "3\n\nAu 0 0 0\nAu 2.5 0 0\nAu 0 2.5 0\n",
        "3\r\ncomment\r\nAU\t0 0 0\r\nau1  2.5D0 0 0 \r\n79 0 0.25e1 0", /* CRLF, tabs, Fortran, labels, numbers, no
                                                                            last newline */
        "\xEF\xBB\xBF 3 \n\nAu 0 0 0 9 9\nAu 2.5 0 0\nAu 0 2.5 0\nAu is in the next frame\n",
        "3\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=id:I:1:pos:R:3:species:S:1 pbc=\"F F F\"\n1 0 0 0 Au\n2 2.5 0 0 "
        "Au\n3 0 2.5 0 Au\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        deepstruc_cluster *cluster = parse(texts[i]);
        assert_int_equal(cluster->n_atoms, 3);
        assert_string_equal(cluster->element, "Au");
        assert_close(cluster->xyz[3], 2.5, 0);
        assert_close(cluster->xyz[7], 2.5, 0);
        assert_close(cluster->bond_length, 2.5, 1e-15); /* rounding of a mean of three */
        deepstruc_cluster_destroy(cluster);
    }
}

static void bad_files_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        deepstruc_status status;
        long line;
    } cases[] = {
        {"", "is empty", DEEPSTRUC_BAD_INPUT, 0},
        {"[DEFAULT]\n0 1\n", "is it an XYZ file", DEEPSTRUC_BAD_INPUT, 1},
        {"0 0\n0.1 0\n", "is it an XYZ file", DEEPSTRUC_BAD_INPUT, 1},
        {"-1\n\n", "at least one", DEEPSTRUC_BAD_INPUT, 1},
        {"200001\n\n", "at most", DEEPSTRUC_TOO_LARGE, 1},
        {"1000\n\nAu 0 0 0\n", "cut off", DEEPSTRUC_BAD_INPUT, 1},
        {"3\n\nAu 0 0 0\nAu 0 0 2\n", "ends after 2 of 3", DEEPSTRUC_BAD_INPUT, 4},
        {"2\n\nAu 0 0 0\nAu 0 nan 2\n", "coordinate y", DEEPSTRUC_BAD_INPUT, 4},
        {"2\n\nAu 0 0 0\nAu 0 0 1e6\n", "coordinate z", DEEPSTRUC_BAD_INPUT, 4},
        {"2\n\nAu 0 0 0\nAu 0 0\n  \n", "coordinate z", DEEPSTRUC_BAD_INPUT, 4},
        {"2\n\nAu 0 0 0\nQq 0 0 2\n", "'Qq' is no element", DEEPSTRUC_BAD_INPUT, 4},
        {"2\n\nAu 0 0 0\nS 0 0 2\n\n", "holds Au and S", DEEPSTRUC_BAD_INPUT, 4},
        {"3\n\nAu 0 0 0\nAu 0 3 0\nAu 0 3 0.05\n", "atoms 2 and 3", DEEPSTRUC_BAD_INPUT, 4},
        {"2\nProperties=pos:R:3\n0 0 0\n 0 0 2\n", "species", DEEPSTRUC_BAD_INPUT, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_cluster *cluster = NULL;
        deepstruc_diag diag;
        assert_int_equal(deepstruc_cluster_parse_xyz(&cluster, cases[i].text, strlen(cases[i].text), "t.xyz", &diag),
                         cases[i].status);
        if (!strstr(diag.message, cases[i].message) || diag.line != cases[i].line)
            fail_msg("case %zu: line %ld: %s", i, diag.line, diag.message);
        assert_string_equal(diag.file, "t.xyz");
        assert_null(cluster);
    }
}

static void xyz_round_trips(void **state)
{
    (void)state;
    char dir[] = "/tmp/deepstruc-test-XXXXXX", path[64], *text;
    size_t size;
    deepstruc_diag diag;
    deepstruc_cluster *cluster = parse("2\n\nPt 0.123456784 -1.5 0\nPt 0 1 2\n"), *back = NULL;
    cluster->type = DEEPSTRUC_TYPE_DECAHEDRON;
    strcpy(cluster->shape, "Marks decahedron");
    strcpy(cluster->name, "decahedron 5,1,0");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a.xyz", dir);
    assert_ok(deepstruc_cluster_write_xyz(cluster, path, "rw=0.21", false, &diag), diag);
    assert_int_equal(deepstruc_cluster_write_xyz(cluster, path, NULL, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(file_read(&text, &size, path, 4096, &diag), diag);
    assert_non_null(strstr(text, "2\nProperties=species:S:1:pos:R:3 "));
    assert_non_null(strstr(text, " rw=0.21\n"));
    free(text);
    assert_ok(deepstruc_cluster_read_xyz(&back, path, &diag), diag);
    assert_int_equal(back->type, DEEPSTRUC_TYPE_DECAHEDRON);
    assert_string_equal(back->shape, "Marks decahedron");
    assert_string_equal(back->name, "decahedron 5,1,0");
    assert_string_equal(back->element, "Pt");
    for (int k = 0; k < 6; k++)
        assert_close(back->xyz[k], cluster->xyz[k], 5.1e-9); /* eight decimals are written */
    deepstruc_cluster_destroy(back);
    deepstruc_cluster_destroy(cluster);
    unlink(path);
    rmdir(dir);
}

static void elements_are_those_of_the_table(void **state)
{
    (void)state;
    assert_true(deepstruc_element_known("Au") && deepstruc_element_known("H") && deepstruc_element_known("Og"));
    assert_false(deepstruc_element_known("X") || deepstruc_element_known("") || deepstruc_element_known("au"));
    assert_true(deepstruc_element_is_metal("Pt") && deepstruc_element_is_metal("Na") &&
                deepstruc_element_is_metal("W"));
    assert_false(deepstruc_element_is_metal("S") || deepstruc_element_is_metal("Si") ||
                 deepstruc_element_is_metal("X"));
    assert_close(deepstruc_element_metallic_radius("Au"), 1.34, 0);
    assert_close(deepstruc_element_metallic_radius("Y"), 1.62, 0);
    assert_true(isnan(deepstruc_element_metallic_radius("S")));
}

static void radii_agree_with_their_source(void **state)
{
    (void)state;
    need_shared();
    FILE *file = fopen(SHARED_DIR "/oracle/metallic_radii.csv", "r");
    assert_non_null(file);
    char line[256], symbol[8];
    int z, n = 0;
    double pm;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        assert_int_equal(sscanf(line, "%7[^,],%d,%lf", symbol, &z, &pm), 3);
        assert_close(deepstruc_element_metallic_radius(symbol), pm / 100, 1e-15); /* one rounding */
        n++;
    }
    fclose(file);
    assert_int_equal(n, 29);
}

/* Against every pair, on random atoms: neither way of looking for neighbours may leave one out. */
static void check_mean_bond(size_t n)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_create(&cluster, n, &diag), diag);
    srand(1);
    for (size_t i = 0; i < 3 * n; i++)
        cluster->xyz[i] = rand() % 1000 / 50.0; /* a coarse grid, so that coordinates coincide */
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double nearest = INFINITY;
        for (size_t j = 0; j < n; j++) {
            const double *a = cluster->xyz + 3 * i, *b = cluster->xyz + 3 * j;
            if (i != j)
                nearest = fmin(nearest, hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]));
        }
        sum += nearest;
    }
    assert_close(deepstruc_cluster_mean_bond(cluster), sum / (double)n, 1e-12); /* rounding of n additions */
    cluster->n_atoms = 1;
    assert_close(deepstruc_cluster_mean_bond(cluster), 0, 0);
    deepstruc_cluster_destroy(cluster);
}

static void mean_bond_agrees_with_every_pair(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    check_mean_bond(300);
    check_mean_bond(1100);
    assert_int_equal(deepstruc_cluster_create(&cluster, DEEPSTRUC_MAX_ATOMS + 1, &diag), DEEPSTRUC_TOO_LARGE);
}

static void types_have_names_and_families(void **state)
{
    (void)state;
    for (int type = 0; type < DEEPSTRUC_N_TYPES; type++)
        assert_int_equal(deepstruc_type_from_name(deepstruc_type_name((deepstruc_type)type)), type);
    assert_int_equal(deepstruc_type_from_name("Fcc"), DEEPSTRUC_TYPE_UNKNOWN);
    assert_string_equal(deepstruc_type_family(DEEPSTRUC_TYPE_OCTAHEDRON), "fcc");
    assert_string_equal(deepstruc_type_family(DEEPSTRUC_TYPE_TWIN), "twin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_mean_the_same_atoms),
        cmocka_unit_test(bad_files_are_named_with_their_line),
        cmocka_unit_test(xyz_round_trips),
        cmocka_unit_test(elements_are_those_of_the_table),
        cmocka_unit_test(radii_agree_with_their_source),
        cmocka_unit_test(mean_bond_agrees_with_every_pair),
        cmocka_unit_test(types_have_names_and_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
