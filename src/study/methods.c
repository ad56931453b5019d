#include "study/methods.h"

#include <stddef.h>

/* In the order of their rows. */
const study_method *const study_methods[] = {&study_method_model,
                                             &study_method_nearest,
                                             &study_method_library,
                                             &study_method_tree,
                                             &study_method_plain,
                                             &study_method_network,
                                             &study_method_stacking,
                                             &study_method_stacking_best,
                                             &study_method_generate,
                                             &study_method_solve,
                                             NULL};

void study_answer_free(study_answer *answer)
{
    deepstruc_cluster_destroy(answer->cluster);
    *answer = (study_answer){0};
}

void study_answer_add_type(study_answer *answer, deepstruc_type type)
{
    for (size_t i = 0; i < answer->n_types; i++)
        if (answer->type[i] == type)
            return;
    if (answer->n_types < STUDY_MAX_TYPES)
        answer->type[answer->n_types++] = type;
}

void study_answer_take(study_answer *answer, pool_entry *entry)
{
    for (size_t i = 0; i < 3 * entry->cluster->n_atoms; i++)
        entry->cluster->xyz[i] *= entry->unit;
    answer->cluster = entry->cluster;
    entry->cluster = NULL;
    answer->expansion = entry->fit.expansion;
    answer->rw = entry->fit.rw;
    answer->n_atoms = (double)answer->cluster->n_atoms;
}

deepstruc_status study_target(deepstruc_target **out, const test_case *t, deepstruc_diag *diag)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = t->qmin;
    settings.qmax = t->qmax;
    settings.qdamp = t->qdamp;
    return deepstruc_target_create(out, t->pdf, &settings, diag);
}

deepstruc_status study_best_fit(const test_case *t, const void *made, size_t n,
                                const deepstruc_cluster *(*cluster_of)(const void *made, size_t i), size_t *best,
                                deepstruc_fit *fit, deepstruc_diag *diag)
{
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = study_target(&target, t, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refiner_create(&refiner, target, diag);
    *best = n;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        deepstruc_fit trial;
        if (deepstruc_refine(refiner, cluster_of(made, i), 1, &trial, NULL, NULL) == DEEPSTRUC_OK &&
            (*best == n || trial.rw < fit->rw)) {
            *best = i;
            *fit = trial;
        }
    }
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    return status;
}
