/* Row default-model: the network alone. Its single answer under each hypothesis of the bond length, of which the one
 * that fits best is taken. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/generate.h"
#include "study/methods.h"

typedef struct {
    generator *model;
    generate_settings ask;
} model_state;

static void close_model(void *state)
{
    model_state *s = state;
    if (s)
        generator_destroy(s->model);
    free(s);
}

static deepstruc_status open_model(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    enum { ONE_PER_HYPOTHESIS = 8 };
    const deepstruc_evaluate_settings *settings = setup->settings;
    if (!settings->model)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "no model is installed; name a file with --model");
    model_state *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->ask = generate_settings_default();
    s->ask.n_samples = settings->samples > ONE_PER_HYPOTHESIS ? (size_t)settings->samples : ONE_PER_HYPOTHESIS;
    s->ask.sigma = settings->sigma;
    s->ask.seed = (uint64_t)settings->seed;
    deepstruc_status status = generator_create(&s->model, settings->model, diag);
    if (status != DEEPSTRUC_OK) {
        close_model(s);
        return status;
    }
    *state = s;
    return DEEPSTRUC_OK;
}

static const deepstruc_cluster *cluster_of(const void *made, size_t i)
{
    return ((const generation *)made)->structure[i].cluster;
}

/* The answer's own type, then those of the samples, the most frequent first. */
static void rank_types(study_answer *out, const generation *made, const deepstruc_cluster *answer)
{
    size_t n[DEEPSTRUC_N_TYPES] = {0};
    for (size_t i = 0; i < made->n; i++)
        n[made->structure[i].cluster->type] += made->structure[i].n_samples;
    study_answer_add_type(out, answer->type);
    for (;;) {
        size_t most = 0;
        for (size_t k = 1; k < DEEPSTRUC_N_TYPES; k++)
            most = n[k] > n[most] ? k : most;
        if (n[most] == 0)
            return;
        study_answer_add_type(out, (deepstruc_type)most);
        n[most] = 0;
    }
}

static deepstruc_status answer_model(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    model_state *s = state;
    s->ask.qmin = t->qmin;
    s->ask.qmax = t->qmax;
    s->ask.qdamp = t->qdamp;
    generation *made = NULL;
    deepstruc_fit fit = {0};
    size_t best = 0;
    deepstruc_status status = propose_generate(&made, s->model, t->pdf, &s->ask, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    size_t n = made->n < made->n_views ? made->n : made->n_views; /* the single answers come first */
    status = study_best_fit(t, made, n, cluster_of, &best, &fit, diag);
    if (status == DEEPSTRUC_OK && best < n) {
        const generate_view *view = &made->view[made->structure[best].view];
        rank_types(out, made, made->structure[best].cluster);
        out->cluster = made->structure[best].cluster;
        made->structure[best].cluster = NULL;
        out->expansion = fit.expansion;
        out->rw = fit.rw;
        out->n_atoms = view->n_atoms;
        out->has_spread = true;
        out->log_atoms = log(view->n_atoms);
        out->log_atoms_sd = log(view->n_atoms_high / view->n_atoms_low) / 2;
        out->sampled = made->n_samples > 8;
        out->valid = (double)made->n_valid / (double)made->n_samples;
        out->distinct = (double)made->n / (double)made->n_samples;
    }
    generation_destroy(made);
    return status;
}

const study_method study_method_model = {
    "default-model", "the network alone, its single answer", "", open_model, answer_model, close_model};
