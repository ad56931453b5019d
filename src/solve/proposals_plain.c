/* The plain CVAE within solve: atoms as its decoder places them. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "solve/proposals.h"

deepstruc_status proposals_plain(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                 coordinates_model *model, const deepstruc_pdf *pdf, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    const deepstruc_solve_settings *settings = &solution->settings;
    const deepstruc_target *target = solution->target;
    size_t first = pool->n, n = (size_t)settings->samples;
    deepstruc_cluster **made = memory_zeroed(n, sizeof *made);
    if (!made)
        return diag_no_memory(diag);
    deepstruc_status status =
        coordinates_sample(model, pdf, target->qmax, settings->sigma, (uint64_t)settings->seed, made, n, diag);
    for (size_t i = 0; i < n; i++)
        if (made[i] && status == DEEPSTRUC_OK && made[i]->n_atoms <= (size_t)settings->max_atoms)
            status = pool_add(pool, made[i], "plain-cvae", diag);
        else
            deepstruc_cluster_destroy(made[i]);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &plan->bond, target, plan->threads, progress, "plain CVAE", diag);
    free(made);
    return status;
}
