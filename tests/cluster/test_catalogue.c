/* Fingerprints and catalogues. */
#include "support.h"

#include <omp.h>

#include <deepstruc/dataset.h>

#include "base/file.h"
#include "cluster/fingerprint.h"

/* Against every pair, about another origin: the formula over moments is exact up to rounding. */
static void fingerprints_are_moments_over_pairs(void **state)
{
    (void)state;
    enum { N = 40 };
    double xyz[3 * N], want[N_FINGERPRINT] = {0}, ours[N_FINGERPRINT];
    srand(2);
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = 5 + rand() % 1000 / 100.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++) {
            double square = 0;
            for (int k = 0; k < 3; k++)
                square += pow(xyz[3 * i + k] - xyz[3 * j + k], 2);
            for (int k = 0; k < N_FINGERPRINT; k++)
                want[k] += pow(square, k + 1) / (N * (N - 1) / 2);
        }
    fingerprint_of(xyz, N, ours);
    for (int k = 0; k < N_FINGERPRINT; k++)
        assert_close(ours[k] / pow(want[k], 0.5 / (k + 1)), 1, 1e-13); /* rounding of some hundred additions */
    fingerprint_of(xyz, 1, ours);
    assert_close(ours[0], 0, 0);
}

static void sets_know_what_they_hold(void **state)
{
    (void)state;
    shape_set set = {0};
    double fingerprint[N_FINGERPRINT] = {2.0 / 3, 1, 1, 1};
    for (int i = 0; i < 5000; i++) {
        fingerprint[0] = 1 + i * 3e-9; /* neighbours within one cell */
        assert_int_equal(shape_set_add(&set, 55, fingerprint), SHAPE_NEW);
    }
    for (int i = 0; i < 5000; i++) {
        fingerprint[0] =
            (1 + i * 3e-9) * (1 + (i % 2 ? 1 : -1) * 5e-10); /* within the tolerance, maybe across a cell's edge */
        assert_int_equal(shape_set_add(&set, 55, fingerprint), SHAPE_KNOWN);
    }
    assert_int_equal(shape_set_add(&set, 56, fingerprint), SHAPE_NEW);
    fingerprint[3] = 1 + 1e-8;
    assert_int_equal(shape_set_add(&set, 55, fingerprint), SHAPE_NEW);
    shape_set_clear(&set);
}

static void the_published_catalogue_has_its_197_shapes(void **state)
{
    (void)state;
    static const int want[DEEPSTRUC_N_TYPES] = {
        [DEEPSTRUC_TYPE_SC] = 19,       [DEEPSTRUC_TYPE_BCC] = 19,        [DEEPSTRUC_TYPE_FCC] = 8,
        [DEEPSTRUC_TYPE_HCP] = 106,     [DEEPSTRUC_TYPE_ICOSAHEDRON] = 3, [DEEPSTRUC_TYPE_DECAHEDRON] = 37,
        [DEEPSTRUC_TYPE_OCTAHEDRON] = 5};
    int count[DEEPSTRUC_N_TYPES] = {0};
    deepstruc_catalogue *catalogue;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&catalogue, &diag), diag);
    assert_int_equal(catalogue->n, 197);
    for (size_t i = 0; i < catalogue->n; i++) {
        const deepstruc_catalogue_entry *entry = &catalogue->entry[i];
        deepstruc_cluster *cluster;
        assert_ok(deepstruc_cluster_build(&cluster, &entry->recipe, 2.5, "Au", &diag), diag);
        assert_int_equal(cluster->n_atoms, entry->n_atoms);
        assert_true(entry->n_atoms >= 5 && entry->n_atoms <= 200);
        deepstruc_cluster_destroy(cluster);
        count[entry->recipe.type]++;
    }
    assert_memory_equal(count, want, sizeof want);
    deepstruc_catalogue_destroy(catalogue);
}

/* The published list by type, atom count and element; its names differ where floating point chose another of equal
 * shapes. */
static void the_published_structures_are_listed(void **state)
{
    (void)state;
    static const struct {
        const char *published;
        deepstruc_type type;
    } types[] = {{"SC", DEEPSTRUC_TYPE_SC},           {"BCC", DEEPSTRUC_TYPE_BCC},
                 {"FCC", DEEPSTRUC_TYPE_FCC},         {"HCP", DEEPSTRUC_TYPE_HCP},
                 {"Ico", DEEPSTRUC_TYPE_ICOSAHEDRON}, {"Dec", DEEPSTRUC_TYPE_DECAHEDRON},
                 {"Oct", DEEPSTRUC_TYPE_OCTAHEDRON}};
    deepstruc_structures *list;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_structures_of_protocol(&list, "nonsense", &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_ok(deepstruc_structures_of_protocol(&list, "paper", &diag), diag);
    assert_int_equal(list->n, 3743);
    for (size_t i = 1; i < list->n; i++)
        assert_string_not_equal(list->structure[i].name, list->structure[i - 1].name);
    FILE *file = fopen(SHARED_DIR "/oracle/unique_3743.csv", "r");
    char line[256], type[8], element[4];
    size_t n_atoms;
    for (bool head = true; file && fgets(line, sizeof line, file); head = false) {
        if (head)
            continue;
        assert_int_equal(sscanf(line, "%*[^,],%7[^,],%zu,%3s", type, &n_atoms, element), 3);
        bool found = false;
        for (size_t i = 0; i < list->n && !found; i++) {
            deepstruc_structure *one = &list->structure[i];
            found = one->n_atoms == n_atoms && one->bond_length == 2 * deepstruc_element_metallic_radius(element);
            for (size_t t = 0; found && t < sizeof types / sizeof *types; t++)
                if (strcmp(types[t].published, type) == 0)
                    found = one->recipe.type == types[t].type;
            if (found)
                one->n_atoms = 0; /* each answers for one line */
        }
        if (!found)
            fail_msg("not listed: %s", line);
    }
    if (file)
        fclose(file);
    deepstruc_structures_destroy(list);
}

/* ---- the rich catalogue --------------------------------------------------------------------------------------- */

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* All distances, sorted; the caller frees them. */
static double *distances(const deepstruc_cluster *cluster, size_t *n)
{
    double *d = malloc(cluster->n_atoms * cluster->n_atoms / 2 * sizeof *d);
    *n = 0;
    for (size_t i = 0; i < cluster->n_atoms; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = cluster->xyz + 3 * i, *b = cluster->xyz + 3 * j;
            d[(*n)++] = hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
        }
    qsort(d, *n, sizeof *d, rising);
    return d;
}

static bool equal_distances(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fabs(a[i] - b[i]) > 1e-6)
            return false;
    return true;
}

static deepstruc_catalogue *rich(size_t n_min, size_t n_max)
{
    deepstruc_catalogue *catalogue = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_rich(&catalogue, n_min, n_max, &diag), diag);
    return catalogue;
}

static void rich_entries_are_what_they_say(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue = rich(50, 100);
    int count[DEEPSTRUC_N_TYPES] = {0}, n_named = 0;
    assert_true(catalogue->n > 2000);
    for (size_t i = 0; i < catalogue->n; i++) {
        const deepstruc_catalogue_entry *entry = &catalogue->entry[i];
        deepstruc_cluster *cluster;
        deepstruc_diag diag;
        double fingerprint[N_FINGERPRINT];
        assert_ok(deepstruc_cluster_build(&cluster, &entry->recipe, 1, "Au", &diag), diag);
        assert_int_equal(cluster->n_atoms, entry->n_atoms);
        fingerprint_of(cluster->xyz, cluster->n_atoms, fingerprint);
        for (int k = 0; k < N_FINGERPRINT; k++)
            assert_close(entry->fingerprint[k] / fingerprint[k], 1, FINGERPRINT_TOLERANCE);
        assert_true(cluster->name[0] && strlen(cluster->name) + 1 < sizeof cluster->name);
        count[cluster->type]++;
        if (i % 7 == 0) { /* the classifier is the slow part */
            const char *family = deepstruc_type_family(deepstruc_cluster_classify(cluster));
            n_named += strcmp(family, deepstruc_type_family(cluster->type)) == 0;
        }
        deepstruc_cluster_destroy(cluster);
    }
    for (int type = 0; type < DEEPSTRUC_TYPE_UNKNOWN; type++)
        assert_true(count[type] > 0);
    assert_true(n_named > 0.97 * (double)catalogue->n / 7); /* 99 % when this was written */
    deepstruc_catalogue_destroy(catalogue);
}

/* Four moments are a digest: the whole multiset of distances must agree with it, both ways. */
static void rich_shapes_are_distinct(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue = rich(30, 45);
    double **all = calloc(catalogue->n, sizeof *all);
    for (size_t i = 0; i < catalogue->n; i++) {
        deepstruc_cluster *cluster;
        deepstruc_diag diag;
        size_t n;
        assert_ok(deepstruc_cluster_build(&cluster, &catalogue->entry[i].recipe, 1, "Au", &diag), diag);
        all[i] = distances(cluster, &n);
        for (size_t j = 0; j < i; j++)
            if (catalogue->entry[j].n_atoms == cluster->n_atoms && equal_distances(all[i], all[j], n))
                fail_msg("%s is there twice", cluster->name);
        deepstruc_cluster_destroy(cluster);
    }
    for (size_t i = 0; i < catalogue->n; i++)
        free(all[i]);
    free(all);
    deepstruc_catalogue_destroy(catalogue);
}

static bool holds(const deepstruc_catalogue *catalogue, deepstruc_recipe recipe)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    double fingerprint[N_FINGERPRINT];
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 1, "Au", &diag), diag);
    fingerprint_of(cluster->xyz, cluster->n_atoms, fingerprint);
    bool found = false;
    for (size_t i = 0; i < catalogue->n && !found; i++) {
        found = catalogue->entry[i].n_atoms == cluster->n_atoms;
        for (int k = 0; found && k < N_FINGERPRINT; k++)
            found = fabs(catalogue->entry[i].fingerprint[k] / fingerprint[k] - 1) < FINGERPRINT_TOLERANCE;
    }
    deepstruc_cluster_destroy(cluster);
    return found;
}

static void the_rich_catalogue_holds_the_known_shapes(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue = rich(5, 200), *published;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&published, &diag), diag);
    for (size_t i = 0; i < published->n; i++)
        assert_true(holds(catalogue, published->entry[i].recipe));
    assert_true(holds(catalogue, deepstruc_recipe_octahedron(4, 1)));      /* truncated, 38 atoms */
    assert_true(holds(catalogue, deepstruc_recipe_octahedron(7, 3)));      /* cuboctahedron, 147 */
    assert_true(holds(catalogue, deepstruc_recipe_decahedron(2, 2, 1)));   /* Marks, 75 */
    assert_true(holds(catalogue, deepstruc_recipe_layers("ABCBA", 5, 5))); /* twin */
    deepstruc_recipe bare = deepstruc_recipe_icosahedron(3);
    bare.param[1] = 4095;
    assert_true(holds(catalogue, bare)); /* 55 less 12 corners */
    deepstruc_catalogue_destroy(published);
    deepstruc_catalogue_destroy(catalogue);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    deepstruc_catalogue *one = rich(40, 60);
    omp_set_num_threads(5);
    deepstruc_catalogue *five = rich(40, 60);
    omp_set_num_threads(before);
    assert_int_equal(one->n, five->n);
    assert_memory_equal(one->entry, five->entry, one->n * sizeof *one->entry);
    deepstruc_catalogue_destroy(one);
    deepstruc_catalogue_destroy(five);
}

static void windows_are_kept_and_nonsense_is_refused(void **state)
{
    (void)state;
    deepstruc_catalogue *whole = rich(5, 60), *part = rich(40, 60), *none = NULL;
    deepstruc_diag diag;
    size_t n = 0;
    for (size_t i = 0; i < whole->n; i++)
        n += whole->entry[i].n_atoms >= 40;
    assert_int_equal(part->n, n); /* what is found does not depend on the window */
    deepstruc_catalogue_destroy(whole);
    deepstruc_catalogue_destroy(part);
    assert_int_equal(deepstruc_catalogue_rich(&none, 10, 5, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_catalogue_rich(&none, 1, 1000000, &diag), DEEPSTRUC_TOO_LARGE);
    assert_null(none);
}

/* ---- the file ------------------------------------------------------------------------------------------------- */

static size_t open_catalogue(const char *path, size_t n_max, bool expect_file)
{
    deepstruc_catalogue *catalogue, *fresh = rich(20, n_max);
    deepstruc_diag diag;
    bool from_file;
    assert_ok(deepstruc_catalogue_open(&catalogue, path, 20, n_max, &from_file, &diag), diag);
    assert_int_equal(from_file, expect_file);
    assert_int_equal(catalogue->n, fresh->n);
    assert_memory_equal(catalogue->entry, fresh->entry, fresh->n * sizeof *fresh->entry);
    size_t n = catalogue->n;
    deepstruc_catalogue_destroy(catalogue);
    deepstruc_catalogue_destroy(fresh);
    return n;
}

/* Every way a file can be wrong leads to a new one, which is then read. */
static void the_file_is_checked_and_rebuilt(void **state)
{
    (void)state;
    char dir[] = "/tmp/deepstruc-test-XXXXXX", path[64], *bytes;
    size_t size;
    deepstruc_diag diag;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/catalogue", dir);
    open_catalogue(path, 25, false);
    open_catalogue(path, 25, true);
    open_catalogue(path, 26, false); /* another window */
    open_catalogue(path, 26, true);
    assert_ok(file_read(&bytes, &size, path, 1 << 26, &diag), diag);
    const size_t damaged[] = {0, 20, 50, 70, size / 2, size - 1}; /* magic, sizes, probe, entries */
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        bytes[damaged[i]] ^= 1;
        assert_ok(file_write(path, bytes, size, true, &diag), diag);
        bytes[damaged[i]] ^= 1;
        open_catalogue(path, 26, false);
    }
    const size_t cut[] = {0, 10, 64, size - 1, size - sizeof(deepstruc_catalogue_entry)};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        assert_ok(file_write(path, bytes, cut[i], true, &diag), diag);
        open_catalogue(path, 26, false);
    }
    open_catalogue(path, 26, true);
    free(bytes);
    unlink(path);
    rmdir(dir);
    open_catalogue(path, 25, false); /* the folder is gone: nothing can be kept, and all goes well */
    open_catalogue(NULL, 25, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fingerprints_are_moments_over_pairs),
        cmocka_unit_test(sets_know_what_they_hold),
        cmocka_unit_test(the_published_catalogue_has_its_197_shapes),
        cmocka_unit_test(the_published_structures_are_listed),
        cmocka_unit_test(rich_entries_are_what_they_say),
        cmocka_unit_test(rich_shapes_are_distinct),
        cmocka_unit_test(the_rich_catalogue_holds_the_known_shapes),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(windows_are_kept_and_nonsense_is_refused),
        cmocka_unit_test(the_file_is_checked_and_rebuilt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
