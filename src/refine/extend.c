/* The fit of every term that the settings ask for: Levenberg-Marquardt (MINPACK's lmder) from the 3-parameter optimum
 * on. All parameters are varied together, the linear ones too; bounds are kept by a sine, as in polish.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cminpack.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/esd.h"
#include "refine/model.h"
#include "refine/refiner.h"

static const double tolerance_f = 1e-10, tolerance_x = 1e-7, first_step = 1;
/* The scale stays within this factor of the 3-parameter fit's, the expansion within this of it: what further terms
 * change is less. */
static const double scale_room = 5, expansion_room = 0.04;
static const double bound_fraction = 1e-3; /* of the range: as in fit.c */
static const double no_effect = 1e-5;      /* of the curve, by a move through all of the range: not a parameter */
enum { MOST_EVALUATIONS = 200 };

typedef struct {
    deepstruc_refiner *refiner;
    structure_model *model;
    size_t n_parameters;                 /* free terms and waves */
    double middle[TERM_N], half[TERM_N]; /* of the free terms */
    double x[MODEL_MOST];
    double *memory, *g, *column[MODEL_MOST], *residual, *jacobian, *work; /* n each; jacobian n_parameters x n */
} extension;

static bool bounded(const extension *e, size_t k)
{
    return k < e->model->n_free;
}

static void place(extension *e, const double *t)
{
    for (size_t k = 0; k < e->n_parameters; k++)
        e->x[k] = bounded(e, k) ? e->middle[k] + e->half[k] * sin(t[k]) : t[k];
}

/* MINPACK's question for residuals (flag 1) or for their derivatives. */
static int answer(void *user, int m, int n, const double *t, double *residual, double *jacobian, int ld, int flag)
{
    extension *e = user;
    const deepstruc_refiner *refiner = e->refiner;
    place(e, t);
    model_evaluate(e->model, e->x, e->g, flag == 1 ? NULL : e->column);
    for (int i = 0; i < m && flag == 1; i++)
        residual[i] = refiner->root_weight[i] * (refiner->target->g[i] - e->g[i]);
    for (int k = 0; k < n && flag != 1; k++) {
        double chain = bounded(e, (size_t)k) ? e->half[k] * cos(t[k]) : 1;
        for (int i = 0; i < m; i++)
            jacobian[k * ld + i] = -refiner->root_weight[i] * chain * e->column[k][i];
    }
    return 0;
}

static double start_of(const extension *e, term_id id, const deepstruc_fit *fit)
{
    const term *t = &e->model->terms->term[id];
    switch (id) {
    case TERM_SCALE:
        return fit->scale;
    case TERM_EXPANSION:
        return fit->expansion;
    case TERM_BISO:
    case TERM_SHELL2_BISO:
        return fit->biso;
    case TERM_SHELL1_BISO:
        return 1.3 * fit->biso; /* surfaces are softer */
    case TERM_SIZE:
        return 0.9 * e->model->first->parts.diameter;
    default:
        return t->value;
    }
}

/* Bounds and starts of the free terms; waves start at 0. */
static void set_start(extension *e, const deepstruc_fit *fit, double *t)
{
    const structure_model *m = e->model;
    for (size_t k = 0; k < e->n_parameters; k++) {
        t[k] = 0;
        if (!bounded(e, k))
            continue;
        term_id id = m->free[k];
        double low = m->low[id], high = m->high[id], start = start_of(e, id, fit);
        if (id == TERM_SCALE && !m->terms->term[id].bounded)
            high = fmin(high, scale_room * fit->scale);
        if (id == TERM_EXPANSION && !m->terms->term[id].bounded) {
            low = fmax(low, fit->expansion - expansion_room);
            high = fmin(high, fit->expansion + expansion_room);
        }
        e->middle[k] = (low + high) / 2;
        e->half[k] = (high - low) / 2;
        /* a start at a bound would have no slope to leave it by */
        t[k] = asin(fmax(-0.95, fmin(0.95, (start - e->middle[k]) / e->half[k])));
    }
}

static bool run(extension *e, const deepstruc_fit *fit)
{
    int m = (int)e->refiner->target->n, n = (int)e->n_parameters, pivot[MODEL_MOST], n_evaluations, n_jacobians;
    double t[MODEL_MOST], scaling[MODEL_MOST], qtf[MODEL_MOST], work[3][MODEL_MOST];
    set_start(e, fit, t);
    int info =
        lmder(answer, e, m, n, t, e->residual, e->jacobian, m, tolerance_f, tolerance_x, 0, MOST_EVALUATIONS, scaling,
              1, first_step, 0, &n_evaluations, &n_jacobians, pivot, qtf, work[0], work[1], work[2], e->work);
    place(e, t);
    model_evaluate(e->model, e->x, e->g, e->column);
    return info >= 1 && info <= 4;
}

/* ---- what is reported ------------------------------------------------------------------------------------------- */

static bool at_bound(const extension *e, size_t k)
{
    return bounded(e, k) && fabs(e->x[k] - e->middle[k]) > (1 - 2 * bound_fraction) * e->half[k];
}

/* esd[n_parameters], NaN for parameters at a bound and for those that the data do not determine: what could be half
 * its range off could be anything (the place of a peak without height). */
static void deviations(extension *e, double *esd)
{
    const deepstruc_refiner *refiner = e->refiner;
    size_t n = refiner->target->n, n_free = 0, which[MODEL_MOST];
    double found[MODEL_MOST];
    for (size_t k = 0; k < e->n_parameters; k++) {
        esd[k] = NAN;
        double by_it = 0, curve = 0, range = bounded(e, k) ? e->half[k] : INFINITY;
        for (size_t i = 0; i < n; i++) {
            by_it += e->column[k][i] * e->column[k][i];
            curve += e->g[i] * e->g[i];
        }
        if (at_bound(e, k) || !(sqrt(by_it) * range > no_effect * sqrt(curve)))
            continue;
        for (size_t i = 0; i < n; i++)
            e->jacobian[n_free * n + i] = refiner->root_weight[i] * e->column[k][i];
        which[n_free++] = k;
    }
    for (size_t i = 0; i < n; i++)
        e->residual[i] = refiner->root_weight[i] * (refiner->target->g[i] - e->g[i]);
    esd_sandwich(found, e->jacobian, n_free, e->residual, n, refiner->target->rstep, e->work);
    for (size_t k = 0; k < n_free; k++)
        if (!bounded(e, which[k]) || found[k] < e->half[which[k]])
            esd[which[k]] = found[k];
}

static void misfit(const extension *e, deepstruc_fit *fit)
{
    const deepstruc_target *target = e->refiner->target;
    double plain[2] = {0}, weighted[2] = {0};
    for (size_t i = 0; i < target->n; i++) {
        double d = target->g[i] - e->g[i], y = target->g[i], w = target->weight[i];
        plain[0] += d * d;
        plain[1] += y * y;
        weighted[0] += w * d * d;
        weighted[1] += w * y * y;
    }
    fit->rw = sqrt(plain[0] / plain[1]);
    fit->rw_weighted = target->weighted ? sqrt(weighted[0] / weighted[1]) : NAN;
}

/* The broad term's rms over that of the whole curve. */
static void describe_broad(const extension *e, double qdamp, deepstruc_fit *fit)
{
    const structure_model *m = e->model;
    double waves = 0, all = 0;
    for (size_t i = 0; i < e->refiner->target->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < m->n_waves; k++)
            sum += e->x[m->n_free + k] * model_wave(m, k, peaks_r(m->band, i), qdamp);
        waves += sum * sum;
        all += e->g[i] * e->g[i];
    }
    fit->term[fit->n_terms++] = (deepstruc_term){"broad", "", sqrt(waves / all), NAN, true, false};
}

static void describe(extension *e, deepstruc_fit *fit)
{
    const structure_model *m = e->model;
    double value[TERM_N], esd[MODEL_MOST], esd_of[TERM_N];
    bool bound_of[TERM_N] = {false};
    model_values(m, e->x, value);
    deviations(e, esd);
    for (int i = 0; i < TERM_N; i++)
        esd_of[i] = NAN;
    for (size_t k = 0; k < m->n_free; k++) {
        esd_of[m->free[k]] = esd[k];
        bound_of[m->free[k]] = at_bound(e, k);
    }
    fit->scale = value[TERM_SCALE];
    fit->expansion = value[TERM_EXPANSION];
    fit->biso = value[TERM_BISO];
    fit->esd_scale = esd_of[TERM_SCALE];
    fit->esd_expansion = esd_of[TERM_EXPANSION];
    fit->esd_biso = esd_of[TERM_BISO];
    fit->at_bound = bound_of[TERM_SCALE] || bound_of[TERM_EXPANSION] || bound_of[TERM_BISO];
    fit->n_terms = 0;
    for (int i = TERM_BISO + 1; i < TERM_N; i++) {
        const term *t = &m->terms->term[i];
        bool silent = t->state == TERM_OFF || (t->state == TERM_TIED && t->factor == 1);
        if (!silent)
            fit->term[fit->n_terms++] = (deepstruc_term){term_name(i),
                                                         term_unit(i),
                                                         value[i],
                                                         t->state == TERM_TIED ? t->factor * esd_of[t->to] : esd_of[i],
                                                         t->state == TERM_FREE,
                                                         bound_of[i]};
    }
    if (m->n_waves > 0)
        describe_broad(e, value[TERM_QDAMP], fit);
    misfit(e, fit);
}

/* The atoms where the displacements put them, in the cluster's units. */
static void place_atoms(const extension *e, const deepstruc_cluster *cluster, double unit, double *xyz)
{
    const structure_model *m = e->model;
    double value[TERM_N];
    model_values(m, e->x, value);
    distances_place(
        m->first, &(distances_shape){.mode = {value[TERM_AXIAL], value[TERM_SHELL1_RADIUS], value[TERM_SHELL2_RADIUS]}},
        xyz);
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        xyz[i] = xyz[i] / unit + m->first->parts.centre[i % 3];
}

static deepstruc_status allocate(extension *e, deepstruc_diag *diag)
{
    size_t n = e->refiner->target->n, p = e->n_parameters;
    e->memory = memory_zeroed((3 + 2 * p) * n, sizeof *e->memory);
    if (!e->memory)
        return diag_no_memory(diag);
    e->g = e->memory;
    e->residual = e->g + n;
    e->work = e->residual + n;
    e->jacobian = e->work + n;
    for (size_t k = 0; k < p; k++)
        e->column[k] = e->jacobian + (p + k) * n;
    return DEEPSTRUC_OK;
}

static deepstruc_status extend(extension *e, const deepstruc_cluster *cluster, double unit, deepstruc_fit *fit,
                               double *xyz, double *gcalc, deepstruc_diag *diag)
{
    deepstruc_fit found = *fit;
    found.converged = run(e, fit);
    describe(e, &found);
    if (!isfinite(found.rw))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the fit of a structure of %zu atoms left the finite numbers",
                         cluster->n_atoms);
    double *moved = memory_zeroed(3 * cluster->n_atoms, sizeof *moved);
    if (!moved)
        return diag_no_memory(diag);
    place_atoms(e, cluster, unit, moved);
    deepstruc_cluster refined = *cluster;
    refined.xyz = moved;
    found.bond_length = deepstruc_cluster_mean_bond(&refined) * unit * found.expansion;
    if (xyz)
        memcpy(xyz, moved, 3 * cluster->n_atoms * sizeof *xyz);
    if (gcalc)
        memcpy(gcalc, e->g, e->refiner->target->n * sizeof *gcalc);
    free(moved);
    *fit = found;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_refine_terms(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                        deepstruc_fit *fit, double *xyz, double *gcalc, deepstruc_diag *diag)
{
    const deepstruc_target *target = refiner->target;
    if (!target->terms)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no terms were asked for beyond scale, expansion and Biso");
    if (!(fit->scale > 0))
        return DEEPSTRUC_OK; /* no curve of this structure helps: further terms would fit without it */
    extension e = {.refiner = refiner};
    deepstruc_status status =
        model_create(&e.model, target->terms, target->band, cluster, unit, fit->bond_length, diag);
    if (status)
        return status;
    e.n_parameters = e.model->n_free + e.model->n_waves;
    if (e.n_parameters >= target->n)
        status = diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu parameters are too many for %zu points", e.n_parameters,
                           target->n);
    if (!status)
        status = allocate(&e, diag);
    if (!status)
        status = extend(&e, cluster, unit, fit, xyz, gcalc, diag);
    free(e.memory);
    model_destroy(e.model);
    return status;
}
