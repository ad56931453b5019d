/* Every method answers every case of a protocol. */
#include <deepstruc/evaluate.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "study/evaluate.h"
#include "study/experiment.h"

deepstruc_evaluate_settings deepstruc_evaluate_settings_default(void)
{
    return (deepstruc_evaluate_settings){.protocol = "paper", .noise = 0.03, .stretch = 1, .sigma = 3};
}

#define OFFSET(field) offsetof(deepstruc_evaluate_settings, field)
const deepstruc_field deepstruc_evaluate_settings_fields[] = {
    {"protocol", DEEPSTRUC_FIELD_TEXT, OFFSET(protocol), 0, 0, false, "NAME",
     "paper, measured, shapes, measured-shapes, large, stacking, stacking-random, experiment"},
    {"methods", DEEPSTRUC_FIELD_TEXT, OFFSET(methods), 0, 0, true, "LIST",
     "of default-model, nearest, library, tree, plain-cvae, deepstruc-2023, stacking-model, "
     "stacking-model-best-of-n, generate, solve, comma-separated; without it all but the last two"},
    {"model", DEEPSTRUC_FIELD_TEXT, OFFSET(model), 0, 0, true, "MODEL", "name or file of the model (default)"},
    {"tree", DEEPSTRUC_FIELD_TEXT, OFFSET(tree), 0, 0, true, "TREE", "name or file of the tree classifier"},
    {"plain-cvae", DEEPSTRUC_FIELD_TEXT, OFFSET(plain), 0, 0, true, "MODEL", "name or file of the plain CVAE"},
    {"deepstruc-2023", DEEPSTRUC_FIELD_TEXT, OFFSET(network), 0, 0, true, "MODEL",
     "name or file of a trained deepstruc-2023"},
    {"stacking-model", DEEPSTRUC_FIELD_TEXT, OFFSET(stackings), 0, 0, true, "MODEL",
     "name or file of the model of stackings"},
    {"data", DEEPSTRUC_FIELD_TEXT, OFFSET(data), 0, 0, true, "DIR",
     "folder of the published measurements, for the protocol experiment"},
    {"limit", DEEPSTRUC_FIELD_LONG, OFFSET(limit), 0, 1e6, false, "N", "score only N of the test structures (0: all)"},
    {"noise", DEEPSTRUC_FIELD_DOUBLE, OFFSET(noise), 0, 1, false, "SHARE", "noise of measured, rms over that of G"},
    {"stretch", DEEPSTRUC_FIELD_DOUBLE, OFFSET(stretch), 0.8, 1.25, false, "X",
     "all bond lengths of the clean protocols times this"},
    {"samples", DEEPSTRUC_FIELD_LONG, OFFSET(samples), 0, 1e5, false, "N",
     "samples per PDF for the share of valid ones (0: none)"},
    {"sigma", DEEPSTRUC_FIELD_DOUBLE, OFFSET(sigma), 0, 100, false, "S", "their spread, as in solve"},
    {0}};

/* ---- what is asked for ------------------------------------------------------------------------------------------ */

typedef struct {
    size_t n;
    const study_method *method[DEEPSTRUC_MAX_ROWS];
    void *state[DEEPSTRUC_MAX_ROWS];
    char missing[DEEPSTRUC_MAX_ROWS][160]; /* why a row has no score */
} row_list;

static deepstruc_status unknown(const char *what, const char *name, const char *known, deepstruc_diag *diag)
{
    return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no %s '%s'; there are %s", what, name, known);
}

static bool is_unasked(const study_method *m, const char *protocol)
{
    return m->unasked && strncmp(protocol, m->unasked, strlen(m->unasked)) == 0;
}

static deepstruc_status choose_rows(row_list *rows, const char *list, const char *protocol, deepstruc_diag *diag)
{
    char known[400] = "", name[64];
    for (const study_method *const *m = study_methods; *m; m++) {
        text_append(known, sizeof known, "%s%s", m == study_methods ? "" : ", ", (*m)->name);
        if (!list && is_unasked(*m, protocol) && rows->n < DEEPSTRUC_MAX_ROWS)
            rows->method[rows->n++] = *m;
    }
    while (list && *list) {
        size_t length = strcspn(list, ",");
        const study_method *const *m = study_methods;
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), list);
        while (*m && strcmp((*m)->name, name) != 0)
            m++;
        if (!*m || rows->n == DEEPSTRUC_MAX_ROWS)
            return unknown("method", name, known, diag);
        rows->method[rows->n++] = *m;
        list += length + (list[length] == ',');
    }
    return rows->n > 0 ? DEEPSTRUC_OK : unknown("method", "", known, diag);
}

/* `limit` of the test structures, evenly picked. */
static void thin(study_list *list, long limit)
{
    size_t n = limit > 0 && (size_t)limit < list->n_test ? (size_t)limit : list->n_test;
    for (size_t i = 0; i < n; i++)
        list->test[i] = list->test[i * list->n_test / n];
    list->n_test = n;
}

/* ---- scores ----------------------------------------------------------------------------------------------------- */

static deepstruc_status score_row(const study_method *method, void *state, const test_case *t, bool atoms,
                                  const study_listener *listener, test_score *score, deepstruc_diag *diag)
{
    study_answer answer = {0};
    double started = clock_seconds();
    deepstruc_status status = state ? method->answer(state, t, &answer, diag) : DEEPSTRUC_OK;
    double seconds = clock_seconds() - started;
    if (status == DEEPSTRUC_OK)
        status = study_score(t, &answer, atoms, score, diag);
    score->seconds = seconds;
    if (status == DEEPSTRUC_OK && listener && state)
        listener->heard(listener->user, method->name, t, &answer, score);
    study_answer_free(&answer);
    return status;
}

/* score[row x n_test] */
static deepstruc_status score_all(const study_protocol *protocol, const study_list *list, const row_list *rows,
                                  const deepstruc_evaluate_settings *settings, const study_listener *listener,
                                  const deepstruc_progress *progress, test_score *score, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    size_t n = list->n_test;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        test_case t = {0};
        status = protocol->make(&t, list, i, settings, diag);
        for (size_t row = 0; row < rows->n && status == DEEPSTRUC_OK; row++)
            status = score_row(rows->method[row], rows->state[row], &t, protocol->compares_atoms, listener,
                               &score[row * n + i], diag);
        test_case_drop(&t);
        if (progress && progress->report)
            progress->report(progress->user, "evaluating", (double)(i + 1) / (double)n);
        if (progress && progress->cancelled && progress->cancelled(progress->user))
            return diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled");
    }
    return status;
}

/* What is not installed makes its row missing; all else that is wrong ends the evaluation. */
static deepstruc_status open_row(row_list *rows, size_t row, const study_setup *setup, deepstruc_diag *diag)
{
    deepstruc_diag own = {0};
    deepstruc_status status = rows->method[row]->open(&rows->state[row], setup, &own);
    if (status == DEEPSTRUC_UNAVAILABLE) {
        text_copy(rows->missing[row], sizeof rows->missing[row], own.message);
        return DEEPSTRUC_OK;
    }
    if (status != DEEPSTRUC_OK && diag)
        *diag = own;
    return status;
}

static deepstruc_status evaluate(deepstruc_evaluation *out, const study_protocol *protocol, const study_list *list,
                                 row_list *rows, const deepstruc_evaluate_settings *settings,
                                 const study_listener *listener, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    const study_setup setup = {settings, list};
    size_t n = list->n_test, n_open = 0;
    test_score *score = memory_zeroed(rows->n * n, sizeof *score);
    double *scratch = memory_zeroed(n, sizeof *scratch);
    deepstruc_status status = score && scratch ? DEEPSTRUC_OK : diag_no_memory(diag);
    while (n_open < rows->n && status == DEEPSTRUC_OK) {
        status = open_row(rows, n_open, &setup, diag);
        n_open += status == DEEPSTRUC_OK;
    }
    if (status == DEEPSTRUC_OK)
        status = score_all(protocol, list, rows, settings, listener, progress, score, diag);
    if (status == DEEPSTRUC_OK) {
        *out = (deepstruc_evaluation){.n = n, .seed = settings->seed, .n_rows = rows->n};
        text_copy(out->protocol, sizeof out->protocol, protocol->name);
        for (size_t row = 0; row < rows->n; row++) {
            study_summarise(rows->method[row]->name, score + row * n, rows->missing[row][0] ? 0 : n, scratch,
                            &out->row[row]);
            text_copy(out->row[row].missing, sizeof out->row[row].missing, rows->missing[row]);
        }
    }
    while (n_open-- > 0)
        if (!rows->missing[n_open][0])
            rows->method[n_open]->close(rows->state[n_open]);
    free(scratch);
    free(score);
    return status;
}

deepstruc_status deepstruc_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                    const deepstruc_progress *progress, deepstruc_diag *diag)
{
    return study_evaluate(out, settings, NULL, progress, diag);
}

deepstruc_status study_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                const study_listener *listener, const deepstruc_progress *progress,
                                deepstruc_diag *diag)
{
    row_list rows = {0};
    study_list list = {0};
    deepstruc_status status = deepstruc_fields_check(deepstruc_evaluate_settings_fields, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (strcmp(settings->protocol, "experiment") == 0)
        return experiment_evaluate(out, settings, progress, diag);
    const study_protocol *protocol = study_protocol_find(settings->protocol);
    if (!protocol) {
        char known[400];
        study_protocol_names(known, sizeof known);
        text_append(known, sizeof known, ", experiment");
        return unknown("protocol", settings->protocol, known, diag);
    }
    status = choose_rows(&rows, settings->methods, settings->protocol, diag);
    if (status == DEEPSTRUC_OK)
        status = protocol->list(&list, diag);
    if (status == DEEPSTRUC_OK) {
        thin(&list, settings->limit);
        status = evaluate(out, protocol, &list, &rows, settings, listener, progress, diag);
    }
    study_list_free(&list);
    return status;
}
