/* Made-up .gr files and what should come out of them. */
#ifndef TESTS_PDF_GR_TEXTS_H
#define TESTS_PDF_GR_TEXTS_H

#include "support.h"

#include <deepstruc/pdf.h>

enum { N_ROWS = 40 };

static inline double wave(double r)
{
    return r * exp(-r) + sin(9 * r) - 0.2;
}

/* `header`, then N_ROWS rows of r = 0, 0.1, ... and wave(r) by `format` (two doubles). */
static inline char *file_text(const char *header, const char *format)
{
    static char text[1 << 16];
    int n = snprintf(text, sizeof text, "%s", header);
    for (int i = 0; i < N_ROWS; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, format, 0.1 * i, wave(0.1 * i));
    return text;
}

static inline deepstruc_pdf *parsed(const char *text)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_parse(&pdf, text, strlen(text), "t.gr", &diag), diag);
    return pdf;
}

/* Reads header + rows and checks that the 40 rows came through. */
static inline deepstruc_pdf *read_rows(const char *header, const char *format)
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
static inline void refused(const char *text, size_t size, const char *part, long line)
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
#define REFUSED(text, part, line) refused((text), strlen(text), (part), (line))

#endif
