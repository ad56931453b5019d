#include "solve/views.h"

#include <math.h>

#include "base/diag.h"
#include "solve/evidence.h"

static const double FARTHEST = 60; /* Å */

static double end_of(const deepstruc_target *target)
{
    return target->rmin + (double)(target->n - 1) * target->rstep;
}

/* Where the evidence ends: where the fit does, or beyond the particle, whose size the last of its distances show. */
static double evidence_end(const deepstruc_target *target, const deepstruc_target *whole, const size_finding *size)
{
    static const double BEYOND = 1.15;
    if (!size->cluster)
        return end_of(target);
    const deepstruc_candidate best = {.cluster = size->cluster, .fit = size->fit};
    return fmax(end_of(target), fmin(BEYOND * deepstruc_candidate_diameter(&best), end_of(whole)));
}

double views_extent(const deepstruc_cluster *cluster)
{
    double centre[3] = {0}, most = 0;
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        centre[i % 3] += cluster->xyz[i] / (double)cluster->n_atoms;
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        const double *p = cluster->xyz + 3 * i;
        most = fmax(most, pow(p[0] - centre[0], 2) + pow(p[1] - centre[1], 2) + pow(p[2] - centre[2], 2));
    }
    return 2 * sqrt(most);
}

/* The pairs of what will be tried end here, Å. */
static double extent_of(const size_finding *size)
{
    static const double LARGER = 1.1;
    return size->cluster ? fmin(FARTHEST, LARGER * views_extent(size->cluster) * size->unit * size->fit.expansion) : 0;
}

static deepstruc_status rung_rw(double *rw, const deepstruc_target *target, const size_finding *size,
                                deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = NULL;
    deepstruc_fit fit;
    deepstruc_status status = deepstruc_refiner_create(&refiner, target, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine(refiner, size->cluster, size->unit * size->fit.expansion, &fit, NULL, diag);
    if (status == DEEPSTRUC_OK)
        *rw = fit.rw;
    deepstruc_refiner_destroy(refiner);
    return status;
}

/* Has the pairs of what will be tried count as far as they go, unless the best rung fits worse then: curves that were
 * simulated to a certain r lack the pairs beyond it. */
static deepstruc_status reach_out(deepstruc_target *target, const size_finding *size, deepstruc_diag *diag)
{
    double before = target->reach, extent = extent_of(size), rw_before, rw_after;
    if (!(extent > before))
        return DEEPSTRUC_OK;
    deepstruc_status status = rung_rw(&rw_before, target, size, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_set_reach(target, extent, diag);
    if (status == DEEPSTRUC_OK)
        status = rung_rw(&rw_after, target, size, diag);
    if (status == DEEPSTRUC_OK && rw_after > rw_before)
        status = deepstruc_target_set_reach(target, before, diag);
    return status;
}

static deepstruc_status note_motion(deepstruc_target *target, const size_finding *size)
{
    static const double NOTABLE = 0.3; /* Å²: less changes nothing */
    if (target->terms || !size->cluster || size->fit.n_terms != 1 || size->fit.term[0].value < NOTABLE)
        return DEEPSTRUC_OK;
    return notes_add(&target->assumed,
                     "delta2=%.1f: from the data; sizes, families and groups count on it, Rw does not",
                     size->fit.term[0].value);
}

deepstruc_refine_settings views_whole(const deepstruc_refine_settings *refine, const deepstruc_target *target,
                                      const deepstruc_pdf *pdf, const char *terms)
{
    deepstruc_refine_settings whole = *refine;
    whole.refine = terms;
    whole.fix = whole.bound = whole.tie = NULL;
    whole.phase2 = NULL;
    whole.qmin = target->qmin;
    whole.qmax = target->qmax;
    whole.fit_rmax = fmin(pdf->r[pdf->n_points - 1], FARTHEST);
    return whole;
}

deepstruc_status data_views_create(data_views *out, deepstruc_target *target, const deepstruc_pdf *pdf,
                                   const deepstruc_refine_settings *refine, const deepstruc_solve_settings *settings,
                                   const solve_plan *plan, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    data_views v = {0};
    deepstruc_refine_settings still = views_whole(refine, target, pdf, NULL),
                              whole = views_whole(refine, target, pdf, "delta2");
    still.fit_rmax = refine->fit_rmax;
    deepstruc_status status = deepstruc_target_create(&v.whole, pdf, &whole, diag);
    if (status == DEEPSTRUC_OK)
        status = size_find(&v.size, plan->shapes.published, v.whole, &plan->bond, (size_t)settings->max_atoms,
                           plan->threads, progress, diag);
    if (status == DEEPSTRUC_OK && isnan(still.fit_rmax))
        still.fit_rmax = evidence_end(target, v.whole, &v.size);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(&v.still, pdf, &still, diag);
    if (status == DEEPSTRUC_OK)
        status = reach_out(target, &v.size, diag);
    if (status == DEEPSTRUC_OK && target->reach > v.still->reach)
        status = deepstruc_target_set_reach(v.still, target->reach, diag);
    if (status == DEEPSTRUC_OK)
        status = size_still(v.still, &v.size, diag);
    if (status == DEEPSTRUC_OK)
        status = note_motion(target, &v.size);
    if (status == DEEPSTRUC_OK)
        *out = v;
    else
        data_views_clear(&v);
    return status;
}

void data_views_clear(data_views *views)
{
    deepstruc_target_destroy(views->whole);
    deepstruc_target_destroy(views->still);
    size_clear(&views->size);
}
