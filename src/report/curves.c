#include "report/curves.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

static const double step = 0.02; /* Å: a fifth of the fit grid's, finer than a line on any screen shows */

static deepstruc_status fill(report_curves *curves, const deepstruc_target *target, const deepstruc_pdf *pdf,
                             deepstruc_diag *diag)
{
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    double last = target->rmin + target->rstep * (double)(target->n - 1), tolerance = 1e-6 * step;
    settings.qmin = target->qmin;
    settings.qmax = target->qmax;
    settings.qdamp = target->qdamp;
    settings.rstep = step;
    settings.rmin = ceil((target->rmin - tolerance) / step) * step;
    settings.rmax = (floor((last + tolerance) / step) + 0.5) * step; /* rmax itself is not on the grid */
    long first;
    curves->n = deepstruc_pdf_grid(&settings, &first);
    curves->rstep = step;
    curves->rmin = (double)first * step;
    curves->data = memory_zeroed(curves->n, sizeof *curves->data);
    if (!curves->data)
        return diag_no_memory(diag);
    deepstruc_status status =
        deepstruc_pdf_resample(pdf, curves->rmin, step, curves->n, target->qmax, curves->data, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_engine_create(&curves->engine, &settings, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_scatter_create(&curves->scatter, curves->engine, diag);
    return status;
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
    *curves = (report_curves){0};
}

/* The candidate's coordinates hold its expansion already. */
deepstruc_status report_curves_evaluate(report_curves *curves, const deepstruc_candidate *candidate, double *calc,
                                        deepstruc_diag *diag)
{
    deepstruc_status status =
        deepstruc_scatter_load(curves->scatter, candidate->cluster->xyz, candidate->cluster->n_atoms, 1, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_scatter_evaluate(curves->scatter, 1, candidate->fit.biso, calc, NULL, NULL);
    for (size_t i = 0; i < curves->n; i++)
        calc[i] *= candidate->fit.scale;
    return DEEPSTRUC_OK;
}
