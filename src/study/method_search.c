/* Rows library, generate and solve: a search through the published catalogue, `solve` with the network alone, and all
 * that `solve` does. Shapes that the protocol holds out are in no catalogue. */
#include <omp.h>
#include <stdlib.h>

#include <deepstruc/solve.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/library.h"
#include "study/methods.h"

static deepstruc_status open_search(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    study_setup *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    *s = *setup;
    *state = s;
    return DEEPSTRUC_OK;
}

static void close_search(void *state)
{
    free(state);
}

static deepstruc_status answer_library(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    const study_setup *s = state;
    deepstruc_target *target = NULL;
    deepstruc_catalogue *published = NULL;
    candidate_pool pool = {0};
    deepstruc_status status = study_target(&target, t, diag);
    if (status == DEEPSTRUC_OK)
        status = library_published(&published, s->list->left_out, diag);
    library_settings library = {.extent = LIBRARY_PAPER,
                                .published = published,
                                .max_atoms = 200,
                                .bond = {1.9, 3.7},
                                .threads = omp_get_max_threads(),
                                .left_out = s->list->left_out};
    if (status == DEEPSTRUC_OK)
        status = propose_library(&pool, &library, target, NULL, diag);
    if (status == DEEPSTRUC_OK)
        pool_rank(&pool, 100);
    if (status == DEEPSTRUC_OK && pool.n > 0) {
        for (size_t i = 0; i < pool.n; i++)
            study_answer_add_type(out, deepstruc_cluster_classify(pool.entry[i].cluster));
        study_answer_take(out, &pool.entry[0]);
    }
    pool_clear(&pool);
    deepstruc_catalogue_destroy(published);
    deepstruc_target_destroy(target);
    return status;
}

/* `methods` as in solve; NULL: all. */
static deepstruc_status solve_with(const char *methods, void *state, const test_case *t, study_answer *out,
                                   deepstruc_diag *diag)
{
    const study_setup *s = state;
    deepstruc_solution *solution = NULL;
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    settings.refine.qmin = t->qmin;
    settings.refine.qmax = t->qmax;
    settings.refine.qdamp = t->qdamp;
    settings.methods = methods;
    settings.model = s->settings->model;
    settings.seed = s->settings->seed;
    settings.left_out = s->list->left_out;
    deepstruc_status status = deepstruc_solve(&solution, t->pdf, &settings, NULL, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (solution->n_candidates > 0) {
        deepstruc_candidate *best = &solution->candidate[0];
        for (size_t i = 0; i < solution->n_candidates; i++)
            study_answer_add_type(out, solution->candidate[i].cluster->type);
        out->cluster = best->cluster; /* refined already */
        best->cluster = NULL;
        out->expansion = 1;
        out->rw = best->fit.rw;
        out->n_atoms = (double)out->cluster->n_atoms;
    }
    deepstruc_solution_destroy(solution);
    return DEEPSTRUC_OK;
}

static deepstruc_status answer_solve(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    return solve_with(NULL, state, t, out, diag);
}

static deepstruc_status answer_generate(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    return solve_with("generate", state, t, out, diag);
}

const study_method study_method_library = {
    "library", "a search through the published catalogue", "", open_search, answer_library, close_search};
const study_method study_method_generate = {
    "generate", "the best of the network's 1000 samples by its fit", NULL, open_search, answer_generate, close_search};
const study_method study_method_solve = {"solve", "all that solve does", NULL, open_search, answer_solve, close_search};
