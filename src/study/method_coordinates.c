/* Rows plain-cvae and deepstruc-2023: the atoms that a published network decodes from the mean of its prior, as they
 * come, then the 3-parameter fit. */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/coordinates.h"
#include "study/methods.h"

static deepstruc_status open_file(void **state, const study_setup *setup, const char *path, const char *name,
                                  deepstruc_diag *diag)
{
    coordinates_model *model = NULL;
    if (setup->list->left_out)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "%s knows the published shapes only, and all of them", name);
    if (!path)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "no weights; train them (docs/study.md), name the file with --%s",
                         name);
    deepstruc_status status = coordinates_load(&model, path, diag);
    if (status == DEEPSTRUC_OK && strcmp(coordinates_name(model), name) != 0) {
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "is a %s, not a %s", coordinates_name(model), name);
        coordinates_destroy(model);
    }
    if (status == DEEPSTRUC_OK)
        *state = model;
    return status;
}

static deepstruc_status open_plain(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    return open_file(state, setup, setup->settings->plain, "plain-cvae", diag);
}

static deepstruc_status open_network(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    return open_file(state, setup, setup->settings->network, "deepstruc-2023", diag);
}

static void close_file(void *state)
{
    coordinates_destroy(state);
}

static deepstruc_status answer_mean(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_cluster *found = NULL;
    deepstruc_fit fit;
    deepstruc_status status = coordinates_sample(state, t->pdf, t->qmax, 0, 0, &found, 1, diag);
    if (status == DEEPSTRUC_OK && found)
        status = study_target(&target, t, diag);
    if (status == DEEPSTRUC_OK && found)
        status = deepstruc_refiner_create(&refiner, target, diag);
    if (status == DEEPSTRUC_OK && found) {
        bool fitted = deepstruc_refine(refiner, found, 1, &fit, NULL, NULL) == DEEPSTRUC_OK;
        out->expansion = fitted ? fit.expansion : 1;
        out->rw = fitted ? fit.rw : 1;
        out->n_atoms = (double)found->n_atoms;
        study_answer_add_type(out, found->type);
        out->cluster = found;
        found = NULL;
    }
    deepstruc_cluster_destroy(found);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    return status;
}

const study_method study_method_plain = {
    "plain-cvae", "the paper's baseline without a graph: its prior's mean", "", open_plain, answer_mean, close_file};
const study_method study_method_network = {
    "deepstruc-2023", "the published network: its prior's mean", "", open_network, answer_mean, close_file};
