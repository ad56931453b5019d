/* Climbing within solve. */
#include "propose/climb.h"
#include "solve/proposals.h"

deepstruc_status proposals_climb(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                 const generator *model, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    frame_set *own = NULL;
    size_t first = pool->n;
    climb_settings settings = {
        .target = solution->target, .max_atoms = (size_t)solution->settings.max_atoms, .threads = plan->threads};
    deepstruc_status status = model ? DEEPSTRUC_OK : frame_set_create(&own, diag);
    settings.frames = model ? generator_frames(model) : own;
    if (status == DEEPSTRUC_OK)
        status = propose_climb(pool, &settings, progress, diag);
    bool found = status == DEEPSTRUC_OK && pool->n > first;
    if (found)
        status = pool_fit(pool, first, &plan->bond, solution->target, plan->threads, progress, "atoms", diag);
    if (found && status == DEEPSTRUC_OK)
        pool_rank(pool, DEEPSTRUC_MAX_GROUPED);
    frame_set_destroy(own);
    return status;
}
