#include "propose/pool.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/crew.h"

typedef struct {
    pool_entry *entry;
    const deepstruc_target *target;
    deepstruc_diag *diag; /* one for each entry: written by the thread that fits it */
} extension_job;

static deepstruc_status extend_entry(void *user, size_t i, deepstruc_refiner *refiner)
{
    const extension_job *job = user;
    pool_entry *entry = &job->entry[i];
    return deepstruc_refine_terms(refiner, entry->cluster, entry->unit, &entry->fit, entry->cluster->xyz, entry->curve,
                                  &job->diag[i]);
}

/* The longest fits begin first, so that no core waits long for the last of them. */
static int by_falling_size(const void *a, const void *b)
{
    const pool_entry *x = a, *y = b;
    return (x->cluster->n_atoms < y->cluster->n_atoms) - (x->cluster->n_atoms > y->cluster->n_atoms);
}

deepstruc_status pool_extend(candidate_pool *pool, size_t n, const deepstruc_target *target, int threads,
                             const char *stage, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    n = n < pool->n ? n : pool->n;
    if (!target->terms || n == 0)
        return DEEPSTRUC_OK;
    extension_job job = {pool->entry, target, memory_zeroed(n, sizeof *job.diag)};
    if (!job.diag)
        return diag_no_memory(diag);
    qsort(pool->entry, n, sizeof *pool->entry, by_falling_size);
    const crew_task task = {.work = extend_entry, .user = &job};
    deepstruc_status status = crew_run(target, n, threads, &task, stage, 0, 1, progress, diag);
    size_t n_failed = 0;
    for (size_t i = 0; i < n && !status; i++)
        n_failed += job.diag[i].status != DEEPSTRUC_OK;
    if (!status && n_failed == n)
        status = diag_fail(diag, job.diag[0].status, "%s", job.diag[0].message);
    free(job.diag);
    if (!status)
        pool_sort(pool);
    return status;
}
