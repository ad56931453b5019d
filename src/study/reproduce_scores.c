/* Parts that score methods on a protocol: the whole evaluation, and its cases one by one for the figures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/json.h"
#include "study/evaluate.h"
#include "study/reproduce.h"

/* A case as [method, type, atoms, atoms found, strict error, Rw, type found]. */
static void note_case(void *user, const char *method, const test_case *t, const study_answer *answer,
                      const test_score *score)
{
    json_t *cases = user;
    json_t *one = json_array();
    json_array_append_new(one, json_string(method));
    json_array_append_new(one, json_string(deepstruc_type_name(t->truth->type)));
    json_array_append_new(one, json_integer((json_int_t)t->truth->n_atoms));
    json_array_append_new(one, json_number(answer->cluster ? answer->n_atoms : NAN));
    json_array_append_new(one, json_number(score->strict));
    json_array_append_new(one, json_number(score->rw));
    json_array_append_new(one, json_string(answer->n_types > 0 ? deepstruc_type_name(answer->type[0]) : "nothing"));
    json_array_append_new(cases, one);
}

static deepstruc_status score(json_t **out, const reproduction *r, const char *protocol, const char *methods,
                              deepstruc_diag *diag)
{
    deepstruc_evaluate_settings settings = r->evaluate;
    deepstruc_evaluation *e = calloc(1, sizeof *e);
    json_t *cases = json_array();
    const study_listener listener = {cases, note_case};
    settings.protocol = protocol;
    settings.methods = methods;
    deepstruc_status status =
        e && cases ? study_evaluate(e, &settings, &listener, r->progress, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        char *text = deepstruc_evaluation_json(e);
        json_t *evaluation = text ? json_loads(text, 0, NULL) : NULL;
        free(text);
        *out = json_pack("{s:o,s:O}", "evaluation", evaluation ? evaluation : json_null(), "cases", cases);
    }
    json_decref(cases);
    free(e);
    return status;
}

deepstruc_status reproduce_paper(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    return score(out, r, "paper", r->settings->quick ? "default-model,tree,plain-cvae,deepstruc-2023" : NULL, diag);
}

deepstruc_status reproduce_shapes(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    return score(out, r, "shapes", r->settings->quick ? "default-model" : "default-model,nearest,library", diag);
}

deepstruc_status reproduce_large(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    return score(out, r, "large", "default-model", diag);
}

#define STACKING_MODELS "default-model,stacking-model,stacking-model-best-of-n"

deepstruc_status reproduce_stacking(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    return score(out, r, "stacking", r->settings->quick ? STACKING_MODELS : STACKING_MODELS ",nearest,solve", diag);
}

deepstruc_status reproduce_stacking_random(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    return score(out, r, "stacking-random", r->settings->quick ? STACKING_MODELS : STACKING_MODELS ",nearest", diag);
}
