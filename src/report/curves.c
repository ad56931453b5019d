#include "report/curves.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/settings.h"
#include "refine/target.h"

enum { FINER = 5 }; /* points for one of the fit grid: 0.02 Å, finer than a line on any screen shows */

/* The grid of r decides the grid of Q, and that the Q at which qmin cuts: two grids of r give one curve only where they
 * reach equally far. The end is moved up, by less than one step of the fit grid, until they do. */
static deepstruc_status refine_grid(deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    settings_grid coarse, fine;
    deepstruc_status status = settings_make_grid(&coarse, settings, diag);
    settings->rstep /= FINER;
    double end = settings->rmax;
    for (int i = 0; i <= FINER && status == DEEPSTRUC_OK; i++) {
        settings->rmax = end + i * settings->rstep;
        status = settings_make_grid(&fine, settings, diag);
        if (status == DEEPSTRUC_OK && fine.n_high >= FINER * coarse.n_high)
            return DEEPSTRUC_OK;
    }
    return status;
}

static deepstruc_status fill(report_curves *curves, const deepstruc_target *target, const deepstruc_pdf *pdf,
                             deepstruc_diag *diag)
{
    deepstruc_pdf_settings settings = target_engine_settings(target);
    deepstruc_status status = refine_grid(&settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    curves->target = target;
    curves->n = FINER * (target->n - 1) + 1;
    curves->rmin = target->rmin;
    curves->rstep = settings.rstep;
    status = deepstruc_engine_create(&curves->engine, &settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    curves->data = memory_zeroed(curves->n, sizeof *curves->data);
    curves->work = memory_aligned(deepstruc_engine_n_points(curves->engine), sizeof *curves->work);
    if (!curves->data || !curves->work)
        return diag_no_memory(diag);
    status = deepstruc_pdf_resample(pdf, curves->rmin, curves->rstep, curves->n, target->qmax, curves->data, diag);
    return status == DEEPSTRUC_OK ? deepstruc_scatter_create(&curves->scatter, curves->engine, diag) : status;
}

deepstruc_status report_curves_create(report_curves *out, const deepstruc_target *target, const deepstruc_pdf *pdf,
                                      deepstruc_diag *diag)
{
    report_curves curves = {0};
    deepstruc_status status = fill(&curves, target, pdf, diag);
    if (status == DEEPSTRUC_OK)
        *out = curves;
    else
        report_curves_destroy(&curves);
    return status;
}

void report_curves_destroy(report_curves *curves)
{
    deepstruc_scatter_destroy(curves->scatter);
    deepstruc_engine_destroy(curves->engine);
    free(curves->data);
    free(curves->work);
    *curves = (report_curves){0};
}

/* A fit with more terms than the engine has keeps its curve on the fit grid, which holds all there is up to qmax. */
static deepstruc_status interpolate(const report_curves *curves, const double *curve, double *calc,
                                    deepstruc_diag *diag)
{
    const deepstruc_target *target = curves->target;
    double *r = memory_zeroed(target->n, sizeof *r);
    if (!r)
        return diag_no_memory(diag);
    for (size_t i = 0; i < target->n; i++)
        r[i] = target->rmin + (double)i * target->rstep;
    r[target->n - 1] += 1e-9; /* or rounding could put the last point wanted behind the last one known */
    deepstruc_pdf *pdf = NULL;
    deepstruc_status status = deepstruc_pdf_create(&pdf, r, curve, NULL, target->n, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_resample(pdf, curves->rmin, curves->rstep, curves->n, target->qmax, calc, diag);
    deepstruc_pdf_destroy(pdf);
    free(r);
    return status;
}

/* The candidate's coordinates hold its expansion already. */
deepstruc_status report_curves_evaluate(report_curves *curves, const deepstruc_candidate *candidate, double *calc,
                                        deepstruc_diag *diag)
{
    if (candidate->curve)
        return interpolate(curves, candidate->curve, calc, diag);
    deepstruc_status status =
        deepstruc_scatter_load(curves->scatter, candidate->cluster->xyz, candidate->cluster->n_atoms, 1, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_scatter_evaluate(curves->scatter, 1, candidate->fit.biso, curves->work, NULL, NULL);
    for (size_t i = 0; i < curves->n; i++)
        calc[i] = candidate->fit.scale * curves->work[i];
    return DEEPSTRUC_OK;
}
