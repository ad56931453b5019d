/* Many structures fitted. */
#include <math.h>
#include <string.h>

#include "refine/crew.h"

typedef struct {
    deepstruc_refine_job *job;
    size_t n_points;
} fits;

static deepstruc_status fit_job(void *user, size_t i, deepstruc_refiner *refiner)
{
    deepstruc_refine_job *job = ((fits *)user)->job + i;
    deepstruc_status status = deepstruc_refine_wide(refiner, job->cluster, job->unit_low, job->unit_high, &job->unit,
                                                    &job->fit, job->curve, NULL);
    if (status)
        job->fit = (deepstruc_fit){.rw = NAN};
    return status;
}

static void move(void *at, void *bytes, size_t size, bool take)
{
    memcpy(take ? at : bytes, take ? bytes : at, size);
}

static void copy_fit(void *user, size_t i, void *bytes, bool take)
{
    deepstruc_refine_job *job = ((fits *)user)->job + i;
    char *at = bytes;
    move(&job->fit, at, sizeof job->fit, take);
    move(&job->unit, at + sizeof job->fit, sizeof job->unit, take);
    if (job->curve)
        move(job->curve, at + sizeof job->fit + sizeof job->unit, ((fits *)user)->n_points * sizeof *job->curve, take);
}

deepstruc_status deepstruc_refine_many(const deepstruc_target *target, deepstruc_refine_job *jobs, size_t n,
                                       int threads, const char *stage, const deepstruc_progress *progress,
                                       deepstruc_diag *diag)
{
    fits all = {jobs, target->n};
    size_t size = sizeof jobs->fit + sizeof jobs->unit + target->n * sizeof *jobs->curve;
    const crew_task task = {fit_job, copy_fit, size, &all};
    return crew_run(target, n, threads, &task, stage, 0, 1, progress, diag);
}
