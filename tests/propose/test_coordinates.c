/* The published networks' structures: a small plain CVAE with random weights decodes finite, well-spaced or no atoms,
 * the same for the same seed; and what it refuses. How good trained ones are is evaluate's to say. */
#include "support.h"

#include <unistd.h>

#include "model/deepstruc_2023_file.h"
#include "propose/coordinates.h"

enum { N = 70, LATENT = 3, POINTS = 60, ROWS = 24 }; /* N: more than are decoded at once */
static const char path[] = "test_coordinates.safetensors";
static const double RMIN = 2, RSTEP = 0.1, EXTENT = 8;

/* The file's numbers are multiplied by `factor`. */
static deepstruc_status load(coordinates_model **model, float factor, deepstruc_diag *diag)
{
    deepstruc_2023_settings settings = deepstruc_2023_plain();
    settings.n_latent = LATENT;
    settings.n_points = POINTS;
    settings.n_atoms = ROWS;
    settings.divisor = 64;
    deepstruc_2023 *net;
    deepstruc_2023_scale scale = {RMIN, RSTEP, {EXTENT, EXTENT, EXTENT}};
    assert_ok(deepstruc_2023_create(&net, &settings, 7, 1, 0, 0, false, diag), *diag);
    for (size_t i = 0; i < net->params.n_values; i++)
        net->params.value[i] *= factor;
    assert_ok(deepstruc_2023_save(net, &scale, "made by a test", path, true, diag), *diag);
    deepstruc_2023_destroy(net);
    deepstruc_status status = coordinates_load(model, path, diag);
    unlink(path);
    return status;
}

static coordinates_model *make(void)
{
    coordinates_model *model;
    deepstruc_diag diag;
    assert_ok(load(&model, 1, &diag), diag);
    return model;
}

/* From r = first to r = last. */
static deepstruc_pdf *made_up(double first, double last)
{
    enum { MOST = 200 };
    double r[MOST], g[MOST];
    size_t n = 0;
    for (; n < MOST && first + 0.05 * (double)n <= last; n++) {
        r[n] = first + 0.05 * (double)n;
        g[n] = sin(2.3 * r[n]) / r[n];
    }
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, n, &diag), diag);
    return pdf;
}

static void samples_are_structures(void **state)
{
    (void)state;
    coordinates_model *model = make();
    deepstruc_pdf *pdf = made_up(1.5, 9);
    deepstruc_cluster *cluster[N], *again[N];
    deepstruc_diag diag;
    size_t n_made = 0;
    assert_string_equal(coordinates_name(model), "plain-cvae");
    assert_int_equal(coordinates_n_latent(model), LATENT);
    assert_ok(coordinates_sample(model, pdf, 25, 1, 5, cluster, N, &diag), diag);
    assert_ok(coordinates_sample(model, pdf, 25, 1, 5, again, N, &diag), diag);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(cluster[i] != NULL, again[i] != NULL);
        if (!cluster[i])
            continue;
        n_made++;
        assert_in_range(cluster[i]->n_atoms, 2, ROWS);
        assert_int_equal(cluster[i]->n_atoms, again[i]->n_atoms);
        assert_memory_equal(cluster[i]->xyz, again[i]->xyz, 3 * cluster[i]->n_atoms * sizeof(double));
        for (size_t k = 0; k < 3 * cluster[i]->n_atoms; k++)
            assert_true(isfinite(cluster[i]->xyz[k]));
        for (size_t a = 0; i > 0 && a < cluster[i]->n_atoms; a++) /* the mean may be anything */
            for (size_t b = 0; b < a; b++) {
                const double *x = cluster[i]->xyz + 3 * a, *y = cluster[i]->xyz + 3 * b;
                assert_true(hypot(hypot(x[0] - y[0], x[1] - y[1]), x[2] - y[2]) >= 1);
            }
        deepstruc_cluster_destroy(cluster[i]);
        deepstruc_cluster_destroy(again[i]);
    }
    assert_in_range(n_made, 2, N); /* the mean alone would try little */
    deepstruc_pdf_destroy(pdf);
    coordinates_destroy(model);
}

/* Numbers that no training leaves are refused; where those that are taken still overflow there is no structure. */
static void damaged_numbers_make_no_structures(void **state)
{
    (void)state;
    coordinates_model *model = NULL;
    deepstruc_cluster *cluster[N];
    deepstruc_diag diag;
    assert_int_equal(load(&model, 1e30F, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "no training leaves"));
    assert_null(model);
    deepstruc_pdf *pdf = made_up(1.5, 9);
    for (float factor = 10; factor < 2e5F; factor *= 10) {
        assert_ok(load(&model, factor, &diag), diag);
        assert_ok(coordinates_sample(model, pdf, 25, 1, 5, cluster, N, &diag), diag);
        for (size_t i = 0; i < N; i++) {
            for (size_t k = 0; cluster[i] && k < 3 * cluster[i]->n_atoms; k++)
                assert_true(fabs(cluster[i]->xyz[k]) <= 1e4);
            deepstruc_cluster_destroy(cluster[i]);
        }
        coordinates_destroy(model);
    }
    deepstruc_pdf_destroy(pdf);
}

/* The prior is that of the PDF: another one for another, the same for the same times two, since the input is scaled
 * to 1. */
static void the_prior_is_of_the_pdf(void **state)
{
    (void)state;
    coordinates_model *model = make();
    deepstruc_pdf *pdf = made_up(1.5, 9), *shorter = made_up(1.5, 6);
    double mean[3][LATENT], sigma[LATENT];
    deepstruc_diag diag;
    assert_ok(coordinates_prior(model, pdf, 25, mean[0], sigma, &diag), diag);
    for (size_t k = 0; k < LATENT; k++)
        assert_true(isfinite(mean[0][k]) && sigma[k] > 0);
    for (size_t i = 0; i < pdf->n_points; i++)
        pdf->g[i] *= 2;
    assert_ok(coordinates_prior(model, pdf, 25, mean[1], sigma, &diag), diag);
    assert_ok(coordinates_prior(model, shorter, 25, mean[2], sigma, &diag), diag);
    for (size_t k = 0; k < LATENT; k++)
        assert_close(mean[1][k], mean[0][k], 1e-5 * (1 + fabs(mean[0][k]))); /* float */
    assert_memory_not_equal(mean[2], mean[0], sizeof mean[0]);
    deepstruc_pdf_destroy(pdf);
    deepstruc_pdf_destroy(shorter);
    coordinates_destroy(model);
}

static void too_little_and_no_model(void **state)
{
    (void)state;
    coordinates_model *model = make(), *none = NULL;
    deepstruc_pdf *pdf = made_up(1.5, 4.8); /* 29 of 60 points */
    deepstruc_cluster *cluster[2];
    double mean[LATENT], sigma[LATENT];
    deepstruc_diag diag;
    assert_int_equal(coordinates_prior(model, pdf, 25, mean, sigma, &diag), DEEPSTRUC_BAD_INPUT);
    assert_int_equal(coordinates_sample(model, pdf, 25, 1, 5, cluster, 2, &diag), DEEPSTRUC_BAD_INPUT);
    assert_null(cluster[0]);
    assert_int_equal(coordinates_load(&none, "none.safetensors", &diag), DEEPSTRUC_CANNOT_READ);
    assert_null(none);
    coordinates_destroy(NULL);
    deepstruc_pdf_destroy(pdf);
    coordinates_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_structures), cmocka_unit_test(damaged_numbers_make_no_structures),
        cmocka_unit_test(the_prior_is_of_the_pdf), cmocka_unit_test(too_little_and_no_model)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
