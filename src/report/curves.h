/* A fit's curves on a grid so fine that they look smooth: the fit grid, at the Nyquist step of the data, does not. */
#ifndef REPORT_CURVES_H
#define REPORT_CURVES_H

#include <deepstruc/solve.h>

typedef struct {
    const deepstruc_target *target;
    size_t n;
    double rmin, rstep; /* Å; r_i = rmin + i*rstep over the fit range */
    double *data;       /* n: the measured G, band-limited as the fit sees it */
    double *work;       /* the engine's grid, which may end a little later */
    deepstruc_engine *engine;
    deepstruc_scatter *scatter;
} report_curves;

deepstruc_status report_curves_create(report_curves *out, const deepstruc_target *target, const deepstruc_pdf *pdf,
                                      deepstruc_diag *diag);
void report_curves_destroy(report_curves *curves);

/* The candidate's fitted G into calc[n]. */
deepstruc_status report_curves_evaluate(report_curves *curves, const deepstruc_candidate *candidate, double *calc,
                                        deepstruc_diag *diag);

#endif
