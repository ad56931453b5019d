/* The engine against the plain double sum over pairs and Q, and its derivatives against differences. */
#include "support.h"

#include <deepstruc/pdf.h>

#include "pdf/engine_plan.h"

/* Exact mode written out: every pair, every Q, every r. F is returned on the grid of section 4 of docs/theory-pdf.md.
 */
static void direct(const deepstruc_pdf_settings *s, const double *xyz, size_t n, double expansion, double biso,
                   double *g)
{
    long first;
    size_t n_points = deepstruc_pdf_grid(s, &first);
    double widest = 2 * sqrt(2 * M_LN2) * sqrt(s->biso / (4 * M_PI * M_PI));
    double beyond = fmin(10, 12 * M_PI / s->qmax + widest * sqrt(-log(3.33e-6) / (4 * M_LN2)));
    double r_high = ceil((s->rmax + beyond) / s->rstep) * s->rstep;
    double dq = M_PI / r_high;
    size_t n_q = (size_t)ceil(s->qmax / dq), k_min = (size_t)ceil(s->qmin / dq);
    double *d = calloc(n * n + 1, sizeof *d);
    size_t n_pairs = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            double x = xyz[3 * a] - xyz[3 * b], y = xyz[3 * a + 1] - xyz[3 * b + 1],
                   z = xyz[3 * a + 2] - xyz[3 * b + 2];
            d[n_pairs] = sqrt(x * x + y * y + z * z);
            n_pairs += d[n_pairs] > 0 && d[n_pairs] <= r_high;
        }
    for (size_t i = 0; i < n_points; i++)
        g[i] = 0;
    for (size_t k = k_min; k < n_q; k++) {
        double q = (double)k * dq, f = 0;
        for (size_t p = 0; p < n_pairs; p++)
            f += 2.0 / (double)n * sin(q * d[p] * expansion) / (d[p] * expansion);
        f *= exp(-biso * q * q / (8 * M_PI * M_PI));
        double low = k == k_min ? s->qmin / dq : (double)k - 0.5, high = k + 1 == n_q ? s->qmax / dq : (double)k + 0.5;
        f *= high - low; /* the end cells are cut at qmin and qmax */
        for (size_t i = 0; i < n_points; i++)
            g[i] += 2 / M_PI * dq * f * sin(q * (double)(first + (long)i) * s->rstep);
    }
    for (size_t i = 0; i < n_points; i++)
        g[i] *= exp(-pow(s->qdamp * (double)(first + (long)i) * s->rstep, 2) / 2);
    free(d);
}

static double largest(const double *g, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(g[i]));
    return most;
}

static void random_atoms(double *xyz, size_t n, double side, uint64_t seed)
{
    for (size_t i = 0; i < 3 * n; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        xyz[i] = side * (double)(seed >> 11) / 9007199254740992.0;
    }
}

/* One engine for each set of kernels. */
enum { MOST_SETS = 4 };
typedef struct {
    deepstruc_engine *engine[MOST_SETS];
    deepstruc_pdf_settings settings;
} engines;

static engines make_engines(deepstruc_pdf_settings settings)
{
    deepstruc_diag diag = {0};
    engines made = {.settings = settings};
    for (size_t v = 0; kernels_nth(v); v++)
        assert_ok(engine_create_with(&made.engine[v], &settings, kernels_nth(v), &diag), diag);
    return made;
}

static void destroy_engines(engines *made)
{
    for (size_t v = 0; v < MOST_SETS; v++)
        deepstruc_engine_destroy(made->engine[v]);
}

static void compare(const engines *made, const double *xyz, size_t n, double unit, double expansion, double biso)
{
    deepstruc_diag diag = {0};
    size_t n_points = deepstruc_pdf_grid(&made->settings, NULL);
    double *g = calloc(2 * n_points, sizeof *g), *wanted = g + n_points, *scaled = calloc(3 * n + 1, sizeof *scaled);
    for (size_t i = 0; i < 3 * n; i++)
        scaled[i] = unit * xyz[i];
    direct(&made->settings, scaled, n, expansion, biso, wanted);
    double top = largest(wanted, n_points);
    for (size_t v = 0; made->engine[v]; v++) {
        deepstruc_scatter *scatter = NULL;
        assert_int_equal(deepstruc_engine_n_points(made->engine[v]), n_points);
        assert_ok(deepstruc_scatter_create(&scatter, made->engine[v], &diag), diag);
        assert_ok(deepstruc_scatter_load(scatter, xyz, n, unit, &diag), diag);
        deepstruc_scatter_evaluate(scatter, expansion, biso, g, NULL, NULL);
        for (size_t i = 0; i < n_points; i++) /* exact mode promises 1e-6; measured: below 3e-8 */
            assert_close(g[i], wanted[i], 1e-7 * top);
        deepstruc_scatter_destroy(scatter);
    }
    free(g);
    free(scaled);
}

static void test_two_atoms(void **state)
{
    (void)state;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.02;
    engines made = make_engines(settings);
    const double d[] = {2.7, 2.71, 2.72, 2.73, 29.95, 0.3, 0.2, 0.01}; /* anywhere in a cell, at the end, too close */
    for (size_t i = 0; i < sizeof d / sizeof *d; i++)
        compare(&made, (double[]){1, 1, 1, 1, 1, 1 + d[i]}, 2, 1, 1, 0);
    compare(&made, (double[]){1, 1, 1, 1, 1, 1}, 2, 1, 1, 0.3); /* in one place: no pair */
    destroy_engines(&made);
}

static void test_random_atoms(void **state)
{
    (void)state;
    double xyz[3 * 70];
    deepstruc_pdf_settings coarse = deepstruc_pdf_settings_default(), fit = coarse, odd = coarse;
    coarse.rstep = 0.1;
    fit.rmin = 1.5, fit.rmax = 20, fit.qmin = 1.33, fit.qmax = 28, fit.qdamp = 0.03, fit.rstep = 0.04;
    odd.rmin = 0.31, odd.rmax = 9, odd.qmin = 0, odd.qmax = 17, odd.rstep = 0.013, odd.biso = 2;
    engines made[] = {make_engines(coarse), make_engines(fit), make_engines(odd)};
    for (size_t n = 0; n <= 70; n += n < 3 ? 1 : 17) {
        random_atoms(xyz, n, 4.5, n + 1);
        compare(&made[0], xyz, n, 2.5, 1, 0.3);
        compare(&made[n % 3], xyz, n, 2.5, 0.8, 0.05);
        compare(&made[(n + 1) % 3], xyz, n, 2.5, 1.25, 1.5);
    }
    for (size_t i = 0; i < 3; i++)
        destroy_engines(&made[i]);
}

static void test_derivatives(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.05;
    deepstruc_engine *engine = NULL;
    deepstruc_scatter *scatter = NULL;
    double xyz[60];
    random_atoms(xyz, 20, 8, 5);
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    assert_ok(deepstruc_scatter_load(scatter, xyz, 20, 1, &diag), diag);
    size_t n = deepstruc_engine_n_points(engine);
    double *g = calloc(5 * n, sizeof *g), *de = g + n, *db = g + 2 * n, *up = g + 3 * n, *down = g + 4 * n, step = 1e-5;
    deepstruc_scatter_evaluate(scatter, 1.02, 0.4, g, de, db);
    deepstruc_scatter_evaluate(scatter, 1.02 + step, 0.4, up, NULL, NULL);
    deepstruc_scatter_evaluate(scatter, 1.02 - step, 0.4, down, NULL, NULL);
    double top = largest(de, n);
    for (size_t i = 0; i < n; i++) /* third derivative ~ (Q r)^2: (25 x 14 x 1e-5)^2 / 6 = 2e-6 */
        assert_close((up[i] - down[i]) / (2 * step), de[i], 5e-6 * top);
    deepstruc_scatter_evaluate(scatter, 1.02, 0.4 + step, up, NULL, NULL);
    deepstruc_scatter_evaluate(scatter, 1.02, 0.4 - step, down, NULL, NULL);
    top = largest(db, n);
    for (size_t i = 0; i < n; i++)
        assert_close((up[i] - down[i]) / (2 * step), db[i], 1e-8 * top);
    free(g);
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
}

static void test_sizes(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rmax = 20;
    settings.rstep = 0.1;
    deepstruc_engine *engine = NULL;
    deepstruc_scatter *scatter = NULL;
    double xyz[90], g[5][200], one[200], *const into[5] = {g[0], g[1], g[2], g[3], g[4]};
    const double sizes[5] = {0.93, 0.97, 1, 1.04, 1.2};
    random_atoms(xyz, 30, 9, 3);
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    assert_ok(deepstruc_scatter_load(scatter, xyz, 30, 1, &diag), diag);
    for (size_t n = 0; n <= 5; n++) { /* whole and broken groups of three */
        memset(g, 0, sizeof g);
        deepstruc_scatter_evaluate_sizes(scatter, sizes, n, 0.7, into);
        for (size_t v = 0; v < 5; v++) {
            deepstruc_scatter_evaluate(scatter, sizes[v], 0.7, one, NULL, NULL);
            for (size_t i = 0; i < 200; i++) /* the same sums, maybe fused differently */
                assert_close(g[v][i], v < n ? one[i] : 0, 1e-13);
        }
    }
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
}

/* The pairs of a part of the atoms: an estimate, exact when all are taken, better the more there are. */
static void test_sample(void **state)
{
    (void)state;
    enum { N_ATOMS = 300 };
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.1;
    deepstruc_diag diag = {0};
    deepstruc_engine *engine = NULL;
    deepstruc_scatter *scatter = NULL;
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    size_t n = deepstruc_engine_n_points(engine);
    double xyz[3 * N_ATOMS], *g = calloc(2 * n, sizeof *g), *whole = g + n, before = INFINITY;
    random_atoms(xyz, N_ATOMS, 18, 3);
    assert_ok(deepstruc_scatter_load(scatter, xyz, N_ATOMS, 1, &diag), diag);
    deepstruc_scatter_evaluate(scatter, 1, 0.5, whole, NULL, NULL);
    const size_t centres[] = {20, 80, 250, N_ATOMS};
    for (size_t c = 0; c < 4; c++) {
        double sum = 0, total = 0;
        assert_ok(deepstruc_scatter_load_sample(scatter, xyz, N_ATOMS, 1, centres[c], &diag), diag);
        deepstruc_scatter_evaluate(scatter, 1, 0.5, g, NULL, NULL);
        for (size_t i = 0; i < n; i++) {
            sum += (g[i] - whole[i]) * (g[i] - whole[i]);
            total += whole[i] * whole[i];
        }
        assert_true(sqrt(sum / total) < before);
        before = sqrt(sum / total);
    }
    assert_close(before, 0, 1e-12);
    assert_int_equal(deepstruc_scatter_load_sample(scatter, xyz, N_ATOMS, 1, 0, &diag), DEEPSTRUC_BAD_ARGUMENT);
    free(g);
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
}

/* So few Q values that they have a grid of their own, without a mirror; and a range that lies above its middle. */
static void test_unusual_grids(void **state)
{
    (void)state;
    deepstruc_pdf_settings few = deepstruc_pdf_settings_default(), high = few;
    few.qmin = 0, few.qmax = 0.8, few.rmax = 4, few.rstep = 0.05;
    high.rmin = 22, high.rmax = 29, high.rstep = 0.05;
    const deepstruc_pdf_settings settings[] = {few, high};
    for (size_t s = 0; s < 2; s++) {
        deepstruc_diag diag = {0};
        deepstruc_engine *engine = NULL;
        deepstruc_scatter *scatter = NULL;
        deepstruc_cluster *cluster = NULL;
        deepstruc_pdf *pdf = NULL;
        assert_ok(deepstruc_cluster_create(&cluster, 40, &diag), diag);
        random_atoms(cluster->xyz, 40, 20, 8);
        assert_ok(deepstruc_engine_create(&engine, &settings[s], &diag), diag);
        assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
        assert_ok(deepstruc_scatter_load(scatter, cluster->xyz, 40, 1, &diag), diag);
        assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings[s], DEEPSTRUC_MODE_EXACT, &diag), diag);
        double *g = calloc(pdf->n_points, sizeof *g), top = largest(pdf->g, pdf->n_points);
        assert_true(pdf->n_points > 0 && deepstruc_engine_n_points(engine) == pdf->n_points);
        deepstruc_scatter_evaluate(scatter, 1, settings[s].biso, g, NULL, NULL);
        for (size_t i = 0; i < pdf->n_points; i++)
            assert_close(g[i], pdf->g[i], 1e-7 * top);
        free(g);
        deepstruc_pdf_destroy(pdf);
        deepstruc_scatter_destroy(scatter);
        deepstruc_engine_destroy(engine);
        deepstruc_cluster_destroy(cluster);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_engine *engine = NULL;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.qmax = NAN;
    assert_int_equal(deepstruc_engine_create(&engine, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_grid(&settings, NULL), 0);
    settings = deepstruc_pdf_settings_default();
    settings.qmin = 30;
    assert_int_equal(deepstruc_engine_create(&engine, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings = deepstruc_pdf_settings_default();
    settings.rmax = 1000;
    settings.rstep = 0.0001;
    assert_int_equal(deepstruc_engine_create(&engine, &settings, &diag), DEEPSTRUC_TOO_LARGE);
    assert_null(engine);
    settings = deepstruc_pdf_settings_default();
    deepstruc_scatter *scatter = NULL;
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    assert_int_equal(deepstruc_scatter_load(scatter, (double[]){0, 0, NAN}, 1, 1, &diag), DEEPSTRUC_NUMERIC);
    assert_int_equal(deepstruc_scatter_load(scatter, (double[]){0, 0, 0}, 1, -1, &diag), DEEPSTRUC_BAD_ARGUMENT);
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
}

static void test_grid(void **state)
{
    (void)state;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    long first = -1;
    assert_int_equal(deepstruc_pdf_grid(&settings, &first), 3000); /* 0 ... 29.99 */
    assert_int_equal(first, 0);
    settings.rmin = 1.5, settings.rmax = 20, settings.rstep = 0.1;
    assert_int_equal(deepstruc_pdf_grid(&settings, &first), 185); /* 1.5 ... 19.9 */
    assert_int_equal(first, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid),        cmocka_unit_test(test_two_atoms),     cmocka_unit_test(test_random_atoms),
        cmocka_unit_test(test_derivatives), cmocka_unit_test(test_sizes),         cmocka_unit_test(test_sample),
        cmocka_unit_test(test_refuses),     cmocka_unit_test(test_unusual_grids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
