#include "refine/crew.h"

#include <omp.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

enum { BATCH_PER_THREAD = 64, AT_ONCE = 4, MAX_THREADS = 1024 };

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

deepstruc_status crew_run(const deepstruc_target *target, size_t n, int threads, crew_work *work, void *user,
                          const char *stage, double from, double to, const deepstruc_progress *progress,
                          deepstruc_diag *diag)
{
    threads = threads > 0 ? threads : omp_get_max_threads();
    threads = threads > MAX_THREADS ? MAX_THREADS : threads;
    deepstruc_refiner **refiners;
    deepstruc_status status = hire(&refiners, threads, target, diag);
    if (status)
        return status;
    size_t batch = (size_t)threads * BATCH_PER_THREAD;
    for (size_t done = 0; done < n && !status; done += batch) {
        size_t end = n - done < batch ? n : done + batch;
        int n_starved = 0;
        if (progress && progress->cancelled && progress->cancelled(progress->user)) {
            status = diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled; nothing was written");
            break;
        }
#pragma omp parallel for schedule(dynamic, AT_ONCE) num_threads(threads) reduction(+ : n_starved)
        for (size_t i = done; i < end; i++)
            n_starved += work(user, i, refiners[omp_get_thread_num()]) == DEEPSTRUC_NO_MEMORY;
        if (n_starved > 0)
            status = diag_no_memory(diag);
        else if (progress && progress->report)
            progress->report(progress->user, stage, from + (to - from) * (double)end / (double)n);
    }
    dismiss(refiners, threads);
    return status;
}
