#include "solve/tune.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"

enum { N_PANEL = 4, MOST_REACH = 6 };
/* 1/Å. A measurement begins in the first range; the small angles below it are in simulated PDFs. */
typedef struct {
    double low, high;
} q_range;
static const q_range MEASURED = {0.4, 2.6}, SMALL_ANGLES = {0, 0.5};
static const double MIDDLE = 0.25;                              /* 1/Å: of the small angles */
static const double GLANCE = 0.1, COARSE = 0.05, FINE = 0.0125; /* 1/Å: steps of qmin */
/* Of the best Rw without them, that with small angles, which change the whole curve: with the wrong qmin nothing fits.
 * Headers that speak of them are often a program's default. */
static const double FAR_BETTER = 0.7, BETTER = 0.9;
/* Of Rw: less is within what the shapes of the panel get wrong, unless they get next to nothing wrong. That much for
 * 18.5 Å of data; shorter ones hardly show where Q begins. */
static const double CLEARLY = 0.003, CLEAR_SHARE = 0.1, USUAL_RANGE = 18.5;

typedef struct {
    size_t n;
    const deepstruc_cluster *cluster[N_PANEL];
    double unit[N_PANEL];
    size_t n_built;
    deepstruc_cluster *built[N_PANEL]; /* of them, those that are the panel's own */
} fit_panel;

static void panel_add(fit_panel *panel, const deepstruc_cluster *cluster, double unit)
{
    panel->cluster[panel->n] = cluster;
    panel->unit[panel->n++] = unit;
}

static void panel_clear(fit_panel *panel)
{
    for (size_t i = 0; i < panel->n_built; i++)
        deepstruc_cluster_destroy(panel->built[i]);
    *panel = (fit_panel){0};
}

/* The published shapes that fit best, built. */
static deepstruc_status panel_make(fit_panel *panel, const deepstruc_target *target, const solve_plan *plan,
                                   deepstruc_diag *diag)
{
    const deepstruc_catalogue *paper = plan->paper;
    deepstruc_screen_hit hit[N_PANEL];
    size_t n_hits = 0;
    deepstruc_status status = deepstruc_refine_screen(target, paper->entry, paper->n, plan->bond.low, plan->bond.high,
                                                      hit, N_PANEL, &n_hits, plan->threads, "qmin", NULL, diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < n_hits; i++) {
        status = deepstruc_cluster_build(&panel->built[i], &paper->entry[hit[i].i_entry].recipe, 1, "X", diag);
        if (status != DEEPSTRUC_OK)
            break;
        panel->n_built++;
        panel_add(panel, panel->built[i], hit[i].unit);
    }
    return status;
}

static deepstruc_status panel_rw(double *rw, const fit_panel *panel, const deepstruc_target *target,
                                 deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = deepstruc_refiner_create(&refiner, target, diag);
    *rw = INFINITY;
    for (size_t i = 0; i < panel->n && status == DEEPSTRUC_OK; i++) {
        deepstruc_fit fit;
        status = deepstruc_refine(refiner, panel->cluster[i], panel->unit[i], &fit, NULL, diag);
        if (status == DEEPSTRUC_OK)
            *rw = fmin(*rw, fit.rw);
    }
    deepstruc_refiner_destroy(refiner);
    return status;
}

/* What a qmin is tried on. */
typedef struct {
    const deepstruc_target *target;
    const deepstruc_refine_settings *settings;
    const deepstruc_pdf *pdf;
} tuning;

/* One qmin that may be better. */
typedef struct {
    double qmin, rw;
    deepstruc_status status;
    deepstruc_diag diag;
} trial;

static void try_qmin(trial *t, const fit_panel *panel, const tuning *on)
{
    deepstruc_refine_settings with = *on->settings;
    deepstruc_target *other = NULL;
    with.qmin = t->qmin;
    with.qmax = on->target->qmax;
    t->status = deepstruc_target_create(&other, on->pdf, &with, &t->diag);
    if (t->status == DEEPSTRUC_OK)
        t->status = panel_rw(&t->rw, panel, other, &t->diag);
    deepstruc_target_destroy(other);
}

/* The qmin about *qmin at which the panel's best fit is best, if better than *rw. */
static deepstruc_status panel_search(double *qmin, double *rw, q_range range, double step, int reach,
                                     const fit_panel *panel, const tuning *on, deepstruc_diag *diag)
{
    trial trials[2 * MOST_REACH];
    int n = 0;
    for (int k = -reach; k <= reach; k++) {
        double at = *qmin + k * step;
        if (k != 0 && at >= range.low && at <= range.high)
            trials[n++] = (trial){.qmin = at};
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < n; i++)
        try_qmin(&trials[i], panel, on);
    for (int i = 0; i < n; i++) {
        if (trials[i].status != DEEPSTRUC_OK) {
            if (diag)
                *diag = trials[i].diag;
            return trials[i].status;
        }
        if (trials[i].rw < *rw) {
            *rw = trials[i].rw;
            *qmin = trials[i].qmin;
        }
    }
    return DEEPSTRUC_OK;
}

/* First coarse, then about the best of those. */
static deepstruc_status search_about(double *qmin, double *rw, q_range range, const fit_panel *panel, const tuning *on,
                                     deepstruc_diag *diag)
{
    deepstruc_status status = panel_search(qmin, rw, range, COARSE, MOST_REACH, panel, on, diag);
    if (status == DEEPSTRUC_OK)
        status = panel_search(qmin, rw, range, FINE, 2, panel, on, diag);
    return status;
}

/* A target at another qmin that says what this one says about its data. */
static deepstruc_status target_at(deepstruc_target **out, double qmin, deepstruc_refine_settings *settings,
                                  const deepstruc_target *target, const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    settings->qmin = qmin;
    settings->qmax = isnan(settings->qmax) ? target->qmax : settings->qmax;
    deepstruc_status status = deepstruc_target_create(out, pdf, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    notes_clear(&(*out)->assumed); /* the first target's say the same and where its q range came from */
    return notes_append(&(*out)->assumed, &target->assumed);
}

/* The target at another qmin in the place of this one, with a note. */
static deepstruc_status move_target(deepstruc_target **target, deepstruc_refine_settings *settings, double qmin,
                                    double rw, double rw_before, const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    deepstruc_target *better = NULL;
    deepstruc_refine_settings tuned = *settings;
    deepstruc_status status = target_at(&better, qmin, &tuned, *target, pdf, diag);
    if (status == DEEPSTRUC_OK)
        status = notes_add(&better->assumed, "qmin=%.3g: by fit (Rw %.3f; at %.3g it is %.3f)", qmin, rw,
                           (*target)->qmin, rw_before);
    if (status != DEEPSTRUC_OK) {
        deepstruc_target_destroy(better);
        return status;
    }
    deepstruc_target_destroy(*target);
    *target = better;
    *settings = tuned;
    return DEEPSTRUC_OK;
}

/* The best qmin at small angles, if they fit better than *rw. Mostly they do not, and a glance tells. */
static deepstruc_status search_small_angles(double *qmin, double *rw, const fit_panel *panel, const tuning *on,
                                            deepstruc_diag *diag)
{
    double at = MIDDLE, best = *rw;
    deepstruc_status status = panel_search(&at, &best, SMALL_ANGLES, GLANCE, 2, panel, on, diag);
    if (status != DEEPSTRUC_OK || !(best < BETTER * *rw))
        return status;
    status = search_about(&at, &best, SMALL_ANGLES, panel, on, diag);
    if (status == DEEPSTRUC_OK) {
        *qmin = at;
        *rw = best;
    }
    return status;
}

static bool has_small_angles(double rw_with, double rw_without, const deepstruc_pdf *pdf)
{
    return rw_with < (pdf->qmin < SMALL_ANGLES.high ? BETTER : FAR_BETTER) * rw_without;
}

/* First with the shapes that fit best without small angles, then with those that fit best with them. */
static deepstruc_status look_for_small_angles(double *qmin, double *rw, const fit_panel *known, const tuning *on,
                                              const solve_plan *plan, deepstruc_diag *diag)
{
    double at, best = *rw;
    deepstruc_status status = search_small_angles(&at, &best, known, on, diag);
    if (status != DEEPSTRUC_OK || !(best < *rw))
        return status;
    deepstruc_refine_settings low = *on->settings;
    deepstruc_target *other = NULL;
    fit_panel panel = {0};
    status = target_at(&other, at, &low, on->target, on->pdf, diag);
    if (status == DEEPSTRUC_OK)
        status = panel_make(&panel, other, plan, diag);
    if (status == DEEPSTRUC_OK)
        status = search_about(&at, &best, SMALL_ANGLES, &panel, on, diag);
    if (status == DEEPSTRUC_OK && has_small_angles(best, *rw, on->pdf)) {
        *qmin = at;
        *rw = best;
    }
    panel_clear(&panel);
    deepstruc_target_destroy(other);
    return status;
}

deepstruc_status tune_qmin(deepstruc_target **target, deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                           const solve_plan *plan, deepstruc_diag *diag)
{
    if (!isnan(settings->qmin))
        return DEEPSTRUC_OK;
    const tuning on = {*target, settings, pdf};
    fit_panel panel = {0};
    double rw = INFINITY, qmin = (*target)->qmin;
    deepstruc_status status = panel_make(&panel, *target, plan, diag);
    if (status == DEEPSTRUC_OK)
        status = panel_rw(&rw, &panel, *target, diag);
    double range = (double)((*target)->n - 1) * (*target)->rstep, best = rw;
    double clearly = fmin(CLEARLY, CLEAR_SHARE * rw) * fmax(1, pow(USUAL_RANGE / range, 2));
    if (status == DEEPSTRUC_OK && panel.n > 0)
        status = search_about(&qmin, &best, MEASURED, &panel, &on, diag);
    if (status == DEEPSTRUC_OK && panel.n > 0)
        status = look_for_small_angles(&qmin, &best, &panel, &on, plan, diag);
    if (status == DEEPSTRUC_OK && best < rw - clearly)
        status = move_target(target, settings, qmin, best, rw, pdf, diag);
    panel_clear(&panel);
    return status;
}

deepstruc_status tune_qmin_by_given(deepstruc_target **target, deepstruc_refine_settings *settings,
                                    const deepstruc_pdf *pdf, const deepstruc_cluster *const *given, size_t n,
                                    deepstruc_diag *diag)
{
    if (!isnan(settings->qmin) || (*target)->qmin < SMALL_ANGLES.high)
        return DEEPSTRUC_OK;
    const tuning on = {*target, settings, pdf};
    fit_panel panel = {0};
    for (size_t i = 0; i < n && i < N_PANEL; i++)
        panel_add(&panel, given[i], 1);
    double rw, qmin, best;
    deepstruc_status status = panel_rw(&rw, &panel, *target, diag);
    best = rw;
    if (status == DEEPSTRUC_OK)
        status = search_small_angles(&qmin, &best, &panel, &on, diag);
    if (status == DEEPSTRUC_OK && has_small_angles(best, rw, pdf))
        status = move_target(target, settings, qmin, best, rw, pdf, diag);
    return status;
}

deepstruc_status tune_qmin_by_pool(tuned_qmin *out, const candidate_pool *pool, const deepstruc_target *target,
                                   const deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                                   deepstruc_diag *diag)
{
    const tuning on = {target, settings, pdf};
    fit_panel panel = {0};
    double before;
    *out = (tuned_qmin){.qmin = target->qmin};
    if (!(target->qmin < SMALL_ANGLES.high) || pool->n == 0)
        return DEEPSTRUC_OK;
    for (size_t i = 0; i < pool->n && i < N_PANEL; i++)
        panel_add(&panel, pool->entry[i].cluster, pool->entry[i].unit);
    deepstruc_status status = panel_rw(&before, &panel, target, diag);
    out->rw = before;
    if (status == DEEPSTRUC_OK)
        status = search_about(&out->qmin, &out->rw, SMALL_ANGLES, &panel, &on, diag);
    out->told = status == DEEPSTRUC_OK && out->rw < BETTER * before;
    return status;
}

deepstruc_status tuned_qmin_note(const tuned_qmin *found, deepstruc_target *target)
{
    return notes_add(&target->assumed, "qmin=%.3g: by fit (Rw %.3f)", found->qmin, found->rw);
}
