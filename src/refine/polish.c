/* Levenberg-Marquardt (MINPACK's lmder) on expansion and Biso. The scale is linear, so it is solved exactly at every
 * step (variable projection: Golub, Pereyra, SIAM J. Numer. Anal. 10, 413, 1973, doi 10.1137/0710036) and the
 * derivatives are those of the residual with the best scale in it. Bounds are kept by a sine: parameter = middle + half
 * * sin(t). */
#include <math.h>

#include <cminpack.h>

#include "refine/refiner.h"

/* With some 150 independent points, a sum of squares that is 1e-10 of itself above its minimum leaves every parameter
 * within 1e-4 of its standard deviation. */
static const double tolerance_f = 1e-10, tolerance_x = 1e-7;
/* First step at most this factor times |t|, in MINPACK's sense. */
static const double first_step = 1;

typedef struct {
    deepstruc_refiner *refiner;
    double middle[2], half[2]; /* of expansion and ln Biso */
} problem;

static refiner_point point_at(const problem *p, const double t[2])
{
    return (refiner_point){.expansion = p->middle[0] + p->half[0] * sin(t[0]),
                           .biso = exp(p->middle[1] + p->half[1] * sin(t[1]))};
}

/* Residual and both columns of its Jacobian at t, in one evaluation of the engine. */
static void evaluate(const problem *p, const double t[2])
{
    deepstruc_refiner *refiner = p->refiner;
    const deepstruc_target *target = refiner->target;
    refiner_point at = point_at(p, t);
    deepstruc_scatter_evaluate(refiner->scatter, at.expansion, at.biso, refiner->g, refiner->dg[0], refiner->dg[1]);
    /* d expansion / dt and d Biso / dt */
    double chain[2] = {p->half[0] * cos(t[0]), at.biso * p->half[1] * cos(t[1])};
    const double *w = target->weight, *y = target->g, *g = refiner->g;
    double gg = 0, yd[2] = {0}, gd[2] = {0};
    for (size_t i = 0; i < target->n; i++) {
        gg += w[i] * g[i] * g[i];
        for (int k = 0; k < 2; k++) {
            yd[k] += w[i] * y[i] * refiner->dg[k][i];
            gd[k] += w[i] * g[i] * refiner->dg[k][i];
        }
    }
    /* scale = yg / gg, hence d scale = (yd - 2 scale gd) / gg; where the best scale is 0 it stays there */
    double scale = refiner_best_scale(refiner, NULL), dscale[2] = {0};
    for (int k = 0; k < 2 && scale > 0; k++)
        dscale[k] = (yd[k] - 2 * scale * gd[k]) / gg;
    for (size_t i = 0; i < target->n; i++) {
        refiner->residual[i] = refiner->root_weight[i] * (y[i] - scale * g[i]);
        for (size_t k = 0; k < 2; k++)
            refiner->columns[k * target->n + i] =
                -refiner->root_weight[i] * chain[k] * (scale * refiner->dg[k][i] + dscale[k] * g[i]);
    }
}

/* MINPACK asks for the residual at a trial point and, once that is accepted, for the Jacobian at the same point: both
 * are computed with the first question and copied with the second. */
static int answer(void *user, int m, int n, const double *t, double *residual, double *jacobian, int ld, int flag)
{
    const problem *p = user;
    const deepstruc_refiner *refiner = p->refiner;
    (void)n;
    (void)ld;
    if (flag == 1) {
        evaluate(p, t);
        for (int i = 0; i < m; i++)
            residual[i] = refiner->residual[i];
    } else {
        for (int i = 0; i < 2 * m; i++)
            jacobian[i] = refiner->columns[i];
    }
    return 0;
}

static double angle(double value, double middle, double half)
{
    double s = (value - middle) / half;
    return asin(fmax(-0.98, fmin(0.98, s))); /* a start at a bound would have no slope to leave it by */
}

bool refiner_polish(deepstruc_refiner *refiner, const refiner_box *box, refiner_point start, int max_evaluations,
                    refiner_point *best, double *chi)
{
    double log_low = log(box->low.biso), log_high = log(box->high.biso);
    problem p = {.refiner = refiner,
                 .middle = {(box->low.expansion + box->high.expansion) / 2, (log_low + log_high) / 2},
                 .half = {(box->high.expansion - box->low.expansion) / 2, (log_high - log_low) / 2}};
    double t[2] = {angle(start.expansion, p.middle[0], p.half[0]), angle(log(start.biso), p.middle[1], p.half[1])};
    double scaling[2] = {1, 1}, qtf[2], wa1[2], wa2[2], wa3[2];
    int pivot[2], n_evaluations, n_jacobians, m = (int)refiner->target->n;
    int info = lmder(answer, &p, m, 2, t, refiner->fit_residual, refiner->fit_jacobian, m, tolerance_f, tolerance_x, 0,
                     max_evaluations, scaling, 1, first_step, 0, &n_evaluations, &n_jacobians, pivot, qtf, wa1, wa2,
                     wa3, refiner->fit_work);
    *best = point_at(&p, t);
    double sum = 0;
    for (int i = 0; i < m; i++)
        sum += refiner->fit_residual[i] * refiner->fit_residual[i];
    *chi = sum / refiner->sum_yy;
    return info >= 1 && info <= 4;
}
