/* Fingerprints and catalogues. */
#include "support.h"

#include <deepstruc/dataset.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fingerprints_are_moments_over_pairs),
        cmocka_unit_test(sets_know_what_they_hold),
        cmocka_unit_test(the_published_catalogue_has_its_197_shapes),
        cmocka_unit_test(the_published_structures_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
