/* Assignment against all permutations, superposition and strict error on structures whose answer is known. */
#include "support.h"

#include <deepstruc/cluster.h>

#include "base/random.h"
#include "study/measures.h"

static double best_by_permutation(const double *cost, size_t n, size_t m, size_t row, unsigned used)
{
    if (row == n)
        return 0;
    double best = INFINITY;
    for (size_t j = 0; j < m; j++)
        if (!(used >> j & 1))
            best = fmin(best, cost[row * m + j] + best_by_permutation(cost, n, m, row + 1, used | 1u << j));
    return best;
}

static void assignment_is_optimal(void **state)
{
    (void)state;
    random_stream random;
    random_seed(&random, 1, 0);
    for (int trial = 0; trial < 200; trial++) {
        size_t n = 1 + random_below(&random, 5), m = n + random_below(&random, 3), column[8];
        double cost[64], sum = 0;
        unsigned used = 0;
        for (size_t i = 0; i < n * m; i++)
            cost[i] = (double)random_below(&random, 6); /* small integers: many ties */
        deepstruc_diag diag;
        assert_ok(measure_assign(cost, n, m, column, &diag), diag);
        for (size_t i = 0; i < n; i++) {
            assert_false(used >> column[i] & 1);
            used |= 1u << column[i];
            sum += cost[i * m + column[i]];
        }
        assert_close(sum, best_by_permutation(cost, n, m, 0, 0), 1e-12); /* sums of small integers */
    }
}

static void more_rows_than_columns_are_refused(void **state)
{
    (void)state;
    double cost[2] = {1, 2};
    size_t column[2];
    deepstruc_diag diag;
    assert_int_equal(measure_assign(cost, 2, 1, column, &diag), DEEPSTRUC_BAD_ARGUMENT);
}

/* A cluster turned about a generic axis, shifted, mirrored on demand, its atoms in reverse order. */
static void disguise(const deepstruc_cluster *from, double *to, bool mirror)
{
    double a = 0.7, b = 1.9, c = 0.3;
    for (size_t i = 0; i < from->n_atoms; i++) {
        double x = from->xyz[3 * i] * (mirror ? -1 : 1), y = from->xyz[3 * i + 1], z = from->xyz[3 * i + 2], t;
        t = cos(a) * x - sin(a) * y, y = sin(a) * x + cos(a) * y, x = t;
        t = cos(b) * y - sin(b) * z, z = sin(b) * y + cos(b) * z, y = t;
        t = cos(c) * x - sin(c) * z, z = sin(c) * x + cos(c) * z, x = t;
        double *r = to + 3 * (from->n_atoms - 1 - i);
        r[0] = x + 3, r[1] = y - 5, r[2] = z + 11;
    }
}

static void disguised_clusters_are_recognised(void **state)
{
    (void)state;
    const deepstruc_recipe recipes[] = {deepstruc_recipe_fcc(3, 6, 7),          deepstruc_recipe_hcp(2, 3, 5),
                                        deepstruc_recipe_decahedron(2, 2, 1),   deepstruc_recipe_icosahedron(3),
                                        deepstruc_recipe_layers("ABCBA", 3, 4), deepstruc_recipe_sc(2, 3, 4),
                                        deepstruc_recipe_hcp(1, 1, 5)};
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++)
        for (int mirror = 0; mirror < 2; mirror++) {
            deepstruc_cluster *cluster;
            deepstruc_diag diag;
            double found[3000];
            measure_errors error;
            assert_ok(deepstruc_cluster_build(&cluster, &recipes[i], 2.7, "X", &diag), diag);
            disguise(cluster, found, mirror);
            assert_ok(measure_compare(cluster->xyz, cluster->n_atoms, found, cluster->n_atoms, 2.7, &error, &diag),
                      diag);
            assert_close(error.strict, 0, 1e-6); /* rounding of rotations */
            deepstruc_cluster_destroy(cluster);
        }
}

static void known_errors(void **state)
{
    (void)state;
    deepstruc_recipe recipe = deepstruc_recipe_fcc(3, 6, 7);
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    double found[3000];
    measure_errors error;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.7, "X", &diag), diag);
    size_t n = cluster->n_atoms;
    disguise(cluster, found, true);
    /* Two atoms missing: two bond lengths over n. */
    assert_ok(measure_compare(cluster->xyz, n, found, n - 2, 2.7, &error, &diag), diag);
    assert_close(error.strict, 2 * 2.7 / (double)n, 1e-3); /* the centroid's shift is taken out by the superposition */
    /* Two atoms too many, the same. */
    assert_ok(measure_compare(found, n - 2, cluster->xyz, n, 2.7, &error, &diag), diag);
    assert_close(error.strict, 2 * 2.7 / (double)n, 1e-3);
    /* Expanded by 1 %: 1 % of the mean distance from the centre. */
    double mean = 0, centre[3] = {0};
    for (size_t i = 0; i < 3 * n; i++)
        centre[i % 3] += cluster->xyz[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        double d[3];
        for (size_t c = 0; c < 3; c++)
            d[c] = cluster->xyz[3 * i + c] - centre[c];
        mean += sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) / (double)n;
    }
    for (size_t i = 0; i < 3 * n; i++)
        found[i] *= 1.01;
    assert_ok(measure_compare(cluster->xyz, n, found, n, 2.7, &error, &diag), diag);
    assert_close(error.strict, 0.01 * mean, 1e-3);
    /* Nothing found: one bond length. */
    assert_ok(measure_compare(cluster->xyz, n, found, 0, 2.7, &error, &diag), diag);
    assert_close(error.strict, 2.7, 0);
    deepstruc_cluster_destroy(cluster);
}

static void spreads(void **state)
{
    (void)state;
    double x[] = {4, 1, 2, 5};
    measure_spread s = measure_spread_of(x, 4);
    assert_close(s.mean, 3, 1e-15);
    assert_close(s.median, 3, 1e-15);
    assert_close(s.std, sqrt(2.5), 1e-15);
    assert_true(isnan(measure_spread_of(x, 0).mean));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignment_is_optimal),
        cmocka_unit_test(more_rows_than_columns_are_refused),
        cmocka_unit_test(disguised_clusters_are_recognised),
        cmocka_unit_test(known_errors),
        cmocka_unit_test(spreads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
