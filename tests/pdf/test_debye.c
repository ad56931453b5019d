/* Exact mode against closed forms, and what must not change G. */
#include "support.h"

#include <deepstruc/pdf.h>

static deepstruc_pdf *simulate(const double *xyz, size_t n, const deepstruc_pdf_settings *settings, deepstruc_mode mode)
{
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    assert_ok(deepstruc_cluster_create(&cluster, n, &diag), diag);
    memcpy(cluster->xyz, xyz, 3 * n * sizeof *xyz);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, settings, mode, &diag), diag);
    deepstruc_cluster_destroy(cluster);
    return pdf;
}

static double largest(const deepstruc_pdf *pdf)
{
    double most = 0;
    for (size_t i = 0; i < pdf->n_points; i++)
        most = fmax(most, fabs(pdf->g[i]));
    return most;
}

/* Without a cut in Q a pair is a Gaussian at +d and a negative one at -d; each of N atoms sees its neighbours. */
static double gaussians(double r, const double *d, size_t n_pairs, size_t n_atoms, const deepstruc_pdf_settings *s)
{
    double g = 0;
    for (size_t i = 0; i < n_pairs; i++) {
        double correction = 1 - s->delta1 / d[i] - s->delta2 / (d[i] * d[i]) + pow(s->qbroad * d[i], 2);
        double sigma = sqrt(s->biso / (4 * M_PI * M_PI) * correction);
        g += 2.0 / (double)n_atoms / d[i] / (sigma * sqrt(2 * M_PI)) *
             (exp(-pow((r - d[i]) / sigma, 2) / 2) - exp(-pow((r + d[i]) / sigma, 2) / 2));
    }
    return s->scale * g * exp(-pow(s->qdamp * r, 2) / 2);
}

static void test_gaussian_peaks(void **state)
{
    (void)state;
    /* at qmax 60 the damping has fallen to exp(-0.5 * 60^2 / 79) = 1e-10 and below */
    deepstruc_pdf_settings s = {.qmax = 60, .biso = 0.5, .rmax = 12, .rstep = 0.02, .scale = 1};
    const double two[] = {1, 2, 3, 1, 2, 5.5}, triangle[] = {0, 0, 0, 3, 0, 0, 0, 4, 0};
    const double two_d[] = {2.5}, triangle_d[] = {3, 4, 5};
    for (int terms = 0; terms < 2; terms++) {
        deepstruc_pdf *a = simulate(two, 2, &s, DEEPSTRUC_MODE_EXACT),
                      *b = simulate(triangle, 3, &s, DEEPSTRUC_MODE_EXACT);
        assert_int_equal(a->n_points, 600);
        for (size_t i = 0; i < a->n_points; i++) {
            assert_close(a->r[i], 0.02 * (double)i, 1e-12);
            assert_close(a->g[i], gaussians(a->r[i], two_d, 1, 2, &s), 1e-8 * largest(a));
            assert_close(b->g[i], gaussians(b->r[i], triangle_d, 3, 3, &s), 1e-8 * largest(b));
        }
        deepstruc_pdf_destroy(a);
        deepstruc_pdf_destroy(b);
        s.qdamp = 0.05, s.qbroad = 0.02, s.delta1 = 0.3, s.delta2 = 0.8, s.biso = 0.9,
        s.scale = 2.5; /* now every term */
    }
}

/* Without damping the sum over k is a geometric series, Dirichlet's kernel; its end cells are cut at qmin and qmax. */
static double dirichlet(double x, double qmin, double qmax)
{
    double k_min = ceil(qmin), n_q = ceil(qmax); /* in steps */
    double ends = (k_min - 0.5 - qmin) * cos(k_min * x) + (qmax - n_q + 0.5) * cos((n_q - 1) * x);
    if (fabs(sin(x / 2)) < 1e-12)
        return n_q - k_min + ends;
    return (sin((n_q - 0.5) * x) - sin((k_min - 0.5) * x)) / (2 * sin(x / 2)) + ends;
}

static void test_cut_in_q(void **state)
{
    (void)state;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.biso = 0;
    const double two[] = {0, 0, 0, 0, 0, 2.7};
    deepstruc_pdf *pdf = simulate(two, 2, &s, DEEPSTRUC_MODE_EXACT);
    double dq = M_PI / 31.51; /* the range ends 12 pi / 25 = 1.508 beyond 30, as peaks without a width have no tail */
    double low = 0.7 / dq, high = 25 / dq;
    for (size_t i = 0; i < pdf->n_points; i++) {
        double r = pdf->r[i],
               wanted = dq / M_PI / 2.7 * (dirichlet(dq * (2.7 - r), low, high) - dirichlet(dq * (2.7 + r), low, high));
        assert_close(pdf->g[i], wanted, 1e-8 * largest(pdf));
    }
    deepstruc_pdf_destroy(pdf);
}

static void test_what_does_not_matter(void **state)
{
    (void)state;
    double a[3 * 12], b[3 * 12];
    srand(3);
    for (size_t i = 0; i < 36; i++)
        a[i] = 9.0 * rand() / RAND_MAX;
    for (size_t i = 0; i < 12; i++) { /* permuted, turned by an angle of 3-4-5, mirrored and shifted */
        const double *from = a + 3 * (i * 5 % 12);
        b[3 * i] = 0.6 * from[0] - 0.8 * from[1] + 17;
        b[3 * i + 1] = 0.8 * from[0] + 0.6 * from[1] - 3;
        b[3 * i + 2] = 8 - from[2];
    }
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.delta2 = 1;
    for (int mode = 0; mode < 2; mode++) {
        deepstruc_pdf *p = simulate(a, 12, &s, (deepstruc_mode)mode), *q = simulate(b, 12, &s, (deepstruc_mode)mode);
        for (size_t i = 0; i < p->n_points; i++) /* rounding of the coordinates may move a pair to the next cell */
            assert_close(q->g[i], p->g[i], 1e-8 * largest(p));
        deepstruc_pdf_destroy(p);
        deepstruc_pdf_destroy(q);
    }
}

static void test_no_pairs(void **state)
{
    (void)state;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    for (size_t n = 1; n <= 2; n++) { /* one atom; two on one place */
        deepstruc_pdf *pdf = simulate((double[6]){0}, n, &s, DEEPSTRUC_MODE_EXACT);
        assert_close(largest(pdf), 0, 0);
        deepstruc_pdf_destroy(pdf);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    assert_ok(deepstruc_cluster_create(&cluster, 2, &diag), diag);
    cluster->xyz[5] = NAN;
    assert_int_equal(deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, &diag), DEEPSTRUC_NUMERIC);
    cluster->xyz[5] = 1e300;
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, &diag), diag); /* beyond the range */
    deepstruc_pdf_destroy(pdf);
    pdf = NULL;
    s.rstep = NAN;
    assert_int_equal(deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian_peaks),
        cmocka_unit_test(test_cut_in_q),
        cmocka_unit_test(test_what_does_not_matter),
        cmocka_unit_test(test_no_pairs),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
