/* Calibration: a bulk PDF made the slow way gives its parameters back; the published values of measured nickel; the
 * instrument file. */
#include <deepstruc/calibrate.h>

#include "support.h"

/* ---- a bulk PDF, written out --------------------------------------------------------------------------------------
 */

typedef struct {
    const char *formula;
    double a, qmax, qdamp, qbroad, delta2, biso[2], power[2];
    int n_sites;
    double site[12][3];
    int species[12];
} crystal;

static const crystal nickel = {
    "Ni", 3.53, 22, 0.04, 0.02, 2, {0.45, 0.45}, {28, 28}, 4, {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}}, {0}};
static const crystal ceria = {"Ce O2",
                              5.40,
                              22,
                              0.05,
                              0.01,
                              1,
                              {0.3, 0.9},
                              {58, 8},
                              12,
                              {{0, 0, 0},
                               {0, .5, .5},
                               {.5, 0, .5},
                               {.5, .5, 0},
                               {.25, .25, .25},
                               {.25, .75, .75},
                               {.75, .25, .75},
                               {.75, .75, .25},
                               {.75, .75, .75},
                               {.75, .25, .25},
                               {.25, .75, .25},
                               {.25, .25, .75}},
                              {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}};

enum { N_FINE = 4200, N = 2600 }; /* R(r) to 42 Å, G to 26 Å, in steps of 0.01 Å */

/* Every site of the cell as a centre, every neighbour a Gaussian in R(r). */
static void fill_g(const crystal *c, double *g)
{
    double *fine = calloc(N_FINE, sizeof *fine), mean = 0, a = c->a;
    assert_non_null(fine);
    for (int s = 0; s < c->n_sites; s++)
        mean += c->power[c->species[s]] / c->n_sites;
    int reach = (int)ceil(43 / a) + 1;
    for (int centre = 0; centre<c->n_sites; centre += c->n_sites> 4 ? 4 : 1) /* ceria: one of each kind of four */
        for (int i = -reach; i <= reach; i++)
            for (int j = -reach; j <= reach; j++)
                for (int k = -reach; k <= reach; k++)
                    for (int s = 0; s < c->n_sites; s++) {
                        const double *p = c->site[centre], *q = c->site[s];
                        double x = i + q[0] - p[0], y = j + q[1] - p[1], z = k + q[2] - p[2];
                        double d = a * sqrt(x * x + y * y + z * z);
                        if (d < 0.1 || d > 43)
                            continue;
                        int u = c->species[centre], v = c->species[s];
                        double variance = (c->biso[u] + c->biso[v]) / 2 / (4 * M_PI * M_PI) *
                                          (1 - c->delta2 / (d * d) + pow(c->qbroad * d, 2));
                        double weight = c->power[u] * c->power[v] / (mean * mean) / c->n_sites *
                                        (c->n_sites > 4 ? 4 : 1) / sqrt(2 * M_PI * variance);
                        int from = (int)fmax(0, (d - 6 * sqrt(variance)) / 0.01),
                            to = (int)fmin(N_FINE - 1, (d + 6 * sqrt(variance)) / 0.01);
                        for (int m = from; m <= to; m++)
                            fine[m] += weight * exp(-pow(0.01 * m - d, 2) / (2 * variance));
                    }
    for (int m = 1; m < N_FINE; m++) {
        double r = 0.01 * m, fade = r > 34 ? pow(cos(M_PI / 2 * (r - 34) / 8), 2) : 1;
        fine[m] = fade * (fine[m] / r - 4 * M_PI * r * c->n_sites / (a * a * a));
    }
    fine[0] = 0;
    for (int i = 0; i < N; i++) { /* the cut at qmax: a sinc, odd about r = 0 */
        double r = 0.01 * i, sum = 0;
        for (int m = 1; m < N_FINE; m += 2) { /* 0.02 Å resolves what is there */
            double t = 0.01 * m - r, s = 0.01 * m + r;
            sum += fine[m] * (fabs(t) < 1e-9 ? c->qmax : sin(c->qmax * t) / t);
            sum -= fine[m] * sin(c->qmax * s) / (s + 1e-12);
        }
        g[i] = 0.4 * sum * 0.02 / M_PI * exp(-pow(c->qdamp * r, 2) / 2);
    }
    free(fine);
}

static deepstruc_pdf *pdf_of(const crystal *c)
{
    double *r = calloc(2 * N, sizeof *r), *g = r + N;
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag = {0};
    assert_non_null(r);
    fill_g(c, g);
    size_t size = 0;
    char *text = malloc(64 * N);
    assert_non_null(text);
    size += (size_t)sprintf(text, "[DEFAULT]\ncomposition = %s\nqmax = %g\n#### start data\n", c->formula, c->qmax);
    for (int i = 1; i < N; i++)
        size += (size_t)sprintf(text + size, "%.2f %.9g\n", 0.01 * i, g[i]);
    assert_ok(deepstruc_pdf_parse(&pdf, text, size, "made-up.gr", &diag), diag);
    free(text);
    free(r);
    return pdf;
}

static void check_value(const deepstruc_calibration *c, const char *name, double wanted, double tolerance)
{
    double esd = NAN, value = deepstruc_calibration_value(c, name, &esd);
    if (!(fabs(value - wanted) <= tolerance && esd > 0))
        fail_msg("%s %s = %g ± %g, wanted %g (Rw %g)", c->standard, name, value, esd, wanted, c->rw);
}

/* Two sums by different ways: steps of 0.02 Å, tails at 6 sigma. */
static void test_made_up_standards_come_back(void **state)
{
    (void)state;
    const crystal *const made[] = {&nickel, &ceria};
    for (size_t i = 0; i < 2; i++) {
        const crystal *c = made[i];
        deepstruc_pdf *pdf = pdf_of(c);
        deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
        deepstruc_calibration *calibration = NULL;
        deepstruc_diag diag = {0};
        settings.fit_rmax = 24;
        assert_ok(deepstruc_calibrate(&calibration, pdf, &settings, &diag), diag);
        assert_true(calibration->converged && calibration->rw < 8e-3); /* resampling near the end of the data */
        check_value(calibration, "scale", 0.4, 1e-3);
        check_value(calibration, "a", c->a, 1e-4);
        check_value(calibration, "qdamp", c->qdamp, 2e-4);
        check_value(calibration, "qbroad", c->qbroad, 1e-3);
        check_value(calibration, "delta2", c->delta2, 0.08);
        check_value(calibration, "biso", c->biso[0], 5e-3);
        if (i == 1)
            check_value(calibration, "biso-2", c->biso[1], 2e-2);
        deepstruc_calibration_destroy(calibration);
        deepstruc_pdf_destroy(pdf);
    }
}

/* Published for these data: a = 3.5248(8) Å, Uiso = 0.0059 Å², qdamp 0.045, qbroad 0.017, Rw 0.02 to 0.04. */
static void test_measured_nickel(void **state)
{
    (void)state;
    need_shared();
    deepstruc_pdf *pdf = NULL;
    deepstruc_calibration *c = NULL;
    deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
    deepstruc_diag diag = {0};
    settings.fit_rmax = 50;
    assert_ok(deepstruc_pdf_read(&pdf, SHARED_DIR "/data/experimental/Ni.gr", &diag), diag);
    assert_ok(deepstruc_calibrate(&c, pdf, &settings, &diag), diag);
    assert_string_equal(c->standard, "Ni");
    assert_true(c->rw < 0.04);
    check_value(c, "a", 3.5248, 0.0008);
    check_value(c, "biso", 0.0059 * 8 * M_PI * M_PI, 0.004); /* the last digit printed */
    check_value(c, "qdamp", 0.045, 0.0005);
    check_value(c, "qbroad", 0.017, 0.0005);
    deepstruc_calibration_destroy(c);
    deepstruc_pdf_destroy(pdf);
}

static void test_bad_input(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag = {0};
    double r[40], g[40];
    for (int i = 0; i < 40; i++) {
        r[i] = 0.1 * i;
        g[i] = sin(r[i]);
    }
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, 40, &diag), diag);
    deepstruc_calibration *c = NULL;
    deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
    assert_int_equal(deepstruc_calibrate(&c, pdf, &settings, &diag), DEEPSTRUC_BAD_INPUT); /* no composition */
    assert_non_null(strstr(diag.message, "LaB6"));
    settings.standard = "Xx";
    assert_int_equal(deepstruc_calibrate(&c, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings.standard = "Ni";
    assert_int_equal(deepstruc_calibrate(&c, pdf, &settings, &diag), DEEPSTRUC_BAD_INPUT); /* too short */
    settings.refine = "width";
    assert_int_equal(deepstruc_calibrate(&c, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(c);
    deepstruc_pdf_destroy(pdf);
}

static void test_instrument_file(void **state)
{
    (void)state;
    deepstruc_calibration c = {.standard = "Ni",
                               .radiation = 'x',
                               .n = 2,
                               .rmin = 1.5,
                               .rstep = 0.1,
                               .n_terms = 3,
                               .term = {{"qdamp", "1/Å", 0.045, 0.001, true, false},
                                        {"qbroad", "1/Å", 0.017, 0.002, true, false},
                                        {"delta2", "Å²", 2, NAN, true, true}}};
    deepstruc_instrument found = {0};
    deepstruc_diag diag = {0};
    char path[] = "/tmp/deepstruc-test-instrument-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    close(handle);
    assert_int_equal(deepstruc_instrument_write(&c, path, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(deepstruc_instrument_write(&c, path, true, &diag), diag);
    assert_ok(deepstruc_instrument_read(&found, path, &diag), diag);
    assert_close(found.qdamp, 0.045, 1e-12);
    assert_close(found.qdamp_esd, 0.001, 1e-12);
    assert_close(found.qbroad, 0.017, 1e-12);
    assert_close(found.qbroad_esd, 0.002, 1e-12);
    assert_string_equal(found.standard, "Ni");
    unlink(path);
    static const char *const bad[] = {"",
                                      "[]",
                                      "{\"qdamp\": 3}",
                                      "{\"qdamp\": \"x\"}",
                                      "{\"qbroad\": 0.01}",
                                      "{\"qdamp\": 0.03, \"colour\": 1}",
                                      "{\"qdamp\": 0.03, \"qdamp\": 0.04}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        found.qdamp = -1;
        assert_int_equal(deepstruc_instrument_parse(&found, bad[i], strlen(bad[i]), "bad.json", &diag),
                         DEEPSTRUC_BAD_INPUT);
        assert_true(found.qdamp == -1 && diag.message[0] && !strchr(diag.message, '\n'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_up_standards_come_back),
        cmocka_unit_test(test_measured_nickel),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_instrument_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
