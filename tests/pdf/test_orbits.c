/* Orbits of ideal clusters, and that they give the same curve as all pairs. */
#include "support.h"

#include <deepstruc/pdf.h>

#include "pdf/engine_orbits.h"

static deepstruc_cluster *build(deepstruc_recipe recipe)
{
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.7, "Au", &diag), diag);
    return cluster;
}

static void find(engine_orbits *orbits, const deepstruc_cluster *cluster)
{
    size_t n = cluster->n_atoms;
    double *axes = calloc(3 * n, sizeof *axes);
    for (size_t i = 0; i < 3 * n; i++)
        axes[i % 3 * n + i / 3] = cluster->xyz[i];
    engine_orbits_init(orbits);
    assert_true(engine_orbits_reserve(orbits, n));
    engine_orbits_find(orbits, axes, axes + n, axes + 2 * n, n);
    free(axes);
}

static void check_sizes(deepstruc_recipe recipe, const int *sizes, size_t n)
{
    deepstruc_cluster *cluster = build(recipe);
    engine_orbits orbits;
    find(&orbits, cluster);
    int total = 0;
    for (size_t i = 0; i < orbits.n; i++)
        total += orbits.size[i];
    assert_int_equal(total, cluster->n_atoms);
    assert_int_equal(orbits.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(orbits.size[i], sizes[i]);
    engine_orbits_free(&orbits);
    deepstruc_cluster_destroy(cluster);
}

static void test_known_orbits(void **state)
{
    (void)state;
    /* icosahedron of 147: the centre; vertices of three shells; edges of two; faces of one */
    check_sizes(deepstruc_recipe_icosahedron(4), (const int[]){1, 12, 12, 12, 20, 30, 60}, 7);
    check_sizes(deepstruc_recipe_octahedron(2, 0), (const int[]){6}, 1);
    check_sizes(deepstruc_recipe_octahedron(3, 0), (const int[]){1, 6, 12}, 3);
    /* decahedron of 7: the axis' two ends and the ring around its middle */
    check_sizes(deepstruc_recipe_decahedron(2, 1, 0), (const int[]){2, 5}, 2);
}

/* One atom moved by 1e-6 Å: no symmetry carries it to an atom any more. */
static void test_moved_atom(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = build(deepstruc_recipe_icosahedron(3));
    cluster->xyz[10] += 1e-6;
    engine_orbits orbits;
    find(&orbits, cluster);
    assert_true(orbits.n > cluster->n_atoms / 3);
    engine_orbits_free(&orbits);
    deepstruc_cluster_destroy(cluster);
}

/* Two atoms in one place and one in the opposite: an inversion that is none. */
static void test_shared_place(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    assert_ok(deepstruc_cluster_create(&cluster, 4, &diag), diag);
    const double xyz[12] = {1, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 3e-9};
    memcpy(cluster->xyz, xyz, sizeof xyz);
    engine_orbits orbits;
    find(&orbits, cluster);
    for (size_t i = 0; i < orbits.n; i++)
        assert_in_range(orbits.size[i], 1, 2);
    engine_orbits_free(&orbits);
    deepstruc_cluster_destroy(cluster);
}

/* G by the engine against exact mode, ideal (orbits) and with every atom moved (all pairs, several collections). */
static void test_same_curve(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.1;
    settings.biso = 0.2;
    deepstruc_engine *engine = NULL;
    deepstruc_scatter *scatter = NULL;
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    const deepstruc_recipe recipes[] = {deepstruc_recipe_icosahedron(6),
                                        deepstruc_recipe_decahedron(4, 2, 1),
                                        deepstruc_recipe_octahedron(9, 2),
                                        deepstruc_recipe_hcp(5, 6, 4),
                                        deepstruc_recipe_fcc(5, 7, 6),
                                        deepstruc_recipe_bcc(5, 6, 6),
                                        deepstruc_recipe_layers("ABCBABC", 6, 6),
                                        deepstruc_recipe_sc(4, 5, 6)};
    double g[300];
    srand(4);
    for (size_t k = 0; k < sizeof recipes / sizeof *recipes; k++) {
        deepstruc_cluster *cluster = build(recipes[k]);
        for (int moved = 0; moved < 2; moved++) {
            for (size_t i = 0; moved && i < 3 * cluster->n_atoms; i++)
                cluster->xyz[i] += 0.2 * rand() / RAND_MAX;
            deepstruc_pdf *pdf = NULL;
            assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
            assert_ok(deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, 1, &diag), diag);
            deepstruc_scatter_evaluate(scatter, 1, settings.biso, g, NULL, NULL);
            double top = 0, worst = 0;
            for (size_t i = 0; i < pdf->n_points; i++) {
                top = fmax(top, fabs(pdf->g[i]));
                worst = fmax(worst, fabs(pdf->g[i] - g[i]));
            }
            if (!(worst <= 2e-8 * top)) /* exact mode promises 1e-6; measured: below 3e-9 */
                fail_msg("%s%s: off by %g of max|G|", cluster->name, moved ? ", moved" : "", worst / top);
            deepstruc_pdf_destroy(pdf);
        }
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_orbits), cmocka_unit_test(test_moved_atom),
                                       cmocka_unit_test(test_shared_place), cmocka_unit_test(test_same_curve)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
