/* Rows stacking-model and stacking-model-best-of-n: the model of stackings alone, its likeliest structure under each
 * hypothesis of the bond length, of which the one that fits best is taken; and a search through the model's candidates,
 * ranked by their fits: besides that structure its likeliest sequences, each with its likeliest sites and the bodies of
 * the protocol's kinds that these sites make likeliest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/stackings.h"
#include "study/methods.h"

enum { SEQUENCES = 32, BODIES = 4 };

static void close_model(void *state)
{
    stacking_reader_destroy(state);
}

static deepstruc_status open_model(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    const deepstruc_evaluate_settings *settings = setup->settings;
    stacking_reader *reader = NULL;
    if (strncmp(settings->protocol, "stacking", sizeof "stacking" - 1) != 0)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "reads close-packed layers only");
    if (!settings->stackings)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                         "no model of stackings is installed; name a file with "
                         "--stacking-model");
    deepstruc_status status = stacking_reader_create(&reader, settings->stackings, diag);
    if (status == DEEPSTRUC_OK)
        *state = reader;
    return status;
}

static const deepstruc_cluster *cluster_of(const void *made, size_t i)
{
    return ((const stacking_answers *)made)->answer[i].cluster;
}

static deepstruc_status answer_best(void *state, const test_case *t, size_t n_each, size_t n_bodies, study_answer *out,
                                    deepstruc_diag *diag)
{
    const stacking_instrument instrument = {t->qmin, t->qmax, t->qdamp};
    stacking_answers *made = NULL;
    deepstruc_fit fit = {0};
    size_t best = 0;
    deepstruc_status status = propose_stackings(&made, state, t->pdf, &instrument, n_each, n_bodies, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = study_best_fit(t, made, made->n, cluster_of, &best, &fit, diag);
    if (status == DEEPSTRUC_OK && best < made->n) {
        stacking_answer *answer = &made->answer[best];
        study_answer_add_type(out, answer->cluster->type);
        for (size_t i = 0; i < made->n; i++)
            study_answer_add_type(out, made->answer[i].cluster->type);
        out->n_atoms = (double)answer->cluster->n_atoms;
        out->cluster = answer->cluster;
        answer->cluster = NULL;
        out->expansion = fit.expansion;
        out->rw = fit.rw;
        out->has_spread = true;
        out->log_atoms = answer->log_atoms;
        out->log_atoms_sd = answer->log_atoms_sd;
    }
    stacking_answers_destroy(made);
    return status;
}

static deepstruc_status answer_alone(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    return answer_best(state, t, 0, 0, out, diag);
}

static deepstruc_status answer_best_of_n(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    return answer_best(state, t, SEQUENCES, BODIES, out, diag);
}

const study_method study_method_stacking = {"stacking-model", "the model of stackings alone, its single answer",
                                            "stacking",       open_model,
                                            answer_alone,     close_model};
const study_method study_method_stacking_best = {"stacking-model-best-of-n",
                                                 "its 32 likeliest sequences with 5 shapes each, the best by the fit",
                                                 "stacking",
                                                 open_model,
                                                 answer_best_of_n,
                                                 close_model};
