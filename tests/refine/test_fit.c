/* The fit: parameters put in come out, it is the joint optimum, and it says what it cannot do. */
#include "refine_support.h"

/* Simulation and fit share the engine but not the grid: data on 0.01 Å to 22 Å, the fit on 0.1 Å to 20 Å. What is left
 * is resampling and the finer or coarser Q grid, far below 1 % of G. */
static void test_recovers_what_was_simulated(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = lattice_ball(true, 2.1, 0);
    deepstruc_pdf *pdf = simulated_pdf(cluster, plain, 0, 0, 0);
    bench b = bench_create(pdf, plain);
    deepstruc_fit fit;
    deepstruc_diag diag;
    const double units[] = {2.65, 2.77, 2.9}; /* within 7 % of the truth: the same optimum from each */
    for (size_t i = 0; i < 3; i++) {
        assert_ok(deepstruc_refine(b.refiner, cluster, units[i], &fit, NULL, &diag), diag);
        assert_true(fit.converged && !fit.at_bound);
        assert_close(fit.rw, 0, 0.02);
        assert_close(fit.expansion * units[i], plain.unit, 1e-3);
        assert_close(fit.bond_length, plain.unit, 1e-3); /* the bond length of the ball is 1 */
        assert_close(fit.biso, plain.biso, 0.02);
        assert_close(fit.scale, plain.scale, 0.01);
        assert_true(isnan(fit.rw_weighted));
        assert_true(fit.esd_scale > 0 && fit.esd_expansion > 0 && fit.esd_biso > 0);
    }
    bench_destroy(b);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

/* Rw over a brute-force grid of expansions and Biso, the scale solved at each. */
static double brute_force(const bench *b, const deepstruc_cluster *cluster, double unit)
{
    deepstruc_diag diag;
    deepstruc_scatter *scatter;
    const deepstruc_target *t = b->target;
    assert_ok(deepstruc_scatter_create(&scatter, t->engine, &diag), diag);
    assert_ok(deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, unit, &diag), diag);
    double *g = calloc(t->n, sizeof *g), best = INFINITY;
    for (double x = 0.93; x <= 1.07; x += 0.004)
        for (double biso = 0.05; biso <= 3; biso *= 1.3) {
            deepstruc_scatter_evaluate(scatter, x, biso, g, NULL, NULL);
            double yy = 0, yg = 0, gg = 0;
            for (size_t i = 0; i < t->n; i++) {
                yy += t->g[i] * t->g[i];
                yg += t->g[i] * g[i];
                gg += g[i] * g[i];
            }
            best = fmin(best, sqrt(1 - (yg > 0 ? yg * yg / (gg * yy) : 0)));
        }
    free(g);
    deepstruc_scatter_destroy(scatter);
    return best;
}

/* Wrong structures have many minima, the more the larger they are: the fit's is never above that of a brute-force grid.
 */
static void test_no_grid_point_is_better(void **state)
{
    (void)state;
    enum { N_WRONG = 5 };
    deepstruc_cluster *truth[] = {lattice_ball(true, 2.3, 0.2), lattice_ball(true, 4.2, 0.2)};
    deepstruc_cluster *wrong[N_WRONG] = {lattice_ball(true, 1.8, 0.4), lattice_ball(false, 2.2, 0), icosahedron13(),
                                         lattice_ball(false, 3.6, 0.3), lattice_ball(true, 4.0, 0.5)};
    deepstruc_diag diag;
    for (size_t i_truth = 0; i_truth < 2; i_truth++) {
        deepstruc_pdf *pdf = simulated_pdf(truth[i_truth], plain, 1, 5, 3);
        bench b = bench_create(pdf, plain);
        for (size_t i = 0; i < N_WRONG; i++)
            for (double unit = 2.6; unit < 3.1; unit += 0.4) {
                deepstruc_fit fit;
                assert_ok(deepstruc_refine(b.refiner, wrong[i], unit, &fit, NULL, &diag), diag);
                double grid = brute_force(&b, wrong[i], unit);
                if (!(fit.rw <= grid + 1e-6))
                    fail_msg("structure %zu at %g: the fit has Rw %.5f, a grid point %.5f", i, unit, fit.rw, grid);
            }
        bench_destroy(b);
        deepstruc_pdf_destroy(pdf);
    }
    for (size_t i = 0; i < N_WRONG; i++)
        deepstruc_cluster_destroy(wrong[i]);
    for (size_t i = 0; i < 2; i++)
        deepstruc_cluster_destroy(truth[i]);
}

static void test_curve_is_the_one_of_the_rw(void **state)
{
    (void)state;
    deepstruc_cluster *truth = lattice_ball(true, 2.1, 0), *other = lattice_ball(true, 2.3, 0.3);
    deepstruc_pdf *pdf = simulated_pdf(truth, plain, 0, 3, 1);
    bench b = bench_create(pdf, plain);
    double *curve = calloc(b.target->n, sizeof *curve), misfit = 0, total = 0;
    deepstruc_fit fit;
    deepstruc_diag diag;
    assert_ok(deepstruc_refine(b.refiner, other, 2.77, &fit, curve, &diag), diag);
    for (size_t i = 0; i < b.target->n; i++) {
        misfit += (b.target->g[i] - curve[i]) * (b.target->g[i] - curve[i]);
        total += b.target->g[i] * b.target->g[i];
    }
    assert_close(fit.rw, sqrt(misfit / total), 1e-12);
    free(curve);
    bench_destroy(b);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(truth);
    deepstruc_cluster_destroy(other);
}

/* Data that are spoilt beyond 10 Å and say so by their dG: the weights keep the parameters; without dG they are lost.
 */
static void test_weights(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = lattice_ball(true, 2.1, 0);
    deepstruc_pdf *clean = simulated_pdf(cluster, plain, 0, 0, 0), *pdf;
    double *dg = calloc(clean->n_points, sizeof *dg);
    assert_non_null(dg);
    for (size_t i = 0; i < clean->n_points; i++) {
        bool spoilt = clean->r[i] > 10;
        dg[i] = spoilt ? 1 : 0.001;
        clean->g[i] += spoilt ? 0.5 * sin(2.2 * clean->r[i]) : 0;
    }
    deepstruc_diag diag;
    deepstruc_fit fit, blind;
    assert_ok(deepstruc_pdf_create(&pdf, clean->r, clean->g, dg, clean->n_points, &diag), diag);
    bench with = bench_create(pdf, plain), without = bench_create(clean, plain);
    assert_true(with.target->weighted && !without.target->weighted);
    assert_close(with.target->weight[0], 1e6, 1);
    assert_close(with.target->weight[with.target->n - 1], 1, 1e-9);
    assert_ok(deepstruc_refine(with.refiner, cluster, plain.unit, &fit, NULL, &diag), diag);
    assert_ok(deepstruc_refine(without.refiner, cluster, plain.unit, &blind, NULL, &diag), diag);
    assert_close(fit.scale, plain.scale, 0.01);
    assert_close(fit.biso, plain.biso, 0.02);
    assert_true(fit.rw_weighted < 0.05 && fit.rw > 0.2 && isnan(blind.rw_weighted));
    assert_true(fabs(blind.scale - plain.scale) > 2 * fabs(fit.scale - plain.scale));
    bench_destroy(with);
    bench_destroy(without);
    free(dg);
    deepstruc_pdf_destroy(pdf);
    deepstruc_pdf_destroy(clean);
    deepstruc_cluster_destroy(cluster);
}

/* A Biso beyond the range ends at its bound, with no standard deviation; an anti-correlated curve gets scale 0, Rw 1.
 */
static void test_bounds(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = lattice_ball(true, 1.6, 0);
    simulation wide = plain;
    wide.biso = 6;
    deepstruc_pdf *pdf = simulated_pdf(cluster, wide, 0, 0, 0);
    bench b = bench_create(pdf, plain);
    deepstruc_fit fit;
    deepstruc_diag diag;
    assert_ok(deepstruc_refine(b.refiner, cluster, 2.77, &fit, NULL, &diag), diag);
    assert_true(fit.at_bound && fit.biso <= 3 && fit.biso > 2.98);
    assert_true(isnan(fit.esd_biso) && fit.esd_expansion > 0);
    bench_destroy(b);
    for (size_t i = 0; i < pdf->n_points; i++)
        pdf->g[i] = -sin(0.05 * pdf->r[i]);
    b = bench_create(pdf, plain);
    assert_ok(deepstruc_refine(b.refiner, cluster, 2.77, &fit, NULL, &diag), diag);
    assert_true(fit.rw <= 1 && fit.scale >= 0);
    bench_destroy(b);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

/* The right bond length among the first two proposals, for structures whose tallest peak is not the bond length. */
static void test_scan_finds_the_bond_length(void **state)
{
    (void)state;
    deepstruc_cluster *clusters[] = {lattice_ball(true, 1.8, 0), lattice_ball(false, 2, 0), icosahedron13()};
    for (size_t i = 0; i < 3; i++)
        for (double bond = 2.3; bond < 3.2; bond += 0.4) {
            simulation s = plain;
            s.unit = bond;
            deepstruc_pdf *pdf = simulated_pdf(clusters[i], s, 1, 5, i);
            bench b = bench_create(pdf, s);
            deepstruc_scan_point best[4];
            size_t n_found;
            deepstruc_diag diag;
            assert_ok(deepstruc_refine_scan(b.refiner, clusters[i], 2, 3.6, best, 4, &n_found, &diag), diag);
            assert_true(n_found >= 1 && n_found <= 4);
            for (size_t k = 1; k < n_found; k++)
                assert_true(best[k - 1].rw <= best[k].rw);
            assert_close(best[0].unit, bond, 0.02 * bond);
            deepstruc_fit fit;
            double unit;
            assert_ok(deepstruc_refine_wide(b.refiner, clusters[i], 2.2, 3.3, &unit, &fit, NULL, &diag), diag);
            assert_close(unit * fit.expansion, bond, 0.002 * bond);
            assert_close(unit, sqrt(2.2 * 3.3), 1e-12);
            assert_ok(deepstruc_refine_wide(b.refiner, clusters[i], 1.3, 5, &unit, &fit, NULL, &diag), diag);
            assert_close(unit * fit.expansion, bond, 0.002 * bond);
            bench_destroy(b);
            deepstruc_pdf_destroy(pdf);
        }
    for (size_t i = 0; i < 3; i++)
        deepstruc_cluster_destroy(clusters[i]);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = lattice_ball(true, 1.1, 0), *atom = lattice_ball(true, 0.1, 0);
    deepstruc_pdf *pdf = simulated_pdf(cluster, plain, 0, 0, 0);
    bench b = bench_create(pdf, plain);
    deepstruc_fit fit = {.rw = -1};
    deepstruc_diag diag;
    assert_int_equal(deepstruc_refine(b.refiner, atom, 2.7, &fit, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_refine(b.refiner, cluster, NAN, &fit, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_refine(b.refiner, cluster, 0, &fit, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_refine_wide(b.refiner, cluster, 2, 8.1, NULL, &fit, NULL, &diag),
                     DEEPSTRUC_BAD_ARGUMENT);
    assert_true(fit.rw == -1);
    deepstruc_target *target = NULL;
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.fit_rmin = 21;
    settings.fit_rmax = 21.5;
    assert_int_equal(deepstruc_target_create(&target, pdf, &settings, &diag), DEEPSTRUC_BAD_INPUT);
    settings.fit_rmax = 20;
    assert_int_equal(deepstruc_target_create(&target, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings = deepstruc_refine_settings_default();
    settings.qmin = 9;
    settings.qmax = 8;
    assert_int_equal(deepstruc_target_create(&target, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings = deepstruc_refine_settings_default();
    settings.biso_max = NAN;
    assert_int_equal(deepstruc_target_create(&target, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(target);
    bench_destroy(b);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    deepstruc_cluster_destroy(atom);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recovers_what_was_simulated),
        cmocka_unit_test(test_no_grid_point_is_better),
        cmocka_unit_test(test_curve_is_the_one_of_the_rw),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_weights),
        cmocka_unit_test(test_scan_finds_the_bond_length),
        cmocka_unit_test(test_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
