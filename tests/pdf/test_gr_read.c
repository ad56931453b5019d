#include "support.h"

#include <deepstruc/pdf.h>

/* ---- texts --------------------------------------------------------------------------------------------------------
 */

enum { N_ROWS = 40, STEP_PER_CM = 100 };

static double wave(double r)
{
    return r * exp(-r) + sin(9 * r) - 0.2;
}

/* `header`, then N_ROWS rows of r = 0, 0.1, ... and wave(r) by `format` (two doubles). */
static char *file_text(const char *header, const char *format)
{
    static char text[1 << 16];
    int n = snprintf(text, sizeof text, "%s", header);
    for (int i = 0; i < N_ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, format, 0.1 * i, wave(0.1 * i));
    return text;
}

static deepstruc_pdf *parsed(const char *text)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_parse(&pdf, text, strlen(text), "t.gr", &diag), diag);
    return pdf;
}

/* Reads header + rows and checks that the 40 rows came through. */
static deepstruc_pdf *read_rows(const char *header, const char *format)
{
    deepstruc_pdf *pdf = parsed(file_text(header, format));
    assert_int_equal(pdf->n_points, N_ROWS);
    for (int i = 0; i < N_ROWS; i++) {
        assert_close(pdf->r[i], 0.1 * i, 1e-9);       /* printed with at least 9 decimals of r */
        assert_close(pdf->g[i], wave(0.1 * i), 1e-6); /* and 6 of G */
    }
    return pdf;
}

#define TWO "%.10f %.8f\n"

/* Fails unless reading `text` is refused with a message that holds `part`, at `line`. */
static void refused(const char *text, size_t size, const char *part, long line)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    deepstruc_status status = deepstruc_pdf_parse(&pdf, text, size, "bad.gr", &diag);
    assert_true(status == DEEPSTRUC_BAD_INPUT || status == DEEPSTRUC_TOO_LARGE);
    assert_null(pdf);
    if (!strstr(diag.message, part) || diag.line != line)
        fail_msg("line %ld: '%s'; wanted line %ld: '%s'", diag.line, diag.message, line, part);
    assert_string_equal(diag.file, "bad.gr");
}

/* ---- dialects ------------------------------------------------------------------------------------------------------
 */

static void pdfgetx3(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("[DEFAULT]\n\nversion = pdfgetx3-2.1\n\n# input and output specifications\n"
                                   "dataformat = Qnm\ninputfile = sample.chi\nbackgroundfile =\noutputtype = gr\n\n"
                                   "mode = xray\nwavelength = 0.21\ncomposition = Pd\nqmaxinst = 29\nqmin = 1.2\n"
                                   "qmax = 24.5\nrmin = 0\nrmax = 3.9\nrstep = 0.1\n\n#### start data\n#S 1\n"
                                   "#L r($\\AA$)  G($\\AA^{-2}$)\n",
                                   TWO);
    assert_string_equal(pdf->dialect, "PDFgetX3");
    assert_close(pdf->qmin, 1.2, 0); /* Qnm is the unit of the intensities: nothing is rescaled */
    assert_close(pdf->qmax, 24.5, 0);
    assert_close(pdf->wavelength, 0.21, 0);
    assert_true(isnan(pdf->qdamp) && isnan(pdf->temperature_k));
    assert_int_equal(pdf->radiation, 'x');
    assert_string_equal(pdf->composition, "Pd");
    assert_string_equal(pdf->element, "Pd");
    assert_null(pdf->dg);
    assert_int_equal(pdf->notes.n, 0);
    deepstruc_pdf_destroy(pdf);
}

static void xpdfsuite(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("# xPDFsuite Configuration #\n[PDF]\nwavelength = 0.1\ndataformat = Qnm\n"
                                   "inputfile = a.chi\nmode = xray\ncomposition = Ag\nqmaxinst = 22.0\nqmin = 0.9\n"
                                   "qmax = 21.998\nrmax = 3.9\n\n[Misc]\ninputdir = C:\\data\\qmax=11\\run: 5\n\n"
                                   "#### start data\n#S 1\n#L r($\\AA$)  G($\\AA^{-2}$)\n",
                                   TWO);
    assert_string_equal(pdf->dialect, "xPDFsuite");
    assert_close(pdf->qmin, 0.9, 0);
    assert_close(pdf->qmax, 21.998, 0);
    deepstruc_pdf_destroy(pdf);
}

static void plain_columns(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("", TWO);
    assert_string_equal(pdf->dialect, "plain");
    assert_true(isnan(pdf->qmin) && isnan(pdf->qmax));
    assert_string_equal(pdf->element, "");
    deepstruc_pdf_destroy(pdf);
}

/* ---- bad input -----------------------------------------------------------------------------------------------------
 */

#define REFUSED(text, part, line) refused((text), strlen(text), (part), (line))

static void useless_files(void **state)
{
    (void)state;
    REFUSED("", "empty", 0);
    REFUSED("\n \n\t\n", "empty", 0);
    refused("\x7f"
            "ELF\0\1\2",
            7, "binary", 0);
    REFUSED("[DEFAULT]\nqmax = 25\n#### start data\n", "start data", 3);
    REFUSED("only words\nand words\n", "no rows", 0);
    REFUSED("1\n2\n3\n", "one number per row", 1);
    REFUSED("0 1\n0.01 1\n", "only 2 points", 0);
    REFUSED("0 1\n2 1\n1 1\n0.5 2\n", "does not rise", 3);
    REFUSED("0 0\n0.1 nan\n0.2 nan\n0.3 nan\n", "not a finite number", 2);
    REFUSED("0 0\n0.01 1e400\n0.02 1\n", "not a finite number", 2);
    REFUSED(file_text("", "%f 0 # %f\n"), "0 at every r", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pdfgetx3),
        cmocka_unit_test(xpdfsuite),
        cmocka_unit_test(plain_columns),
        cmocka_unit_test(useless_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
