/* Row tree: the paper's classifier baseline. Its first shape, at the size that fits, is the answer; its first five are
 * scored as named shapes and types. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/tree.h"
#include "study/methods.h"

static deepstruc_status open_tree(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    tree_model *model;
    if (setup->list->left_out)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "the trees know the published shapes only, and all of them");
    if (!setup->settings->tree)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "no trees are installed; name a file with --tree");
    deepstruc_status status = tree_load(&model, setup->settings->tree, NULL, diag);
    if (status == DEEPSTRUC_OK)
        *state = model;
    return status;
}

static void close_tree(void *state)
{
    tree_destroy(state);
}

static deepstruc_status answer_tree(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    tree_model *model = state;
    deepstruc_target *target = NULL;
    tree_guess guess[STUDY_MAX_TYPES];
    candidate_pool pool = {0};
    deepstruc_status status = tree_classify(model, t->pdf, t->qmin, t->qmax, t->qdamp, guess, STUDY_MAX_TYPES, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < STUDY_MAX_TYPES; i++) {
        const deepstruc_recipe *recipe = &tree_shapes(model)->entry[guess[i].shape].recipe;
        deepstruc_recipe_name(recipe, out->shape[i], sizeof out->shape[i]);
        study_answer_add_type(out, recipe->type);
    }
    out->n_shapes = STUDY_MAX_TYPES;
    deepstruc_cluster *first;
    const bond_range bonds = {1.9, 3.7};
    status = study_target(&target, t, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_cluster_build(&first, &tree_shapes(model)->entry[guess[0].shape].recipe, 1, "X", diag);
    if (status == DEEPSTRUC_OK)
        status = pool_add(&pool, first, "tree", diag);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(&pool, 0, &bonds, target, 1, NULL, "tree", diag);
    if (status == DEEPSTRUC_OK && pool.n > 0)
        study_answer_take(out, &pool.entry[0]);
    pool_clear(&pool);
    deepstruc_target_destroy(target);
    return status;
}

const study_method study_method_tree = {
    "tree", "the shape that gradient-boosted trees name", "", open_tree, answer_tree, close_tree};
