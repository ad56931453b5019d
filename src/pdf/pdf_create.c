/* PDFs in memory. */
#include <deepstruc/pdf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/pdf_create.h"

deepstruc_pdf *pdf_new(size_t n_points, bool with_dg)
{
    deepstruc_pdf *pdf = memory_zeroed(1, sizeof *pdf);
    if (!pdf)
        return NULL;
    pdf->n_points = n_points;
    pdf->r = memory_zeroed(n_points, sizeof *pdf->r);
    pdf->g = memory_zeroed(n_points, sizeof *pdf->g);
    pdf->dg = with_dg ? memory_zeroed(n_points, sizeof *pdf->dg) : NULL;
    if (!pdf->r || !pdf->g || (with_dg && !pdf->dg)) {
        deepstruc_pdf_destroy(pdf);
        return NULL;
    }
    pdf->qmin = pdf->qmax = pdf->qdamp = pdf->qbroad = NAN;
    pdf->temperature_k = pdf->wavelength = NAN;
    return pdf;
}

static deepstruc_status check_points(const double *r, const double *g, const double *dg, size_t n, deepstruc_diag *diag)
{
    if (n < 1 || n > DEEPSTRUC_MAX_POINTS)
        return diag_fail(diag, n < 1 ? DEEPSTRUC_BAD_ARGUMENT : DEEPSTRUC_TOO_LARGE,
                         "%zu points; 1 to %d can be handled", n, DEEPSTRUC_MAX_POINTS);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(r[i]) || !isfinite(g[i]))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "r or G of point %zu is not a finite number", i);
        if (i > 0 && !(r[i] > r[i - 1]))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "r = %g of point %zu does not rise above %g", r[i], i,
                             r[i - 1]);
        if (dg && !(dg[i] > 0 && isfinite(dg[i])))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "dG = %g of point %zu is not a positive number", dg[i], i);
    }
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_pdf_create(deepstruc_pdf **out, const double *r, const double *g, const double *dg, size_t n,
                                      deepstruc_diag *diag)
{
    deepstruc_status status = check_points(r, g, dg, n, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_pdf *pdf = pdf_new(n, dg != NULL);
    if (!pdf)
        return diag_no_memory(diag);
    memcpy(pdf->r, r, n * sizeof *r);
    memcpy(pdf->g, g, n * sizeof *g);
    if (dg)
        memcpy(pdf->dg, dg, n * sizeof *dg);
    *out = pdf;
    return DEEPSTRUC_OK;
}

void deepstruc_pdf_destroy(deepstruc_pdf *pdf)
{
    if (!pdf)
        return;
    free(pdf->r);
    free(pdf->g);
    free(pdf->dg);
    notes_clear(&pdf->notes);
    free(pdf);
}
