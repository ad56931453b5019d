#include "support.h"

#include <deepstruc/pdf.h>

#include "base/random.h"
#include "pdf/resample.h"

/* A band-limited G(r): `n_waves` sines with Q between 0.8 and qmax; flat: all of one size (as a bad case), otherwise
 * damped like exp(-Q^2 / 16 pi^2), as pairs of atoms of Biso 0.5 are. */
enum { N_WAVES = 200 };
typedef struct {
    double q[N_WAVES], a[N_WAVES];
} signal;

static signal make_signal(double qmax, bool flat)
{
    signal s;
    random_stream stream;
    random_seed(&stream, 3, (uint64_t)qmax);
    for (int i = 0; i < N_WAVES; i++) {
        s.q[i] = 0.8 + (qmax - 0.8) * (i + 0.5) / N_WAVES;
        s.a[i] = random_normal(&stream) * (flat ? 1 : exp(-0.5 * s.q[i] * s.q[i] / (8 * M_PI * M_PI)));
    }
    return s;
}

static double value(const signal *s, double r)
{
    double g = 0;
    for (int i = 0; i < N_WAVES; i++)
        g += s->a[i] * sin(s->q[i] * r);
    return g;
}

static deepstruc_pdf *sample(const signal *s, double rmin, double rmax, double step, double jitter)
{
    size_t n = (size_t)((rmax - rmin) / step + 1.5);
    double *r = malloc(n * sizeof *r), *g = malloc(n * sizeof *g);
    random_stream stream;
    random_seed(&stream, 5, 0);
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    for (size_t i = 0; i < n; i++) {
        r[i] = rmin + (double)i * step + jitter * step * random_uniform(&stream, -1, 1);
        g[i] = value(s, r[i]);
    }
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, n, &diag), diag);
    free(r);
    free(g);
    return pdf;
}

typedef struct {
    double inside, ends; /* rms error over rms signal: more than 2 Å from both ends, and nearer */
} errors;

static errors study(double qmax, bool flat, double rmin, double rmax, double step, double jitter)
{
    signal s = make_signal(qmax, flat);
    deepstruc_pdf *pdf = sample(&s, rmin, rmax, step, jitter);
    double first = pdf->r[0], last = pdf->r[pdf->n_points - 1], rstep = 0.0937; /* meets none of the grids */
    size_t n = (size_t)((last - first) / rstep) + 1, n_in = 0;
    double *g = malloc(n * sizeof *g), sum[3] = {0};
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_resample(pdf, first, rstep, n, qmax, g, &diag), diag);
    for (size_t i = 0; i < n; i++) {
        double r = first + (double)i * rstep, truth = value(&s, r), e = g[i] - truth;
        bool in = r > first + 2 && r < last - 2;
        sum[in] += e * e, sum[2] += truth * truth, n_in += in;
    }
    errors out = {sqrt(sum[1] / (double)n_in / (sum[2] / (double)n)),
                  sqrt(sum[0] / (double)(n - n_in) / (sum[2] / (double)n))};
    free(g);
    deepstruc_pdf_destroy(pdf);
    return out;
}

/* The accuracy table of docs/formats.md: rms error over rms signal. The limits are twice what is reached. */
static void accuracy_by_step(void **state)
{
    (void)state;
    static const struct {
        double step, inside, ends; /* step 0: pi/qmax */
        bool flat;
    } rows[] = {
        {0.01, 6e-6, 1e-5, false}, {0.05, 1e-5, 2e-5, false}, {0.1, 5e-5, 8e-3, false}, {0, 1.2e-2, 5e-2, false},
        {0.01, 6e-6, 1e-5, true},  {0.05, 2e-5, 2e-5, true},  {0.1, 1e-4, 8e-3, true},  {0, 0.2, 0.25, true},
    };
    const double qmax = 25;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double step = rows[i].step > 0 ? rows[i].step : M_PI / qmax;
        errors regular = study(qmax, rows[i].flat, 0.003, 20, step, 0);
        errors jittered = study(qmax, rows[i].flat, 1.3, 30, step, 0.2);
        print_message("%s F(Q), step %.4f: inside %.1e, ends %.1e; irregular: %.1e, %.1e\n",
                      rows[i].flat ? "flat" : "damped", step, regular.inside, regular.ends, jittered.inside,
                      jittered.ends);
        assert_true(regular.inside < rows[i].inside && regular.ends < rows[i].ends);
        assert_true(jittered.inside < rows[i].inside && jittered.ends < rows[i].ends);
    }
}

/* linspace(0, 30, 3000), as published files have it. */
static void grids_of_linspace(void **state)
{
    (void)state;
    errors e = study(25, false, 0, 30, 30.0 / 2999, 0);
    assert_true(e.inside < 6e-6 && e.ends < 1e-5);
}

/* Coarser than pi/qmax: the cubic through four points has the error of its fourth derivative D, D h^4 3/128 between the
 * inner two and D h^4 / 24 at the ends. */
static void coarse_grids_by_cubics(void **state)
{
    (void)state;
    double r[61], g[61], out[200];
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    for (int i = 0; i < 61; i++)
        r[i] = 0.1 * i, g[i] = sin(3 * r[i]);
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, 61, &diag), diag);
    assert_ok(deepstruc_pdf_resample(pdf, 0.2, 0.027, 200, 50, out, &diag), diag);
    for (int i = 0; i < 200; i++)
        assert_close(out[i], sin(3 * (0.2 + 0.027 * i)), 81 * 1e-4 * 3 / 128);
    deepstruc_pdf_destroy(pdf);
}

/* White noise on a 0.01 Å grid is spread to Q = 314; of it only what lies below qmax = 25, and the waves that the
 * window adds, may come through: sqrt(30/314) = 0.31 of its rms. */
static void noise_above_qmax_is_removed(void **state)
{
    (void)state;
    enum { N = 2001, M = 180 };
    double r[N], g[N], out[M], sum = 0;
    random_stream stream;
    random_seed(&stream, 9, 0);
    for (int i = 0; i < N; i++)
        r[i] = 0.01 * i, g[i] = random_normal(&stream);
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, N, &diag), diag);
    assert_ok(deepstruc_pdf_resample(pdf, 1, 0.1, M, 25, out, &diag), diag);
    for (int i = 0; i < M; i++)
        sum += out[i] * out[i];
    assert_true(sqrt(sum / M) < 0.38 && sqrt(sum / M) > 0.2);
    deepstruc_pdf_destroy(pdf);
}

static void nothing_is_invented(void **state)
{
    (void)state;
    signal s = make_signal(20, false);
    deepstruc_pdf *pdf = sample(&s, 1, 10, 0.01, 0);
    double g[1000] = {7};
    deepstruc_diag diag;
    assert_int_equal(deepstruc_pdf_resample(pdf, 0.9, 0.1, 10, 20, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_non_null(strstr(diag.message, "1 to 10"));
    assert_int_equal(deepstruc_pdf_resample(pdf, 1, 0.1, 92, 20, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_resample(pdf, 1, 0, 10, 20, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_resample(pdf, 1, NAN, 10, 20, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_resample(pdf, 1, 0.1, 10, NAN, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_resample(pdf, 1, 0.1, 10, 1e300, g, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_close(g[0], 7, 0);
    assert_ok(deepstruc_pdf_resample(pdf, 1, 0.1, 91, 20, g, &diag), diag); /* to the last point, rounding included */
    deepstruc_pdf_destroy(pdf);
}

static void cholesky_by_hand(void **state)
{
    (void)state;
    double a[4] = {4, 0, 2, 5}, b[2] = {8, 9}; /* (4 2; 2 5) (1.375, 1.25) = (8, 9) */
    assert_true(cholesky_solve(a, 2, b));
    assert_close(b[0], 1.375, 1e-14);
    assert_close(b[1], 1.25, 1e-14);
    double singular[4] = {1, 0, 1, 1}, c[2] = {1, 1};
    assert_false(cholesky_solve(singular, 2, c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accuracy_by_step),       cmocka_unit_test(grids_of_linspace),
        cmocka_unit_test(coarse_grids_by_cubics), cmocka_unit_test(noise_above_qmax_is_removed),
        cmocka_unit_test(nothing_is_invented),    cmocka_unit_test(cholesky_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
