/* The plain CVAE within solve: atoms as its decoder places them. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/coordinates.h"
#include "solve/plan.h"

deepstruc_status plan_plain(candidate_pool *pool, const solve_plan *plan, const deepstruc_solve_settings *settings,
                            const deepstruc_pdf *pdf, const deepstruc_target *target,
                            const deepstruc_progress *progress, deepstruc_diag *diag)
{
    coordinates_model *model = NULL;
    size_t first = pool->n, n = (size_t)settings->samples;
    deepstruc_cluster **made = memory_zeroed(n, sizeof *made);
    deepstruc_status status = made ? coordinates_load(&model, settings->plain, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = coordinates_sample(model, pdf, target->qmax, settings->sigma, (uint64_t)settings->seed, made, n, diag);
    for (size_t i = 0; made && i < n; i++)
        if (made[i] && status == DEEPSTRUC_OK && made[i]->n_atoms <= (size_t)settings->max_atoms)
            status = pool_add(pool, made[i], "plain-cvae", diag);
        else
            deepstruc_cluster_destroy(made[i]);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &plan->bond, target, plan->threads, progress, "plain CVAE", diag);
    free(made);
    coordinates_destroy(model);
    return status;
}
