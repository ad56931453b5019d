#include "refine/least_squares.h"

#include <math.h>
#include <stdlib.h>

#include <cminpack.h>

#include "base/diag.h"
#include "base/memory.h"

/* As in polish.c: with some 150 independent points, parameters within 1e-4 of their standard deviations. */
static const double tolerance_f = 1e-10, tolerance_x = 1e-7, first_step = 1;
static const double bound_fraction = 1e-3; /* of the range: as in fit.c */
static const double no_effect = 1e-5;      /* of the curve, by a move through all of the range: not a parameter */
enum { MOST_EVALUATIONS = 200 };

deepstruc_status lsq_begin(lsq_problem *p, deepstruc_diag *diag)
{
    size_t n = p->n, k = p->n_parameters;
    if (k == 0 || k > LSQ_MOST || k >= n)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu parameters cannot be fitted to %zu points; wants 1 to %d",
                         k, n, LSQ_MOST);
    p->memory = memory_zeroed((3 + 2 * k) * n, sizeof *p->memory);
    if (!p->memory)
        return diag_no_memory(diag);
    p->g = p->memory;
    p->residual = p->g + n;
    p->work = p->residual + n;
    p->jacobian = p->work + n;
    for (size_t i = 0; i < k; i++)
        p->column[i] = p->jacobian + (k + i) * n;
    return DEEPSTRUC_OK;
}

void lsq_end(lsq_problem *p)
{
    free(p->memory);
    p->memory = NULL;
}

static bool bounded(const lsq_problem *p, size_t k)
{
    return isfinite(p->low[k]) && isfinite(p->high[k]);
}

static double middle(const lsq_problem *p, size_t k)
{
    return (p->low[k] + p->high[k]) / 2;
}

static double half(const lsq_problem *p, size_t k)
{
    return (p->high[k] - p->low[k]) / 2;
}

static void place(lsq_problem *p, const double *t)
{
    for (size_t k = 0; k < p->n_parameters; k++)
        p->x[k] = bounded(p, k) ? middle(p, k) + half(p, k) * sin(t[k]) : t[k];
}

/* MINPACK's question for residuals (flag 1) or for their derivatives. */
static int answer(void *user, int m, int n, const double *t, double *residual, double *jacobian, int ld, int flag)
{
    lsq_problem *p = user;
    place(p, t);
    p->evaluate(p->user, p->x, p->g, flag == 1 ? NULL : p->column);
    for (int i = 0; i < m && flag == 1; i++)
        residual[i] = p->root_weight[i] * (p->y[i] - p->g[i]);
    for (int k = 0; k < n && flag != 1; k++) {
        double chain = bounded(p, (size_t)k) ? half(p, (size_t)k) * cos(t[k]) : 1;
        for (int i = 0; i < m; i++)
            jacobian[k * ld + i] = -p->root_weight[i] * chain * p->column[k][i];
    }
    return 0;
}

/* What could be half its range off could be anything (the place of a peak without height). */
static void deviations(lsq_problem *p)
{
    size_t n = p->n, n_free = 0, which[LSQ_MOST];
    double sandwich[LSQ_MOST], textbook[LSQ_MOST];
    for (size_t k = 0; k < p->n_parameters; k++) {
        double by_it = 0, curve = 0;
        for (size_t i = 0; i < n; i++) {
            by_it += p->column[k][i] * p->column[k][i];
            curve += p->g[i] * p->g[i];
        }
        p->esd[k] = p->textbook[k] = NAN;
        p->at_bound[k] = bounded(p, k) && fabs(p->x[k] - middle(p, k)) > (1 - 2 * bound_fraction) * half(p, k);
        if (p->at_bound[k] || (bounded(p, k) && !(sqrt(by_it) * half(p, k) > no_effect * sqrt(curve))))
            continue;
        for (size_t i = 0; i < n; i++)
            p->jacobian[n_free * n + i] = p->root_weight[i] * p->column[k][i];
        which[n_free++] = k;
    }
    for (size_t i = 0; i < n; i++)
        p->residual[i] = p->root_weight[i] * (p->y[i] - p->g[i]);
    esd_sandwich(sandwich, textbook, p->jacobian, n_free, p->residual, n, p->rstep, p->work);
    for (size_t k = 0; k < n_free; k++)
        if (!bounded(p, which[k]) || sandwich[k] < half(p, which[k])) {
            p->esd[which[k]] = sandwich[k];
            p->textbook[which[k]] = textbook[k];
        }
}

static void misfit(lsq_problem *p)
{
    double plain[2] = {0}, weighted[2] = {0};
    for (size_t i = 0; i < p->n; i++) {
        double d = p->y[i] - p->g[i], y = p->y[i], w = p->root_weight[i] * p->root_weight[i];
        plain[0] += d * d;
        plain[1] += y * y;
        weighted[0] += w * d * d;
        weighted[1] += w * y * y;
    }
    p->rw = sqrt(plain[0] / plain[1]);
    p->rw_weighted = sqrt(weighted[0] / weighted[1]);
}

bool lsq_run(lsq_problem *p)
{
    int m = (int)p->n, n = (int)p->n_parameters, pivot[LSQ_MOST], n_evaluations, n_jacobians;
    double t[LSQ_MOST], scaling[LSQ_MOST], qtf[LSQ_MOST], work[3][LSQ_MOST];
    for (size_t k = 0; k < p->n_parameters; k++) /* a start at a bound would have no slope to leave it by */
        t[k] = bounded(p, k) ? asin(fmax(-0.95, fmin(0.95, (p->x[k] - middle(p, k)) / half(p, k)))) : p->x[k];
    int info =
        lmder(answer, p, m, n, t, p->residual, p->jacobian, m, tolerance_f, tolerance_x, 0, MOST_EVALUATIONS, scaling,
              1, first_step, 0, &n_evaluations, &n_jacobians, pivot, qtf, work[0], work[1], work[2], p->work);
    place(p, t);
    p->evaluate(p->user, p->x, p->g, p->column);
    deviations(p);
    misfit(p);
    return info >= 1 && info <= 4;
}
