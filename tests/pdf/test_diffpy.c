#define _GNU_SOURCE /* strsep */
/* diffpy mode against libdiffpy's own output: a few files here, all of them where ../shared is. */
#include "support.h"

#include <deepstruc/pdf.h>

#define GOLDEN DEEPSTRUC_SOURCE_DIR "/tests/golden/diffpy"

/* Largest deviation from the file's second column over its largest value. */
static double deviation(const char *xyz, const char *gr, const deepstruc_pdf_settings *settings)
{
    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    assert_ok(deepstruc_cluster_read_xyz(&cluster, xyz, &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, settings, DEEPSTRUC_MODE_DIFFPY, &diag), diag);
    FILE *file = fopen(gr, "r");
    assert_non_null(file);
    char line[512];
    double r, g, top = 0, worst = 0;
    size_t n = 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%lf %lf", &r, &g) == 2) {
            assert_true(n < pdf->n_points);
            assert_close(pdf->r[n], r, 1e-9);
            worst = fmax(worst, fabs(pdf->g[n++] - g));
            top = fmax(top, fabs(g));
        }
    fclose(file);
    assert_int_equal(n, pdf->n_points);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return worst / top;
}

static void test_golden(void **state)
{
    (void)state;
    static const struct {
        const char *xyz, *set;
        double qmin, qmax, qdamp, qbroad, delta1, delta2, biso, rmin, rmax;
    } cases[] = {
        {"Dec_5-1-0_Re_105", "P0", 0.7, 25, 0, 0, 0, 0, 0.3, 0, 30},
        {"Dec_5-1-0_Re_105", "P1", 0.7, 25, 0.04, 0, 0, 2, 0.3, 0, 30},
        {"Dec_5-1-0_Re_105", "P2", 0, 12, 0.06, 0.03, 0, 5, 1.5, 0, 30},
        {"Dec_5-1-0_Re_105", "P3", 2, 28, 0.02, 0.01, 1, 0, 0.1, 0, 30},
        {"Dec_5-1-0_Re_105", "P4", 1.2, 20, 0.05, 0.02, 1, 5, 0.5, 0, 40},
        {"Dec_5-1-0_Re_105", "P5", 0.8, 22, 0.03, 0.01, 0, 2.5, 0.8, 5, 20},
        {"BCC_2-9-9_W_35", "P5", 0.8, 22, 0.03, 0.01, 0, 2.5, 0.8, 5, 20}, /* pairs at the very end of the range */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char xyz[512], gr[512];
        snprintf(xyz, sizeof xyz, GOLDEN "/%s.xyz", cases[i].xyz);
        snprintf(gr, sizeof gr, GOLDEN "/%s_%s_0.1.gr", cases[i].xyz, cases[i].set);
        deepstruc_pdf_settings settings = {.qmin = cases[i].qmin,
                                           .qmax = cases[i].qmax,
                                           .qdamp = cases[i].qdamp,
                                           .qbroad = cases[i].qbroad,
                                           .delta1 = cases[i].delta1,
                                           .delta2 = cases[i].delta2,
                                           .biso = cases[i].biso,
                                           .rmin = cases[i].rmin,
                                           .rmax = cases[i].rmax,
                                           .rstep = 0.1,
                                           .scale = 1};
        assert_close(deviation(xyz, gr, &settings), 0, 1e-8); /* the promise is 1e-6; measured 2e-9 at most */
    }
}

static void test_every_oracle_file(void **state)
{
    (void)state;
    need_shared();
    FILE *manifest = fopen(SHARED_DIR "/oracle/manifest.csv", "r");
    assert_non_null(manifest);
    char line[1024];
    size_t n = 0;
    assert_non_null(fgets(line, sizeof line, manifest));
    while (fgets(line, sizeof line, manifest)) {
        char *field[16], *rest = line, xyz[512], gr[512];
        for (int i = 0; i < 16; i++)
            field[i] = strsep(&rest, ",");
        snprintf(gr, sizeof gr, SHARED_DIR "/oracle/%s", field[0]);
        snprintf(xyz, sizeof xyz, SHARED_DIR "/oracle/%s", field[2]);
        deepstruc_pdf_settings s = {.scale = 1};
        double *into[] = {&s.qmin,   &s.qmax, &s.qdamp, &s.qbroad, &s.delta1,
                          &s.delta2, &s.biso, &s.rmin,  &s.rmax,   &s.rstep};
        for (int i = 0; i < 10; i++)
            *into[i] = atof(field[6 + i]);
        if (!(deviation(xyz, gr, &s) <= 1e-6))
            fail_msg("%s deviates by %g of max|G|", gr, deviation(xyz, gr, &s));
        n++;
    }
    fclose(manifest);
    assert_int_equal(n, 336);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden), cmocka_unit_test(test_every_oracle_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
