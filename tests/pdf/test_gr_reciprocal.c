/* S(Q) and F(Q) in place of G(r). */
#include "support.h"

#include <deepstruc/pdf.h>

enum { N_Q = 1200 };
static const double FIRST = 0.8, STEP = 0.02;

/* F(Q) of one distance d with damping, as the Debye sum has it, for which the transform is known:
 * G(r) = (1/d) [K(r - d) - K(r + d)], K(x) = (1/pi) integral of e^(-Q²u) cos(Qx). */
static const double D = 2.8, U = 0.004;

static double f_of(double q)
{
    return sin(q * D) / D * exp(-U * q * q);
}

static double g_of(double r)
{
    double sum = 0, step = 0.001;
    for (double q = FIRST; q < FIRST + (N_Q - 1) * STEP; q += step)
        sum += 2 / M_PI * step * f_of(q + 0.5 * step) * sin((q + 0.5 * step) * r);
    return sum;
}

typedef enum { F_OF_Q, S_OF_Q } kind;

static char *file_text(const char *header, kind what, double unit, bool errors)
{
    static char text[1 << 17];
    int n = snprintf(text, sizeof text, "%s", header);
    for (int i = 0; i < N_Q; i++) {
        double q = FIRST + i * STEP, value = what == F_OF_Q ? f_of(q) : 1 + f_of(q) / q;
        n += snprintf(text + n, sizeof text - (size_t)n, "%.6f %.9f", q / unit, value);
        n += snprintf(text + n, sizeof text - (size_t)n, errors ? " %g\n" : "\n", 0.01 + 0.0001 * q);
    }
    return text;
}

static deepstruc_pdf *parsed(const char *text, const char *name)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_parse(&pdf, text, strlen(text), name, &diag), diag);
    return pdf;
}

static void check(deepstruc_pdf *pdf)
{
    assert_true(pdf->n_points > 500);
    for (size_t i = 50; i < 500; i += 45) /* the rule's error: its step squared over 12, times F'' of order 10 */
        assert_close(pdf->g[i], g_of(pdf->r[i]), 2e-3);
    assert_close(pdf->qmin, FIRST, 1e-9);
    assert_close(pdf->qmax, FIRST + (N_Q - 1) * STEP, 1e-6);
    assert_true(pdf->notes.n > 0);
    deepstruc_pdf_destroy(pdf);
}

static void every_way_of_saying_so(void **state)
{
    (void)state;
    check(parsed(file_text("#L Q(A^-1) F(Q)\n", F_OF_Q, 1, false), "a.dat"));
    check(parsed(file_text("#L Q(A^-1) S(Q)\n", S_OF_Q, 1, false), "a.dat"));
    check(parsed(file_text("outputtype = sq\n", S_OF_Q, 1, false), "a.dat"));
    check(parsed(file_text("", F_OF_Q, 1, false), "folder/a.fq"));
    check(parsed(file_text("", S_OF_Q, 1, false), "a.SQ"));
    check(parsed(file_text("", S_OF_Q, 0.1, false), "a.sq")); /* 8 to 248 1/nm */
}

/* Independent errors sF of F over half a wave's worth of points: dG² = (2/pi)² sum (dQ sin Qr sF)², about
 * (2/pi)² dQ² sF² N/2 for any r that is not near zero. */
static void counting_errors_are_carried_over(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = parsed(file_text("#L Q F dF\n", F_OF_Q, 1, true), "a.dat");
    assert_non_null(pdf->dg);
    double wanted = 2 / M_PI * STEP * 0.0113 * sqrt(N_Q / 2.0); /* the rms of sF over the range is 0.0113 */
    for (size_t i = 100; i < pdf->n_points; i += 97)
        assert_close(pdf->dg[i], wanted, 0.05 * wanted);
    deepstruc_pdf_destroy(pdf);
}

static void the_header_limits_the_range(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = parsed(file_text("qmin = 1.2\nqmax = 20\nrmax = 15\n#L Q S\n", S_OF_Q, 1, false), "a.dat");
    assert_close(pdf->qmin, 1.2, 1e-6);
    assert_close(pdf->qmax, 20, 1e-6);
    assert_close(pdf->r[pdf->n_points - 1], 15, 0.03);
    deepstruc_pdf_destroy(pdf);
}

static void intensities_are_refused(void **state)
{
    (void)state;
    char *text = malloc(1 << 16);
    int n = snprintf(text, 1 << 16, "#L Q I\n");
    for (int i = 0; i < N_Q; i++)
        n += snprintf(text + n, (size_t)((1 << 16) - n), "%.3f %.3f\n", FIRST + i * STEP, 1e5 / (1 + i));
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_pdf_parse(&pdf, text, strlen(text), "a.dat", &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "intensities"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_saying_so),
        cmocka_unit_test(counting_errors_are_carried_over),
        cmocka_unit_test(the_header_limits_the_range),
        cmocka_unit_test(intensities_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
