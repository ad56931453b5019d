/* The generative model within solve. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "solve/locate.h"
#include "solve/proposals.h"

/* Hands the generated structures over to the pool. */
static deepstruc_status add_structures(candidate_pool *pool, generation *done, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < done->n && status == DEEPSTRUC_OK; i++) {
        status = pool_add(pool, done->structure[i].cluster, "generate", diag);
        done->structure[i].cluster = NULL;
    }
    return status;
}

static deepstruc_status place_on_map(deepstruc_solution *solution, const generator *model, const generation *done,
                                     deepstruc_diag *diag)
{
    if (done->n_views == 0)
        return DEEPSTRUC_OK;
    deepstruc_latent_map *map = memory_zeroed(1, sizeof *map);
    if (!map)
        return diag_no_memory(diag);
    deepstruc_status status = locate_points(map, model, diag);
    if (status != DEEPSTRUC_OK) {
        free(map);
        return status;
    }
    for (int axis = 0; axis < 2; axis++) {
        map->mean[axis] = done->view[0].map_mean[axis];
        map->sigma[axis] = done->view[0].map_sigma[axis];
    }
    solution->latent = map;
    return DEEPSTRUC_OK;
}

deepstruc_status proposals_generate(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                    const generator *model, const deepstruc_pdf *pdf,
                                    const deepstruc_progress *progress, deepstruc_diag *diag)
{
    const deepstruc_solve_settings *wanted = &solution->settings;
    generation *done = NULL;
    generate_settings settings = generate_settings_default();
    settings.n_samples = (size_t)wanted->samples;
    settings.sigma = wanted->sigma;
    settings.qmin = solution->target->qmin;
    settings.qmax = solution->target->qmax;
    settings.qdamp = solution->target->qdamp;
    settings.bond_min = plan->bond.low;
    settings.bond_max = plan->bond.high;
    settings.max_atoms = (size_t)wanted->max_atoms;
    settings.focus = plan->focus;
    settings.seed = (uint64_t)wanted->seed;
    size_t first = pool->n;
    text_copy(solution->model_hash, sizeof solution->model_hash, generator_hash(model));
    deepstruc_status status = propose_generate(&done, model, pdf, &settings, diag);
    if (status == DEEPSTRUC_OK)
        status = place_on_map(solution, model, done, diag);
    if (status == DEEPSTRUC_OK)
        status = add_structures(pool, done, diag);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &plan->bond, solution->target, plan->threads, progress, "generated", diag);
    generation_destroy(done);
    return status;
}
