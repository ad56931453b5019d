/* Sequences of close-packed layers: how many there are, and reading them off atoms. */
#include "support.h"

#include "cluster/sequence.h"
#include "study/stacking.h"

/* Words of n bits up to reversal: (2^n + 2^ceil(n/2)) / 2. */
static void sequences_are_counted(void **state)
{
    (void)state;
    for (int n = 3; n <= 10; n++) {
        int k = 0, bits = n - 2;
        char letters[SEQUENCE_TEXT];
        while (sequence_spell(n, k, letters)) {
            assert_int_equal(strlen(letters), n);
            k++;
        }
        assert_int_equal(k, ((1 << bits) + (1 << (bits + 1) / 2)) / 2);
    }
    assert_close(sequence_hexagonality("ABCABC"), 0, 0);
    assert_close(sequence_hexagonality("ABABA"), 1, 0);
    assert_close(sequence_hexagonality("ABCBC"), 2.0 / 3, 1e-15);
}

static deepstruc_cluster *layers(const char *letters)
{
    deepstruc_recipe recipe = deepstruc_recipe_layers(letters, 4, 4);
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Pt", &diag), diag);
    return cluster;
}

static void a_cluster_has_its_own_sequence_only(void **state)
{
    (void)state;
    static const char *const words[] = {"ABCAB", "ABCBC", "ABCAC", "ABABC", "ABABA", "ABCBA"};
    /* ABCBC is (inner layers) straight, inverted, inverted: ABABC reversed. ABCAC: straight, straight, inverted. */
    for (int i = 0; i < 6; i++) {
        deepstruc_cluster *cluster = layers(words[i]);
        for (int k = 0; k < 6; k++) {
            bool same = i == k || (i == 1 && k == 3) || (i == 3 && k == 1);
            assert_int_equal(sequence_is_of(cluster, words[k]), same);
        }
        assert_false(sequence_is_of(cluster, "ABCABC"));
        /* Turned by 40 degrees about x and moved, it is still itself. */
        for (size_t a = 0; a < cluster->n_atoms; a++) {
            double *x = cluster->xyz + 3 * a, y = x[1], z = x[2];
            x[1] = cos(0.7) * y - sin(0.7) * z + 3;
            x[2] = sin(0.7) * y + cos(0.7) * z;
        }
        assert_true(sequence_is_of(cluster, words[i]));
        deepstruc_cluster_destroy(cluster);
    }
}

static void held_out_sequences_are_not_known(void **state)
{
    (void)state;
    study_list list;
    deepstruc_diag diag;
    assert_ok(study_stacking_list(&list, &diag), diag);
    assert_true(list.n_test > 50 && list.n_known > 3 * list.n_test);
    for (size_t i = 0; i < list.n_test; i++) {
        const deepstruc_structure *test = &list.all->structure[list.test[i]];
        assert_in_range(test->n_atoms, 20, 200);
        for (size_t k = 0; k < list.n_known; k++)
            assert_string_not_equal(test->recipe.sequence, list.all->structure[list.known[k]].recipe.sequence);
    }
    const deepstruc_structure *first = &list.all->structure[list.test[0]];
    deepstruc_cluster *cluster;
    assert_ok(deepstruc_cluster_build(&cluster, &first->recipe, 2.8, "Pt", &diag), diag);
    assert_int_equal(cluster->n_atoms, first->n_atoms);
    assert_true(sequence_is_of(cluster, first->recipe.sequence));
    deepstruc_cluster_destroy(cluster);
    study_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_counted),
        cmocka_unit_test(a_cluster_has_its_own_sequence_only),
        cmocka_unit_test(held_out_sequences_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
