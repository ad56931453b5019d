/* The tree baseline within solve: its most probable shapes, fitted with the size free like all others. */
#include "base/diag.h"
#include "propose/tree.h"
#include "solve/plan.h"

enum { N_SHAPES = 20 }; /* on the published test the right one is among the first five 99.5 times in 100 */

deepstruc_status plan_tree(candidate_pool *pool, const solve_plan *plan, const deepstruc_solve_settings *settings,
                           const deepstruc_pdf *pdf, const deepstruc_target *target, const deepstruc_progress *progress,
                           deepstruc_diag *diag)
{
    tree_model *model = NULL;
    size_t first = pool->n;
    deepstruc_status status = tree_load(&model, settings->tree, plan->paper, diag);
    if (status == DEEPSTRUC_OK)
        status = propose_tree(pool, model, pdf, target, N_SHAPES, (size_t)settings->max_atoms, diag);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &plan->bond, target, plan->threads, progress, "trees", diag);
    tree_destroy(model);
    return status;
}
