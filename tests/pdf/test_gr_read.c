#include "gr_texts.h"

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
