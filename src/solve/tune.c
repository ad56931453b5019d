#include "solve/tune.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"

enum { N_PANEL = 4, MOST_REACH = 6 };
static const double LOWEST = 0.5, HIGHEST = 2.6; /* 1/Å */
/* First coarse, then about the best of those. */
static const struct {
    double step; /* 1/Å */
    int reach;   /* steps to either side */
} passes[] = {{0.05, MOST_REACH}, {0.0125, 2}};
/* Of Rw: less is within what the shapes of the panel get wrong, unless they get next to nothing wrong. That much for
 * 18.5 Å of data; shorter ones hardly show where Q begins. */
static const double CLEARLY = 0.003, CLEAR_SHARE = 0.1, USUAL_RANGE = 18.5;

typedef struct {
    size_t n;
    deepstruc_cluster *cluster[N_PANEL];
    double unit[N_PANEL];
} fit_panel;

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
        status = deepstruc_cluster_build(&panel->cluster[i], &paper->entry[hit[i].i_entry].recipe, 1, "X", diag);
        panel->unit[i] = hit[i].unit;
        panel->n += status == DEEPSTRUC_OK;
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

/* One qmin that may be better. */
typedef struct {
    double qmin, rw;
    deepstruc_status status;
    deepstruc_diag diag;
} trial;

static void try_qmin(trial *t, const fit_panel *panel, const deepstruc_target *target,
                     const deepstruc_refine_settings *settings, const deepstruc_pdf *pdf)
{
    deepstruc_refine_settings with = *settings;
    deepstruc_target *other = NULL;
    with.qmin = t->qmin;
    with.qmax = target->qmax;
    t->status = deepstruc_target_create(&other, pdf, &with, &t->diag);
    if (t->status == DEEPSTRUC_OK)
        t->status = panel_rw(&t->rw, panel, other, &t->diag);
    deepstruc_target_destroy(other);
}

/* The qmin about *qmin at which the panel's best fit is best, if better than *rw. */
static deepstruc_status panel_search(double *qmin, double *rw, double step, int reach, const fit_panel *panel,
                                     const deepstruc_target *target, const deepstruc_refine_settings *settings,
                                     const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    trial trials[2 * MOST_REACH];
    int n = 0;
    for (int k = -reach; k <= reach; k++) {
        double at = *qmin + k * step;
        if (k != 0 && at >= LOWEST && at <= HIGHEST)
            trials[n++] = (trial){.qmin = at};
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < n; i++)
        try_qmin(&trials[i], panel, target, settings, pdf);
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

deepstruc_status tune_qmin(deepstruc_target **target, deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                           const solve_plan *plan, deepstruc_diag *diag)
{
    if (!isnan(settings->qmin))
        return DEEPSTRUC_OK;
    fit_panel panel = {0};
    double rw = INFINITY, qmin = (*target)->qmin;
    deepstruc_status status = panel_make(&panel, *target, plan, diag);
    if (status == DEEPSTRUC_OK)
        status = panel_rw(&rw, &panel, *target, diag);
    double range = (double)((*target)->n - 1) * (*target)->rstep, best = rw;
    double clearly = fmin(CLEARLY, CLEAR_SHARE * rw) * fmax(1, pow(USUAL_RANGE / range, 2));
    for (size_t i = 0; i < sizeof passes / sizeof *passes && status == DEEPSTRUC_OK && panel.n > 0; i++)
        status = panel_search(&qmin, &best, passes[i].step, passes[i].reach, &panel, *target, settings, pdf, diag);
    if (status == DEEPSTRUC_OK && best < rw - clearly) {
        deepstruc_target *better = NULL;
        deepstruc_refine_settings tuned = *settings;
        tuned.qmin = qmin;
        tuned.qmax = isnan(settings->qmax) ? (*target)->qmax : settings->qmax;
        status = deepstruc_target_create(&better, pdf, &tuned, diag);
        if (status == DEEPSTRUC_OK) {
            notes_clear(&better->assumed); /* the first target's say the same and where its q range came from */
            status = notes_append(&better->assumed, &(*target)->assumed);
        }
        if (status == DEEPSTRUC_OK)
            status = notes_add(&better->assumed, "qmin=%.3g: by fit (Rw %.3f; at %.3g it is %.3f)", qmin, best,
                               (*target)->qmin, rw);
        if (status == DEEPSTRUC_OK) {
            deepstruc_target_destroy(*target);
            *target = better;
            *settings = tuned;
        }
    }
    for (size_t i = 0; i < panel.n; i++)
        deepstruc_cluster_destroy(panel.cluster[i]);
    return status;
}
