#include "propose/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "propose/tree_features.h"
#include "propose/tree_sum.h"
#include "propose/tree_xgboost.h"

#define TREE_MAX_BYTES ((size_t)256 << 20)

struct tree_model {
    booster *trees;
    const deepstruc_catalogue *shapes;
    deepstruc_catalogue *own; /* the same, where nobody lent any */
};

deepstruc_status tree_load(tree_model **out, const char *path, const deepstruc_catalogue *shapes, deepstruc_diag *diag)
{
    char *bytes = NULL;
    size_t size = 0;
    tree_model *model = memory_zeroed(1, sizeof *model);
    if (!model)
        return diag_no_memory(diag);
    deepstruc_status status = file_read(&bytes, &size, path, TREE_MAX_BYTES, diag);
    if (status == DEEPSTRUC_OK && !tree_sum_holds(bytes, size))
        status =
            diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                         "is no file of trees, or damaged: its sum is missing or wrong; copy it anew, or train one "
                         "with deepstruc train --arch tree");
    if (status == DEEPSTRUC_OK)
        status = booster_load(&model->trees, bytes, size, path, diag);
    free(bytes);
    if (status == DEEPSTRUC_OK) {
        const char *inputs = booster_noted(model->trees, "deepstruc_inputs");
        if (!inputs || strcmp(inputs, TREE_FEATURES_VERSION) != 0)
            status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                                  "these trees were grown on other inputs; grow them with deepstruc train --arch tree");
    }
    if (status == DEEPSTRUC_OK && !shapes)
        status = deepstruc_catalogue_paper(&model->own, diag);
    model->shapes = shapes ? shapes : model->own;
    if (status == DEEPSTRUC_OK)
        *out = model;
    else
        tree_destroy(model);
    return status;
}

void tree_destroy(tree_model *model)
{
    if (!model)
        return;
    booster_destroy(model->trees);
    deepstruc_catalogue_destroy(model->own);
    free(model);
}

const deepstruc_catalogue *tree_shapes(const tree_model *model)
{
    return model->shapes;
}

static int by_probability(const void *a, const void *b)
{
    const tree_guess *x = a, *y = b;
    if (x->probability != y->probability)
        return x->probability > y->probability ? -1 : 1;
    return x->shape < y->shape ? -1 : x->shape > y->shape;
}

deepstruc_status tree_classify(tree_model *model, const deepstruc_pdf *pdf, double qmin, double qmax, double qdamp,
                               tree_guess *guess, size_t n, deepstruc_diag *diag)
{
    float x[TREE_FEATURES];
    const float *probability = NULL;
    size_t n_classes = 0;
    fine_pdf fine = {0};
    deepstruc_status status = generate_fine(&fine, pdf, qmax, diag);
    if (status == DEEPSTRUC_OK && !tree_features(x, NULL, &fine, qmin, qmax, qdamp))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                              "the trees want G(r) from 2.2 A or less to 4 A with a peak in it");
    free(fine.g);
    if (status == DEEPSTRUC_OK)
        status = booster_predict(model->trees, x, TREE_FEATURES, &probability, &n_classes, diag);
    if (status == DEEPSTRUC_OK && n_classes != model->shapes->n)
        status = diag_fail(diag, DEEPSTRUC_BAD_INPUT, "the trees know %zu shapes, not the %zu published ones",
                           n_classes, model->shapes->n);
    if (status != DEEPSTRUC_OK)
        return status;
    tree_guess *all = memory_zeroed(n_classes, sizeof *all);
    if (!all)
        return diag_no_memory(diag);
    for (size_t i = 0; i < n_classes; i++)
        all[i] = (tree_guess){i, (double)probability[i]};
    qsort(all, n_classes, sizeof *all, by_probability);
    memcpy(guess, all, (n < n_classes ? n : n_classes) * sizeof *guess);
    free(all);
    return DEEPSTRUC_OK;
}

deepstruc_status propose_tree(candidate_pool *pool, tree_model *model, const deepstruc_pdf *pdf,
                              const deepstruc_target *target, size_t n, size_t max_atoms, deepstruc_diag *diag)
{
    size_t n_shapes = model->shapes->n;
    tree_guess *guess = memory_zeroed(n_shapes, sizeof *guess);
    if (!guess)
        return diag_no_memory(diag);
    deepstruc_status status =
        tree_classify(model, pdf, target->qmin, target->qmax, target->qdamp, guess, n_shapes, diag);
    for (size_t i = 0, taken = 0; i < n_shapes && taken < n && status == DEEPSTRUC_OK; i++) {
        const deepstruc_catalogue_entry *entry = &model->shapes->entry[guess[i].shape];
        deepstruc_cluster *cluster;
        if (entry->n_atoms > max_atoms)
            continue;
        status = deepstruc_cluster_build(&cluster, &entry->recipe, 1, "X", diag);
        if (status == DEEPSTRUC_OK)
            status = pool_add(pool, cluster, "tree", diag);
        taken++;
    }
    free(guess);
    return status;
}
