/* G(r) of one cluster in one call, with every term of the model. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "pdf/debye.h"

static deepstruc_status simulate(double *r, double *g, const deepstruc_cluster *cluster,
                                 const deepstruc_pdf_settings *settings, const settings_grid *grid, deepstruc_mode mode,
                                 deepstruc_diag *diag)
{
    double *f = memory_aligned(grid->n_q + 1, sizeof *f);
    if (!f)
        return diag_no_memory(diag);
    deepstruc_status status = debye_sum(f, settings, grid, cluster, diag);
    if (status == DEEPSTRUC_OK && mode == DEEPSTRUC_MODE_DIFFPY)
        status = diffpy_transform(g, f, grid, diag);
    for (size_t k = grid->k_min; k < grid->n_q && mode == DEEPSTRUC_MODE_EXACT; k++)
        f[k] *= settings_cell(settings, grid, k);
    if (status == DEEPSTRUC_OK && mode == DEEPSTRUC_MODE_EXACT)
        debye_transform(g, grid->n_points, grid->first, grid->rstep, f, grid);
    free(f);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < grid->n_points; i++) {
        r[i] = (double)(grid->first + (long)i) * grid->rstep;
        double damped = settings->qdamp * r[i];
        g[i] *= settings->scale * exp(-damped * damped / 2);
    }
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_pdf_simulate(deepstruc_pdf **out, const deepstruc_cluster *cluster,
                                        const deepstruc_pdf_settings *settings, deepstruc_mode mode,
                                        deepstruc_diag *diag)
{
    settings_grid grid;
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        if (!isfinite(cluster->xyz[i]))
            return diag_fail(diag, DEEPSTRUC_NUMERIC, "a coordinate of atom %zu is not finite: check the structure",
                             i / 3 + 1);
    deepstruc_status status = settings_check(settings, diag);
    if (status == DEEPSTRUC_OK)
        status = settings_make_grid(&grid, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double *r = memory_aligned(2 * grid.n_points, sizeof *r), *g = r + grid.n_points;
    if (!r)
        return diag_no_memory(diag);
    deepstruc_pdf *pdf = NULL;
    status = simulate(r, g, cluster, settings, &grid, mode, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_create(&pdf, r, g, NULL, grid.n_points, diag);
    free(r);
    if (status != DEEPSTRUC_OK)
        return status;
    pdf->qmin = settings->qmin;
    pdf->qmax = settings->qmax;
    pdf->qdamp = settings->qdamp;
    pdf->qbroad = settings->qbroad;
    text_copy(pdf->composition, sizeof pdf->composition, cluster->element);
    text_copy(pdf->element, sizeof pdf->element, cluster->element);
    *out = pdf;
    return DEEPSTRUC_OK;
}
