/* Bounded nonlinear least squares: Levenberg-Marquardt (MINPACK's lmder), bounds kept by x = middle + half range * sin
 * t, standard deviations of a correlated residual (esd.h). */
#ifndef REFINE_LEAST_SQUARES_H
#define REFINE_LEAST_SQUARES_H

#include <deepstruc/deepstruc.h>

#include "refine/esd.h"

enum { LSQ_MOST = ESD_MOST };

typedef struct {
    /* the question */
    size_t n, n_parameters;
    const double *y, *root_weight;        /* n */
    double rstep;                         /* Å: between points */
    double low[LSQ_MOST], high[LSQ_MOST]; /* infinite: no bound */
    /* g[n] at x, and (unless columns is NULL) its derivative by x[k] in columns[k][n] */
    void (*evaluate)(void *user, const double *x, double *g, double *const *columns);
    void *user;
    /* x: start, then the optimum; the answer holds for it */
    double x[LSQ_MOST];
    double esd[LSQ_MOST];      /* NaN at a bound, and where the data do not determine the parameter */
    double textbook[LSQ_MOST]; /* s² (J'J)^-1, what PDFgui and others state: for comparison */
    bool at_bound[LSQ_MOST];
    double rw, rw_weighted; /* the second as minimised */
    double *g, *column[LSQ_MOST];
    double *memory, *residual, *jacobian, *work;
} lsq_problem;

/* Allocates for n and n_parameters. */
deepstruc_status lsq_begin(lsq_problem *p, deepstruc_diag *diag);
void lsq_end(lsq_problem *p);

/* From x on; true when converged. */
bool lsq_run(lsq_problem *p);

#endif
