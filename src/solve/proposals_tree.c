/* The tree baseline within solve: its most probable shapes, fitted with the size free like all others. */
#include "solve/proposals.h"

enum { N_SHAPES = 20 }; /* on the published test the right one is among the first five 99.5 times in 100 */

deepstruc_status proposals_tree(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                tree_model *model, const deepstruc_pdf *pdf, const deepstruc_progress *progress,
                                deepstruc_diag *diag)
{
    const deepstruc_target *target = solution->target;
    size_t first = pool->n, max_atoms = (size_t)solution->settings.max_atoms;
    deepstruc_status status = propose_tree(pool, model, pdf, target, N_SHAPES, max_atoms, diag);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &plan->bond, target, plan->threads, progress, "trees", diag);
    return status;
}
