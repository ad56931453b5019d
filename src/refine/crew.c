#include "refine/crew.h"

#include <omp.h>
#include <stdlib.h>

#include "base/comm.h"
#include "base/diag.h"
#include "base/memory.h"

enum { BATCH_PER_THREAD = 64, MAX_THREADS = 1024 };

static void dismiss(deepstruc_refiner **refiners, int n)
{
    for (int i = 0; refiners && i < n; i++)
        deepstruc_refiner_destroy(refiners[i]);
    free(refiners);
}

static deepstruc_status hire(deepstruc_refiner ***out, int n, const deepstruc_target *target, deepstruc_diag *diag)
{
    deepstruc_refiner **refiners = memory_zeroed((size_t)n, sizeof *refiners);
    deepstruc_status status = refiners ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (int i = 0; i < n && !status; i++)
        status = deepstruc_refiner_create(&refiners[i], target, diag);
    if (status)
        dismiss(refiners, n);
    else
        *out = refiners;
    return status;
}

/* This rank's items: every step-th from `first` on, since neighbours are alike in cost. */
static deepstruc_status run_own(deepstruc_refiner **refiners, size_t first, size_t n, size_t step, int threads,
                                const crew_task *task, const char *stage, double from, double to,
                                const deepstruc_progress *progress, deepstruc_diag *diag)
{
    size_t batch = (size_t)threads * BATCH_PER_THREAD * step;
    for (size_t done = first; done < n; done += batch) {
        size_t end = n - done < batch ? n : done + batch;
        int n_starved = 0;
        if (progress && progress->cancelled && progress->cancelled(progress->user))
            return diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled; nothing was written");
#pragma omp parallel for schedule(dynamic) num_threads(threads) reduction(+ : n_starved)
        for (size_t i = done; i < end; i += step)
            n_starved += task->work(task->user, i, refiners[omp_get_thread_num()]) == DEEPSTRUC_NO_MEMORY;
        if (n_starved > 0)
            return diag_no_memory(diag);
        if (progress && progress->report)
            progress->report(progress->user, stage, from + (to - from) * (double)end / (double)n);
    }
    return DEEPSTRUC_OK;
}

/* Every rank gets the results of all items. */
static deepstruc_status exchange(deepstruc_ranks *ranks, size_t n, const crew_task *task, deepstruc_diag *diag)
{
    size_t index = deepstruc_ranks_index(ranks), step = deepstruc_ranks_count(ranks);
    char *bytes = memory_zeroed(n, task->size);
    deepstruc_status status = comm_meet(ranks, bytes ? DEEPSTRUC_OK : diag_no_memory(diag), NULL, diag);
    for (size_t i = index; i < n && status == DEEPSTRUC_OK; i += step)
        task->copy(task->user, i, bytes + i * task->size, false);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_ranks_merge(ranks, bytes, n * task->size, diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        if (i % step != index)
            task->copy(task->user, i, bytes + i * task->size, true);
    free(bytes);
    return status;
}

deepstruc_status crew_run(const deepstruc_target *target, size_t n, int threads, const crew_task *task,
                          const char *stage, double from, double to, const deepstruc_progress *progress,
                          deepstruc_diag *diag)
{
    deepstruc_ranks *ranks = comm_of(progress);
    threads = threads > 0 ? threads : omp_get_max_threads();
    threads = threads > MAX_THREADS ? MAX_THREADS : threads;
    deepstruc_refiner **refiners = NULL;
    deepstruc_status status = hire(&refiners, threads, target, diag);
    if (status == DEEPSTRUC_OK)
        status = run_own(refiners, task->copy ? deepstruc_ranks_index(ranks) : 0, n,
                         task->copy ? deepstruc_ranks_count(ranks) : 1, threads, task, stage, from, to, progress, diag);
    dismiss(refiners, threads);
    status = comm_meet(ranks, status, NULL, diag);
    return status == DEEPSTRUC_OK && ranks && task->copy ? exchange(ranks, n, task, diag) : status;
}
