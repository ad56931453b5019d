#include "solve/models.h"

#include "base/text.h"

/* Without XGBoost, a search that did not name its methods goes on without trees. */
static deepstruc_status open_tree(solve_models *models, const solve_plan *plan,
                                  const deepstruc_solve_settings *settings, deepstruc_diag *diag)
{
    deepstruc_diag own = {0};
    deepstruc_status status = tree_load(&models->tree, settings->tree, plan->paper, &own);
    if (status == DEEPSTRUC_UNAVAILABLE && !settings->methods) {
        text_copy(models->without_tree, sizeof models->without_tree, own.message);
        return DEEPSTRUC_OK;
    }
    if (status != DEEPSTRUC_OK && diag)
        *diag = own;
    return status;
}

deepstruc_status models_open(solve_models *out, const solve_plan *plan, const deepstruc_solve_settings *settings,
                             deepstruc_diag *diag)
{
    solve_models models = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    if (plan->generate)
        status = generator_create(&models.generator, settings->model, diag);
    if (status == DEEPSTRUC_OK && plan->plain)
        status = coordinates_load(&models.plain, settings->plain, diag);
    if (status == DEEPSTRUC_OK && plan->tree)
        status = open_tree(&models, plan, settings, diag);
    if (status == DEEPSTRUC_OK)
        *out = models;
    else
        models_close(&models);
    return status;
}

void models_close(solve_models *models)
{
    generator_destroy(models->generator);
    coordinates_destroy(models->plain);
    tree_destroy(models->tree);
    *models = (solve_models){0};
}
