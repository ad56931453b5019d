/* What breaks other readers: one test for each trap. */
#include "gr_texts.h"

#include <fcntl.h>

static bool noted(const deepstruc_pdf *pdf, const char *part)
{
    for (size_t i = 0; i < pdf->notes.n; i++)
        if (strstr(pdf->notes.text[i], part))
            return true;
    return false;
}

/* ---- dialects ------------------------------------------------------------------------------------------------------
 */

/* Bank tables in the header are numbers too, of as many columns as the data and rising: the marker decides. */
static void pdfgetn_with_bank_tables(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("##### Run information\n title: sample at T=295.0\n##### Bank table\n"
                                   " 1 14.5 0.5 25.0\n 2 45.0 0.5 30.0\n 3 90.0 0.5 35.0\n##### start data\n"
                                   "#O0 rg_int sig_rg_int low_int sig_low_int rmax rhofit\n"
                                   "#S 1 - PDF from PDFgetN qmax=35.0qdamp=0.02\n#P0 -22.03 1.10 2.83 1.49 36.0 0.0\n"
                                   "#L r G(r) dr dG(r)\n",
                                   "  %.10f  %.8f  0.00  0.0100\n");
    assert_string_equal(pdf->dialect, "PDFgetN");
    assert_close(pdf->qmax, 35, 0);
    assert_close(pdf->qdamp, 0.02, 0); /* glued to the number before it */
    assert_int_equal(pdf->radiation, 'n');
    assert_null(pdf->dg); /* constant: not real */
    assert_true(noted(pdf, "dG"));
    deepstruc_pdf_destroy(pdf);
}

static void the_last_marker_with_rows_wins(void **state)
{
    (void)state;
    char header[2048] = "#### start data\n"; /* a table longer than the data */
    for (int i = 0; i < 100; i++)
        snprintf(header + strlen(header), sizeof header - strlen(header), "%d %d\n", i, i % 7);
    strcat(header, "#### start data\n");
    deepstruc_pdf *pdf = read_rows(header, TWO);
    deepstruc_pdf_destroy(pdf);
}

/* Without a marker: the longest rising block, whether its neighbour differs in width, in r or in nothing. */
static void numbers_in_a_header_without_marker(void **state)
{
    (void)state;
    const char *headers[] = {"2015 04 17\n", "1 14.5\n2 45.0\n3 90.0\n", "detector\n1 5\n2 6\ndata\n",
                             "# bank\n 1 14.5\n 2 45.0\n# end\n", "40\ncomment of an RMC file\n"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        deepstruc_pdf_destroy(read_rows(headers[i], TWO));
}

static void pdfgetx2_history(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("History written: Wed Jul 06 12:26:49 2005\nProduced by [PDFgetX2 1.0]\n"
                                   "#### Data\nqmaxinst=60 xqmin=3\nqmin=0.95 qmax=26.5\ntemperature=300\n"
                                   "composition=Ni 1.0 qdamp=0.01\n##### start data\n#S 1\n#L  r G(r) dr dG(r)\n",
                                   "%.10f\t%.8f\t-1.0\t0.01\n");
    assert_string_equal(pdf->dialect, "PDFgetX2");
    assert_close(pdf->qmin, 0.95, 0); /* not xqmin */
    assert_close(pdf->qmax, 26.5, 0); /* not qmaxinst */
    assert_close(pdf->temperature_k, 300, 0);
    assert_string_equal(pdf->composition, "Ni 1.0"); /* ends before the next key */
    assert_string_equal(pdf->element, "Ni");
    assert_int_equal(pdf->radiation, 'x');
    deepstruc_pdf_destroy(pdf);
}

static void nomad_comment(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("# Comment: neutron, Qmax=31.414, Qdamp=0.017659\n", TWO);
    assert_string_equal(pdf->dialect, "NOMAD");
    assert_close(pdf->qmax, 31.414, 0);
    assert_close(pdf->qdamp, 0.017659, 0);
    assert_int_equal(pdf->radiation, 'n');
    deepstruc_pdf_destroy(pdf);
}

/* A PDFgui fit holds the calculated curve and its distance from the measured one. */
static void pdfgui_fit(void **state)
{
    (void)state;
    static char text[1 << 16];
    int n = snprintf(text, sizeof text, "%s",
                     "History written: Mon May 4\nproduced by someone\n##### PDFgui\nstype=N  neutron scattering\n"
                     "qmax=0   correction not applied\nqdamp=0.05\n##### start data\n#L r(A) G(r) d_r d_Gr Gdiff\n");
    for (int i = 0; i < N_ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%g %.8f 0.0 0.0 0.25\n", 0.1 * i, wave(0.1 * i) - 0.25);
    deepstruc_pdf *pdf = parsed(text);
    assert_string_equal(pdf->dialect, "PDFgui");
    assert_close(pdf->g[3], wave(0.3), 1e-7);
    assert_true(isnan(pdf->qmax)); /* "correction not applied" is no value */
    assert_close(pdf->qdamp, 0.05, 0);
    assert_int_equal(pdf->radiation, 'n');
    assert_null(pdf->dg);
    assert_true(noted(pdf, "measured curve"));
    deepstruc_pdf_destroy(pdf);
}

static void columns_by_their_labels(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("# x           ycalc           y           dy\n", "%1$.10f 7.0 %2$.8f %1$.3f1\n");
    assert_close(pdf->dg[2], 0.2001, 1e-12);
    deepstruc_pdf_destroy(pdf);
    pdf = read_rows("r,G\n", "%.10f,%.8f\n");
    deepstruc_pdf_destroy(pdf);
    pdf = read_rows("#S 1\n#L r G(r) dr dG\n", TWO); /* labels of other data: the number of columns counts */
    assert_string_equal(pdf->dialect, "SPEC");
    deepstruc_pdf_destroy(pdf);
}

/* ---- headers that lie or say little --------------------------------------------------------------------------------
 */

static void header_against_columns(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = read_rows("rmax = 6.0\nrmin = 1\nwavelength = 0.1\nqmax = 250\nqmin = -3\n", TWO);
    assert_true(noted(pdf, "rmax=3.9: from the data; the header says 6"));
    assert_true(isnan(pdf->qmax)); /* 1/nm, or nonsense: not taken */
    assert_true(isnan(pdf->qmin));
    deepstruc_pdf_destroy(pdf);
    pdf = read_rows("\"Qmax (1/A)\" : 25.5 # and so on\nmyqmax = 3\nqmax_old = 4\nfile: D:\\qmax=1\\qmax: 2\nqmin=\n",
                    TWO);
    assert_close(pdf->qmax, 25.5, 0);
    assert_true(isnan(pdf->qmin));
    deepstruc_pdf_destroy(pdf);
}

/* dG that is no uncertainty: constant, zero, negative, not a number, infinite; and one that is. */
static void uncertainties_that_are_none(void **state)
{
    (void)state;
    const char *rows[] = {"%.10f %.8f 0.1\n", "%.10f %.8f 0\n",   "%.10f %.8f -0.1\n",    "%.10f %.8f nan\n",
                          "%.10f %.8f Inf\n", "%.10f %.8f 0 0\n", "%.10f %.8f 0 1e999\n", "%.10f %.8f -0.5 1.#QNAN\n"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        deepstruc_pdf *pdf = read_rows("", rows[i]);
        assert_null(pdf->dg);
        assert_true(noted(pdf, "dG"));
        deepstruc_pdf_destroy(pdf);
    }
    deepstruc_pdf *pdf = read_rows("", "%1$.10f %2$.8f 0 1%1$.3f\n");
    assert_close(pdf->dg[2], 10.2, 1e-12);
    deepstruc_pdf_destroy(pdf);
}

/* ---- ways of writing -----------------------------------------------------------------------------------------------
 */

static void ways_of_writing_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *header, *row;
    } ways[] = {
        {"", "%.10f\t%.8f  \t \r\n"},
        {"\xEF\xBB\xBF# r (\xC3\x85)\n", " %.10f , %.8f ,\n"},
        {"# r (\xC5) G (\xC5^-2)\n", "%.10e;%.10e\n"},
        {"! fortran\n", "   %+.10fD+00 %+.10fd0\n"},
        {"% matlab\n", "%.10f %.8f # remark\n"},
        {"", "%.10f %.8f\n\n# a remark between\n"},
        {"\"r\",\"G\"\n", "\"%.10f\",\"%.8f\"\n"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        deepstruc_pdf_destroy(read_rows(ways[i].header, ways[i].row));
    char *text = file_text("r;G\n", "%.10f;%.8f\n"); /* decimal commas */
    for (char *c = text; *c; c++)
        *c = *c == '.' ? ',' : *c;
    deepstruc_pdf *pdf = parsed(text);
    assert_close(pdf->g[7], wave(0.7), 1e-7);
    deepstruc_pdf_destroy(pdf);
    text = file_text("# old Mac\n", TWO);
    for (char *c = text; *c; c++)
        *c = *c == '\n' ? '\r' : *c;
    pdf = parsed(text);
    assert_int_equal(pdf->n_points, N_ROWS);
    deepstruc_pdf_destroy(pdf);
}

/* ---- damaged files -------------------------------------------------------------------------------------------------
 */

static char *with_tail(const char *tail)
{
    char *text = file_text("", TWO);
    strcat(text, tail);
    return text;
}

static void last_lines(void **state)
{
    (void)state;
    const char *cut[] = {"4.0", "4.0 -", "4.0 0.5 \n4."};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        deepstruc_pdf *pdf = parsed(with_tail(cut[i]));
        assert_int_equal(pdf->n_points, N_ROWS + (i == 2));
        assert_true(noted(pdf, "last line"));
        deepstruc_pdf_destroy(pdf);
    }
    const char *harmless[] = {"\n\n  \n", "end of data\n", "# end\n", "\x1A", "\n#S 2\n0 1\n0.1 2\n0.2 3\n"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        deepstruc_pdf *pdf = parsed(with_tail(harmless[i]));
        assert_int_equal(pdf->n_points, N_ROWS);
        assert_int_equal(pdf->notes.n, 0);
        deepstruc_pdf_destroy(pdf);
    }
}

/* A line that breaks the data in two would silently halve them. */
static void broken_rows_are_named(void **state)
{
    (void)state;
    REFUSED(with_tail("4.0 ****\n4.1 0.5\n4.2 0.5\n"), "'****'", N_ROWS + 1);
    REFUSED(with_tail("4.0\n4.1 0.5\n4.2 0.5\n"), "1 numbers where", N_ROWS + 1);
    REFUSED(with_tail("4.0 0.1 0.2\n4.1 0.5\n4.2 0.5\n"), "3 numbers where", N_ROWS + 1);
    REFUSED(with_tail("detector off\n4.1 0.5\n4.2 0.5\n"), "'detector'", N_ROWS + 1);
    REFUSED(with_tail("4.0 nan\n4.1 0.5\n"), "not a finite number", N_ROWS + 1);
    REFUSED(with_tail("4.0 -1.#IND\n4.1 0.5\n"), "not a finite number", N_ROWS + 1);
    REFUSED(with_tail("3.9 0.5\n4.1 0.5\n"), "3.9 does not rise above 3.9", N_ROWS + 1);
    REFUSED(with_tail("nan 0.5\n"), "r = nan", N_ROWS + 1);
    REFUSED(with_tail("1e999 0.5\n"), "r = inf", N_ROWS + 1);
    REFUSED("-1 0\n0 1\n1 2\n", "r = -1", 1);
    char text[4096] = "0.0 0.5\n0.1 ****\n"; /* before most of the data */
    for (int i = 2; i < 40; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%.1f %g\n", 0.1 * i, wave(0.1 * i));
    REFUSED(text, "'****'", 2);
}

static void other_files(void **state)
{
    (void)state;
    refused("\xFF\xFE"
            "0\0 \0001\0\n\0",
            10, "UTF-16", 0);
    REFUSED(file_text("#L Q($\\AA^{-1}$) S\n", TWO), "40 points", 0); /* too few for a transform */
    REFUSED(file_text("2theta,I\n", "%.10f,%.8f\n"), "'2theta'", 1);
    REFUSED(file_text("outputtype = iq\n", TWO), "outputtype", 0);
    deepstruc_pdf_destroy(read_rows("outputtype = iq\n#L r G\n", TWO)); /* a header that lies */
    REFUSED(file_text("", "%1$f 12%1$f # %2$f\n"), "positive", 0);
    REFUSED(file_text("", "%.1f 0 # %f\n"), "0 at every r", 0);
    REFUSED("<html>\n<p>Not found</p>\n</html>\n", "no rows", 0);
}

/* Sparse files of 65 MB and 2 GB cost nothing to make; they are refused before they are read. */
static void large_files(void **state)
{
    (void)state;
    char path[] = "/tmp/deepstruc-large-XXXXXX";
    int file = mkstemp(path);
    const off_t sizes[] = {(off_t)65 << 20, (off_t)2 << 30};
    for (int i = 0; i < 2; i++) {
        deepstruc_pdf *pdf = NULL;
        deepstruc_diag diag;
        assert_int_equal(ftruncate(file, sizes[i]), 0);
        assert_int_equal(deepstruc_pdf_read(&pdf, path, &diag), DEEPSTRUC_TOO_LARGE);
        assert_non_null(strstr(diag.message, "64 MB"));
    }
    close(file);
    unlink(path);
    size_t n = (size_t)(1 << 21) + 10; /* too many lines */
    char *lines = malloc(n);
    memset(lines, '\n', n);
    lines[n - 1] = '1';
    refused(lines, n, "lines", 1 << 21);
    free(lines);
}

/* ---- g(r) ----------------------------------------------------------------------------------------------------------
 */

static double pair_function(double r)
{
    return r < 2 ? 0 : 1 + exp(-pow(r - 2.8, 2) / 0.05) * 2 + 0.2 * sin(5 * r) * exp(-0.2 * r);
}

static char *pair_text(const char *header, bool capital)
{
    static char text[1 << 16];
    int n = snprintf(text, sizeof text, "%s", header);
    for (int i = 0; i < 300; i++) {
        double r = 0.05 * i, g = pair_function(r);
        n += snprintf(text + n, sizeof text - (size_t)n, "%.3f %.9f\n", r, capital ? 4 * M_PI * r * 0.06 * (g - 1) : g);
    }
    return text;
}

static void values_decide_between_g_and_g(void **state)
{
    (void)state;
    deepstruc_pdf *pdf = parsed(pair_text("# r g(r)\nrho0 = 0.06\n", false));
    for (int i = 0; i < 300; i++)
        assert_close(pdf->g[i], 4 * M_PI * 0.05 * i * 0.06 * (pair_function(0.05 * i) - 1), 1e-8);
    assert_true(noted(pdf, "number density 0.06"));
    deepstruc_pdf_destroy(pdf);
    pdf = parsed(pair_text("", false)); /* no density: the scale is arbitrary, and that is said */
    assert_true(noted(pdf, "arbitrary"));
    assert_close(pdf->g[20] / pdf->g[10], 2, 1e-6);
    deepstruc_pdf_destroy(pdf);
    pdf = parsed(pair_text("# r g(r)\n", true)); /* the label lies */
    assert_close(pdf->g[20], -4 * M_PI * 0.06, 1e-8);
    assert_int_equal(pdf->notes.n, 0);
    deepstruc_pdf_destroy(pdf);
}

/* ---- there and back ------------------------------------------------------------------------------------------------
 */

static void written_files_are_read_again(void **state)
{
    (void)state;
    char path[] = "/tmp/deepstruc-write-XXXXXX";
    close(mkstemp(path));
    deepstruc_pdf *pdf =
                      read_rows("mode = neutron\nqmin = 0.7\nqmax = 25\nqdamp = 0.03\nqbroad = 0.01\ntemperature = 90\n"
                                "wavelength = 0.2\ncomposition = Au144 S60\n",
                                "%1$.10f %2$.8f 0 1%1$.3f\n"),
                  *again = NULL;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_pdf_write(pdf, path, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(deepstruc_pdf_write(pdf, path, true, &diag), diag);
    assert_ok(deepstruc_pdf_read(&again, path, &diag), diag);
    assert_int_equal(again->n_points, pdf->n_points);
    for (size_t i = 0; i < pdf->n_points; i++) {
        assert_close(again->r[i], pdf->r[i], 1e-9);
        assert_close(again->g[i], pdf->g[i], 1e-11);
        assert_close(again->dg[i], pdf->dg[i], 1e-4);
    }
    assert_true(again->qmin == 0.7 && again->qmax == 25 && again->qdamp == 0.03 && again->qbroad == 0.01);
    assert_true(again->temperature_k == 90 && again->wavelength == 0.2 && again->radiation == 'n');
    assert_string_equal(again->composition, "Au144 S60");
    assert_int_equal(again->n_elements, 2);
    deepstruc_pdf_destroy(pdf);
    deepstruc_pdf_destroy(again);
    unlink(path);
}

static void points_that_are_none(void **state)
{
    (void)state;
    const double r[] = {0, 1, 2}, g[] = {1, 2, 3}, nan_g[] = {1, NAN, 3}, falling[] = {0, 2, 1}, zero[] = {1, 0, 1};
    deepstruc_pdf *pdf = NULL;
    assert_int_equal(deepstruc_pdf_create(&pdf, r, nan_g, NULL, 3, NULL), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_create(&pdf, falling, g, NULL, 3, NULL), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_create(&pdf, r, g, zero, 3, NULL), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_pdf_create(&pdf, r, g, NULL, 0, NULL), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(pdf);
    deepstruc_pdf_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pdfgetn_with_bank_tables),
        cmocka_unit_test(the_last_marker_with_rows_wins),
        cmocka_unit_test(numbers_in_a_header_without_marker),
        cmocka_unit_test(pdfgetx2_history),
        cmocka_unit_test(nomad_comment),
        cmocka_unit_test(pdfgui_fit),
        cmocka_unit_test(columns_by_their_labels),
        cmocka_unit_test(header_against_columns),
        cmocka_unit_test(uncertainties_that_are_none),
        cmocka_unit_test(ways_of_writing_numbers),
        cmocka_unit_test(last_lines),
        cmocka_unit_test(broken_rows_are_named),
        cmocka_unit_test(other_files),
        cmocka_unit_test(large_files),
        cmocka_unit_test(values_decide_between_g_and_g),
        cmocka_unit_test(written_files_are_read_again),
        cmocka_unit_test(points_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
