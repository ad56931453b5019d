/* Reading .gr files: lines, table, header and values put together. docs/formats.md says what is taken from where. */
#include <deepstruc/pdf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/kinds.h"
#include "base/memory.h"
#include "base/text.h"
#include "pdf/gr_composition.h"
#include "pdf/gr_header.h"
#include "pdf/gr_quantity.h"
#include "pdf/gr_reciprocal.h"
#include "pdf/gr_table.h"
#include "pdf/pdf_create.h"

enum { MIN_POINTS = 10 }; /* fewer are no PDF */

/* ---- values -------------------------------------------------------------------------------------------------------
 */

static deepstruc_status fill_values(const gr_text *text, const gr_table *table, const gr_columns *columns,
                                    deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    size_t n = 0;
    for (size_t i = table->begin; i < table->end; i++) {
        double row[GR_MAX_COLUMNS];
        if (text->line[i].kind != GR_ROW)
            continue;
        gr_numbers(text->line[i].text, row);
        double g = row[columns->g] + (columns->difference >= 0 ? row[columns->difference] : 0);
        if (!isfinite(g))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)i + 1,
                                "G = %g at r = %g is not a finite number; remove this row or export the data again", g,
                                row[columns->r]);
        pdf->r[n] = row[columns->r];
        pdf->g[n] = g;
        if (pdf->dg)
            pdf->dg[n] = row[columns->dg];
        n++;
    }
    return DEEPSTRUC_OK;
}

static deepstruc_status check_values(const gr_text *text, const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    double low = pdf->g[0], high = low;
    for (size_t i = 1; i < pdf->n_points; i++) {
        low = fmin(low, pdf->g[i]);
        high = fmax(high, pdf->g[i]);
    }
    if (pdf->n_points < MIN_POINTS)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0, "only %zu points; a PDF has at least %d",
                            pdf->n_points, MIN_POINTS);
    if (!(high > low))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
                            "G is %g at every r; there is nothing to solve, export the data again", low);
    return DEEPSTRUC_OK;
}

/* A dG is real when it is positive everywhere and not the same everywhere; anything else stands for "not known". */
static void judge_uncertainty(deepstruc_pdf *pdf)
{
    bool real = false;
    for (size_t i = 0; pdf->dg && i < pdf->n_points; i++) {
        if (!(pdf->dg[i] > 0 && isfinite(pdf->dg[i]))) {
            real = false;
            break;
        }
        real |= pdf->dg[i] != pdf->dg[0];
    }
    if (real || !pdf->dg)
        return;
    free(pdf->dg);
    pdf->dg = NULL;
}

/* ---- notes --------------------------------------------------------------------------------------------------------
 */

static deepstruc_status read_composition(deepstruc_pdf *pdf)
{
    bool complete;
    if (!pdf->composition[0])
        return DEEPSTRUC_OK;
    pdf->n_elements = composition_read(pdf->composition, pdf->elements, &complete);
    size_t n_metals = composition_metal(pdf->elements, pdf->n_elements, pdf->element);
    deepstruc_status status = DEEPSTRUC_OK;
    if (!complete)
        status = notes_add(&pdf->notes, "composition '%s': %s", pdf->composition,
                           pdf->n_elements ? "read only in part" : "not understood");
    if (status == DEEPSTRUC_OK && n_metals > 1)
        status =
            notes_add(&pdf->notes, "element=%s: the metal of '%s' that scatters most", pdf->element, pdf->composition);
    return status;
}

/* A header whose rmax is not that of the data belongs to other data, or was never updated. */
static deepstruc_status compare_range(const gr_text *text, const gr_table *table, deepstruc_pdf *pdf)
{
    double rmax = gr_header_number(text, table->begin, "rmax", 0, 1e4), end = pdf->r[pdf->n_points - 1];
    double step = (end - pdf->r[0]) / (double)(pdf->n_points - 1);
    if (isnan(rmax) || fabs(rmax - end) <= 1.5 * step)
        return DEEPSTRUC_OK;
    return notes_add(&pdf->notes, "rmax=%g: from the data; the header says %g", end, rmax);
}

static deepstruc_status add_notes(const gr_text *text, const gr_table *table, const gr_columns *columns, bool had_dg,
                                  deepstruc_pdf *pdf)
{
    deepstruc_status status = compare_range(text, table, pdf);
    if (status == DEEPSTRUC_OK)
        status = read_composition(pdf);
    if (status == DEEPSTRUC_OK && had_dg && !pdf->dg)
        status = notes_add(&pdf->notes, "dG: not used, the column holds no real uncertainties");
    if (status == DEEPSTRUC_OK && columns->difference >= 0)
        status = notes_add(&pdf->notes, "G: the measured curve of a fit's file, its G plus its difference");
    if (status == DEEPSTRUC_OK && table->cut)
        status = notes_add(&pdf->notes, "the last line is cut off and left out");
    return status;
}

/* ---- the file ------------------------------------------------------------------------------------------------------
 */

static deepstruc_status read_lines(deepstruc_pdf **out, const gr_text *text, deepstruc_diag *diag)
{
    gr_table table;
    deepstruc_status status = gr_table_find(text, &table, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    gr_columns columns = gr_header_columns(text, &table);
    bool has_dg = columns.dg >= 0;
    deepstruc_pdf *pdf = pdf_new(table.n_rows, has_dg);
    if (!pdf)
        return diag_no_memory(diag);
    text_copy(pdf->file, sizeof pdf->file, text->name);
    gr_header_read(text, table.begin, pdf);
    if (columns.difference >= 0 && !columns.labelled && strcmp(pdf->dialect, "PDFgui") != 0)
        columns.difference = -1; /* five columns of nobody knows what: r and G at least are known */
    status = fill_values(text, &table, &columns, pdf, diag);
    if (status == DEEPSTRUC_OK)
        status = check_values(text, pdf, diag);
    if (status == DEEPSTRUC_OK)
        status = gr_reciprocal_is(text, &table, &columns) ? gr_reciprocal_transform(text, &table, pdf, diag)
                                                          : gr_quantity_check(text, &table, &columns, pdf, diag);
    if (status == DEEPSTRUC_OK) {
        judge_uncertainty(pdf);
        if (add_notes(text, &table, &columns, has_dg, pdf) != DEEPSTRUC_OK)
            status = diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK)
        *out = pdf;
    else
        deepstruc_pdf_destroy(pdf);
    return status;
}

/* `bytes` (terminated) is changed. */
static deepstruc_status parse_bytes(deepstruc_pdf **out, char *bytes, size_t size, const char *name,
                                    deepstruc_diag *diag)
{
    gr_text text;
    deepstruc_status status = gr_text_split(&text, bytes, size, name, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = read_lines(out, &text, diag);
    gr_text_clear(&text);
    return status;
}

deepstruc_status deepstruc_pdf_parse(deepstruc_pdf **out, const char *text, size_t size, const char *name,
                                     deepstruc_diag *diag)
{
    if (size > GR_MAX_FILE)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, name, 0, "%zu MB, more than the %d MB this program reads",
                            size >> 20, GR_MAX_FILE >> 20);
    char *copy = memory_zeroed(size + 1, 1);
    if (!copy)
        return diag_no_memory(diag);
    memcpy(copy, text, size);
    deepstruc_status status = parse_bytes(out, copy, size, name, diag);
    free(copy);
    return status;
}

deepstruc_status deepstruc_pdf_read(deepstruc_pdf **out, const char *path, deepstruc_diag *diag)
{
    char *bytes;
    size_t size;
    deepstruc_status status = file_read(&bytes, &size, path, GR_MAX_FILE, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = parse_bytes(out, bytes, size, strcmp(path, "-") == 0 ? "standard input" : path, diag);
    free(bytes);
    const char *other = kinds_other(path, KINDS_PDF);
    if (status == DEEPSTRUC_BAD_INPUT && other)
        return diag_fail_at(diag, status, path, 0, "is %s; a PDF (.gr) is wanted here", other);
    return status;
}
