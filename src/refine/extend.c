/* The fit of every term that the settings ask for, from the 3-parameter optimum on. All parameters are varied together,
 * the linear ones too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/least_squares.h"
#include "refine/model.h"
#include "refine/refiner.h"

/* The scale stays within this factor of the 3-parameter fit's, the expansion within this of it: what further terms
 * change is less. */
static const double scale_room = 5, expansion_room = 0.04;

static void evaluate(void *user, const double *x, double *g, double *const *columns)
{
    model_evaluate(user, x, g, columns);
}

static double start_of(const structure_model *m, term_id id, const deepstruc_fit *fit)
{
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
        return 0.9 * m->first->parts.diameter;
    default:
        return m->terms->term[id].value;
    }
}

/* Bounds and starts of the free terms; waves have no bounds and start at 0. */
static void set_start(lsq_problem *p, const structure_model *m, const deepstruc_fit *fit)
{
    for (size_t k = 0; k < p->n_parameters; k++) {
        p->low[k] = -INFINITY;
        p->high[k] = INFINITY;
        p->x[k] = 0;
        if (k >= m->n_free)
            continue;
        term_id id = m->free[k];
        p->low[k] = m->low[id];
        p->high[k] = m->high[id];
        p->x[k] = start_of(m, id, fit);
        if (id == TERM_SCALE && !m->terms->term[id].bounded)
            p->high[k] = fmin(p->high[k], scale_room * fit->scale);
        if (id == TERM_EXPANSION && !m->terms->term[id].bounded) {
            p->low[k] = fmax(p->low[k], fit->expansion - expansion_room);
            p->high[k] = fmin(p->high[k], fit->expansion + expansion_room);
        }
    }
}

/* The broad term's rms over that of the whole curve. */
static void describe_broad(const structure_model *m, const lsq_problem *p, double qdamp, deepstruc_fit *fit)
{
    double waves = 0, all = 0;
    for (size_t i = 0; i < p->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < m->n_waves; k++)
            sum += p->x[m->n_free + k] * model_wave(m, k, peaks_r(m->band, i), qdamp);
        waves += sum * sum;
        all += p->g[i] * p->g[i];
    }
    fit->term[fit->n_terms++] = (deepstruc_term){"broad", "", sqrt(waves / all), NAN, true, false};
}

static void describe(const structure_model *m, const lsq_problem *p, const deepstruc_target *target, deepstruc_fit *fit)
{
    double value[TERM_N], esd[TERM_N];
    bool at_bound[TERM_N] = {false};
    model_values(m, p->x, value);
    for (int i = 0; i < TERM_N; i++)
        esd[i] = NAN;
    for (size_t k = 0; k < m->n_free; k++) {
        esd[m->free[k]] = p->esd[k];
        at_bound[m->free[k]] = p->at_bound[k];
    }
    fit->rw = p->rw;
    fit->rw_weighted = target->weighted ? p->rw_weighted : NAN;
    fit->scale = value[TERM_SCALE];
    fit->expansion = value[TERM_EXPANSION];
    fit->biso = value[TERM_BISO];
    fit->esd_scale = esd[TERM_SCALE];
    fit->esd_expansion = esd[TERM_EXPANSION];
    fit->esd_biso = esd[TERM_BISO];
    fit->at_bound = at_bound[TERM_SCALE] || at_bound[TERM_EXPANSION] || at_bound[TERM_BISO];
    fit->n_terms = 0;
    for (int i = TERM_BISO + 1; i < TERM_N; i++) {
        const term *t = &m->terms->term[i];
        bool silent = t->state == TERM_OFF || (t->state == TERM_TIED && t->factor == 1);
        if (!silent)
            fit->term[fit->n_terms++] = (deepstruc_term){term_name(i),
                                                         term_unit(i),
                                                         value[i],
                                                         t->state == TERM_TIED ? fabs(t->factor) * esd[t->to] : esd[i],
                                                         t->state == TERM_FREE,
                                                         at_bound[i]};
    }
    if (m->n_waves > 0)
        describe_broad(m, p, value[TERM_QDAMP], fit);
}

/* The atoms where the displacements put them, in the cluster's units. */
static void place_atoms(const structure_model *m, const double *x, const deepstruc_cluster *cluster, double unit,
                        double *xyz)
{
    double value[TERM_N];
    model_values(m, x, value);
    distances_place(
        m->first, &(distances_shape){.mode = {value[TERM_AXIAL], value[TERM_SHELL1_RADIUS], value[TERM_SHELL2_RADIUS]}},
        xyz);
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        xyz[i] = xyz[i] / unit + m->first->parts.centre[i % 3];
}

static deepstruc_status extend(const structure_model *m, lsq_problem *p, const deepstruc_target *target,
                               const deepstruc_cluster *cluster, double unit, deepstruc_fit *fit, double *xyz,
                               double *gcalc, deepstruc_diag *diag)
{
    deepstruc_fit found = *fit;
    set_start(p, m, fit);
    found.converged = lsq_run(p);
    describe(m, p, target, &found);
    if (!isfinite(found.rw))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the fit of a structure of %zu atoms left the finite numbers",
                         cluster->n_atoms);
    double *moved = memory_zeroed(3 * cluster->n_atoms, sizeof *moved);
    if (!moved)
        return diag_no_memory(diag);
    place_atoms(m, p->x, cluster, unit, moved);
    deepstruc_cluster refined = *cluster;
    refined.xyz = moved;
    found.bond_length = deepstruc_cluster_mean_bond(&refined) * unit * found.expansion;
    if (xyz)
        memcpy(xyz, moved, 3 * cluster->n_atoms * sizeof *xyz);
    if (gcalc)
        memcpy(gcalc, p->g, p->n * sizeof *gcalc);
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
    structure_model *model = NULL;
    deepstruc_status status = model_create(&model, target->terms, target->band, cluster, unit, fit->bond_length, diag);
    if (status)
        return status;
    lsq_problem p = {.n = target->n,
                     .n_parameters = model->n_free + model->n_waves,
                     .y = target->g,
                     .root_weight = refiner->root_weight,
                     .rstep = target->rstep,
                     .evaluate = evaluate,
                     .user = model};
    status = lsq_begin(&p, diag);
    if (!status)
        status = extend(model, &p, target, cluster, unit, fit, xyz, gcalc, diag);
    lsq_end(&p);
    model_destroy(model);
    return status;
}
