/* Many structures fitted. */
#include <math.h>

#include "refine/crew.h"

static deepstruc_status fit_job(void *user, size_t i, deepstruc_refiner *refiner)
{
    deepstruc_refine_job *job = (deepstruc_refine_job *)user + i;
    deepstruc_status status = deepstruc_refine_wide(refiner, job->cluster, job->unit_low, job->unit_high, &job->unit,
                                                    &job->fit, job->curve, NULL);
    if (status)
        job->fit = (deepstruc_fit){.rw = NAN};
    return status;
}

deepstruc_status deepstruc_refine_many(const deepstruc_target *target, deepstruc_refine_job *jobs, size_t n,
                                       int threads, const char *stage, const deepstruc_progress *progress,
                                       deepstruc_diag *diag)
{
    return crew_run(target, n, threads, fit_job, jobs, stage, 0, 1, progress, diag);
}
