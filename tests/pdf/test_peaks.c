/* Peaks of any width against the Debye sum of `simulate`, and their derivatives against differences. */
#include "support.h"

#include "pdf/peaks.h"

enum { N_ATOMS = 40 };

static void random_atoms(double xyz[3 * N_ATOMS], double side)
{
    uint64_t state = 7;
    for (size_t i = 0; i < 3 * N_ATOMS; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        xyz[i] = side * (double)(state >> 11) / 9007199254740992.0;
    }
}

static peaks_band *band_of(const deepstruc_pdf_settings *settings, peaks_kind kind)
{
    peaks_band *band = NULL;
    deepstruc_diag diag = {0};
    assert_ok(peaks_band_create(&band, settings, kind, 1, &diag), diag);
    return band;
}

/* Every pair is a peak. */
static void add_pairs(const peaks_band *band, double *nodes, const deepstruc_pdf_settings *s, const double *xyz)
{
    for (size_t i = 0; i < N_ATOMS; i++)
        for (size_t j = i + 1; j < N_ATOMS; j++) {
            double square = 0;
            for (size_t a = 0; a < 3; a++)
                square += pow(xyz[3 * i + a] - xyz[3 * j + a], 2);
            double r = sqrt(square), c = fmax(0, settings_correction(s, r));
            if (r <= peaks_reach(band))
                peaks_add(band, nodes, 1, &(peaks_peak){2 / (N_ATOMS * r), r, s->biso * SETTINGS_MSD_PER_BISO * c},
                          NULL);
        }
}

static void test_equals_the_debye_sum(void **state)
{
    (void)state;
    static const struct {
        double qmin, qmax, qdamp, qbroad, delta1, delta2, biso;
    } cases[] = {{0.7, 25, 0, 0, 0, 0, 0.3},    {0.7, 25, 0.04, 0, 0, 2, 0.3}, {0, 12, 0.06, 0.03, 0, 5, 1.5},
                 {1.3, 28, 0.03, 0, 1, 0, 0.1}, {0.7, 20, 0, 0, 1, 5, 0.5},    {0.7, 25, 0, 0, 0, 0, 0}};
    double xyz[3 * N_ATOMS];
    random_atoms(xyz, 14); /* some pairs are very close, some have no width left: both must be right */
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    assert_ok(deepstruc_cluster_create(&cluster, N_ATOMS, &diag), diag);
    memcpy(cluster->xyz, xyz, sizeof xyz);
    for (size_t t = 0; t < sizeof cases / sizeof *cases; t++) {
        deepstruc_pdf_settings s = {cases[t].qmin,
                                    cases[t].qmax,
                                    cases[t].qdamp,
                                    cases[t].qbroad,
                                    cases[t].delta1,
                                    cases[t].delta2,
                                    cases[t].biso,
                                    1,
                                    20,
                                    0.1,
                                    1,
                                    0};
        deepstruc_pdf *pdf = NULL;
        assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, &diag), diag);
        peaks_band *band = band_of(&s, PEAKS_ANY_WIDTH);
        peaks_work work;
        assert_ok(peaks_work_create(&work, band, &diag), diag);
        assert_int_equal(peaks_n_points(band), pdf->n_points);
        double *nodes = calloc(peaks_n_nodes(band), sizeof *nodes), *g = calloc(pdf->n_points, sizeof *g), top = 0;
        add_pairs(band, nodes, &s, xyz);
        peaks_curves(band, &work, nodes, 1, &g);
        for (size_t i = 0; i < pdf->n_points; i++)
            top = fmax(top, fabs(pdf->g[i]));
        for (size_t i = 0; i < pdf->n_points; i++) { /* tails end at 2e-7, aliases of the nodes at 1e-7 of a peak */
            assert_close(peaks_r(band, i), pdf->r[i], 1e-12);
            assert_close(g[i], pdf->g[i], 1e-6 * top);
        }
        free(nodes);
        free(g);
        peaks_work_destroy(&work);
        peaks_band_destroy(band);
        deepstruc_pdf_destroy(pdf);
    }
    deepstruc_cluster_destroy(cluster);
}

/* Without widening the same peak gives the same curve. */
static void test_fine_nodes_are_as_good(void **state)
{
    (void)state;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.rstep = 0.1;
    double *curve[2];
    for (size_t kind = 0; kind < 2; kind++) {
        peaks_band *band = band_of(&s, kind ? PEAKS_BROAD : PEAKS_ANY_WIDTH);
        peaks_work work;
        deepstruc_diag diag = {0};
        assert_ok(peaks_work_create(&work, band, &diag), diag);
        double *nodes = calloc(peaks_n_nodes(band), sizeof *nodes);
        curve[kind] = calloc(peaks_n_points(band), sizeof *curve[kind]);
        peaks_add(band, nodes, 1, &(peaks_peak){1, 2.77, 0.002}, NULL);
        peaks_curves(band, &work, nodes, 1, &curve[kind]);
        free(nodes);
        peaks_work_destroy(&work);
        peaks_band_destroy(band);
    }
    for (size_t i = 0; i < 300; i++) /* heights of 5: 2e-7 of that is where a tail ends */
        assert_close(curve[0][i], curve[1][i], 2e-6);
    free(curve[0]);
    free(curve[1]);
}

/* Column c of peaks_add against the difference of two curves: parameter t moves weight, r and variance by `slope`. */
static void test_derivatives(void **state)
{
    (void)state;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.rstep = 0.1;
    const peaks_peak at = {0.7, 3.1, 0.012}, slope[3] = {{1, 0, 0}, {0.3, -1.1, 0}, {-0.2, 0.4, 0.05}};
    peaks_band *band = band_of(&s, PEAKS_ANY_WIDTH);
    peaks_work work;
    deepstruc_diag diag = {0};
    assert_ok(peaks_work_create(&work, band, &diag), diag);
    size_t n = peaks_n_points(band), n_nodes = peaks_n_nodes(band);
    double *nodes = calloc(4 * n_nodes, sizeof *nodes), *g = calloc(6 * n, sizeof *g);
    double *const curve[4] = {g, g + n, g + 2 * n, g + 3 * n}, *const side[2] = {g + 4 * n, g + 5 * n};
    peaks_add(band, nodes, 4, &at, slope);
    peaks_curves(band, &work, nodes, 4, curve);
    const double h = 1e-5;
    for (size_t c = 0; c < 3; c++) {
        double top = 0;
        for (int sign = 0; sign < 2; sign++) {
            double t = sign ? h : -h;
            memset(nodes, 0, n_nodes * sizeof *nodes);
            peaks_add(band, nodes, 1,
                      &(peaks_peak){at.weight + t * slope[c].weight, at.r + t * slope[c].r,
                                    at.variance + t * slope[c].variance},
                      NULL);
            peaks_curves(band, &work, nodes, 1, &side[sign]);
        }
        for (size_t i = 0; i < n; i++)
            top = fmax(top, fabs(curve[c + 1][i]));
        for (size_t i = 0; i < n; i++) /* what a tail loses when its end moves by a node: 2e-7 of the height over 2h */
            assert_close((side[1][i] - side[0][i]) / (2 * h), curve[c + 1][i], 1e-4 * top);
    }
    free(nodes);
    free(g);
    peaks_work_destroy(&work);
    peaks_band_destroy(band);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_the_debye_sum),
        cmocka_unit_test(test_fine_nodes_are_as_good),
        cmocka_unit_test(test_derivatives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
