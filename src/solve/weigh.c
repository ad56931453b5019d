#include "solve/weigh.h"

#include <string.h>

#include "refine/crew.h"

typedef struct {
    const candidate_pool *pool;
    double *curves;
    size_t n_points;
} weighing;

static deepstruc_status weigh_entry(void *user, size_t i, deepstruc_refiner *refiner)
{
    static const double ROOM = 0.02; /* of the size: correlated motion moves it by less */
    static const double FAR = 1.5;   /* times the best Rw: such a candidate has no weight, fitted again or not */
    const weighing *w = user;
    const pool_entry *entry = &w->pool->entry[i], *best = &w->pool->entry[0];
    return refiner_follow(refiner, entry->cluster, entry->unit * entry->fit.expansion, entry->fit.biso,
                          entry->fit.rw <= FAR * best->fit.rw ? ROOM : 0, w->curves + i * w->n_points, NULL);
}

static void copy_curve(void *user, size_t i, void *bytes, bool take)
{
    const weighing *w = user;
    double *curve = w->curves + i * w->n_points;
    memcpy(take ? curve : bytes, take ? bytes : curve, w->n_points * sizeof *curve);
}

deepstruc_status weigh_curves(double *curves, const candidate_pool *pool, const deepstruc_target *still, int threads,
                              const deepstruc_progress *progress, deepstruc_diag *diag)
{
    weighing w = {pool, curves, still->n};
    const crew_task task = {weigh_entry, copy_curve, still->n * sizeof *curves, &w};
    return crew_run(still, pool->n, threads, &task, "evidence", 0, 1, progress, diag);
}
