#include <deepstruc/evaluate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "study/evaluate_case.h"
#include "study/measures.h"

deepstruc_evaluate_settings deepstruc_evaluate_settings_default(void)
{
    return (deepstruc_evaluate_settings){.protocol = "paper", .noise = 0.03, .sigma = 3};
}

#define OFFSET(field) offsetof(deepstruc_evaluate_settings, field)
const deepstruc_field deepstruc_evaluate_settings_fields[] = {
    {"protocol", DEEPSTRUC_FIELD_TEXT, OFFSET(protocol), 0, 0, false, "NAME", "paper (default) or measured"},
    {"model", DEEPSTRUC_FIELD_TEXT, OFFSET(model), 0, 0, true, "MODEL", "name or file of the model (default)"},
    {"limit", DEEPSTRUC_FIELD_LONG, OFFSET(limit), 0, 1e6, false, "N", "score only N of the test structures (0: all)"},
    {"noise", DEEPSTRUC_FIELD_DOUBLE, OFFSET(noise), 0, 1, false, "SHARE",
     "noise of measured, rms over that of G (0.03)"},
    {"samples", DEEPSTRUC_FIELD_LONG, OFFSET(samples), 0, 1e5, false, "N",
     "samples per PDF for the share of valid ones (0: none)"},
    {"library", DEEPSTRUC_FIELD_FLAG, OFFSET(library), 0, 0, false, NULL,
     "score a search through the published catalogue beside the model"},
    {"sigma", DEEPSTRUC_FIELD_DOUBLE, OFFSET(sigma), 0, 100, false, "S", "their spread, as in solve (3)"},
    {0}};

static deepstruc_spread spread(const test_score *score, size_t n, size_t offset, double *scratch)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        double x;
        memcpy(&x, (const char *)&score[i] + offset, sizeof x);
        if (isfinite(x))
            scratch[used++] = x;
    }
    measure_spread s = measure_spread_of(scratch, used);
    return (deepstruc_spread){s.mean, s.std, s.median};
}

static double rate(const test_score *score, size_t n, size_t offset)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++)
        hits += *((const bool *)((const char *)&score[i] + offset));
    return (double)hits / (double)n;
}

#define SPREAD(field) spread(score, n, offsetof(test_score, field), scratch)
#define RATE(field) rate(score, n, offsetof(test_score, field))

static void summarise(const char *method, const test_score *score, size_t n, bool sampled, double *scratch,
                      deepstruc_evaluation_row *row)
{
    size_t recovered = 0;
    for (size_t i = 0; i < n; i++)
        recovered += score[i].strict < 0.1;
    *row = (deepstruc_evaluation_row){.method = method,
                                      .paper_mae_before = SPREAD(before),
                                      .paper_mae_after = SPREAD(after),
                                      .strict_mae = SPREAD(strict),
                                      .rw = SPREAD(rw),
                                      .exact_count = RATE(exact),
                                      .count_within_5pct = RATE(within_5pct),
                                      .type_top1 = RATE(type),
                                      .family_top1 = RATE(family),
                                      .recovered = (double)recovered / (double)n,
                                      .valid = sampled ? SPREAD(valid).mean : NAN,
                                      .distinct = sampled ? SPREAD(distinct).mean : NAN,
                                      .coverage_68 = score[0].valid == score[0].valid ? RATE(covered) : NAN,
                                      .seconds_per_pdf = SPREAD(seconds).median};
}

/* Test structures of the published split, `limit` of them evenly picked. */
static deepstruc_status choose_cases(const deepstruc_structures *all, long limit, size_t **chosen, size_t *n,
                                     deepstruc_diag *diag)
{
    deepstruc_split *split = memory_zeroed(all->n, sizeof *split);
    size_t *list = memory_zeroed(all->n, sizeof *list), n_test = 0;
    if (!split || !list) {
        free(split);
        free(list);
        return diag_no_memory(diag);
    }
    deepstruc_split_random(split, all->n);
    for (size_t i = 0; i < all->n; i++)
        if (split[i] == DEEPSTRUC_TEST)
            list[n_test++] = i;
    free(split);
    *n = limit > 0 && (size_t)limit < n_test ? (size_t)limit : n_test;
    for (size_t i = 0; i < *n; i++)
        list[i] = list[i * n_test / *n];
    *chosen = list;
    return DEEPSTRUC_OK;
}

static deepstruc_status score_all(const deepstruc_structures *all, const size_t *chosen, size_t n, const generator *g,
                                  const deepstruc_evaluate_settings *settings, const deepstruc_progress *progress,
                                  test_score *score, test_score *library, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        test_case t = {.structure = &all->structure[chosen[i]]};
        status = test_case_make(&t, settings, i, diag);
        if (status == DEEPSTRUC_OK)
            status = test_case_score_model(&t, g, settings, &score[i], diag);
        if (status == DEEPSTRUC_OK && settings->library)
            status = test_case_score_library(&t, &library[i], diag);
        test_case_drop(&t);
        if (progress && progress->report)
            progress->report(progress->user, "evaluating", (double)(i + 1) / (double)n);
        if (progress && progress->cancelled && progress->cancelled(progress->user))
            return diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled");
    }
    return status;
}

deepstruc_status deepstruc_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                    const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_fields_check(deepstruc_evaluate_settings_fields, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (strcmp(settings->protocol, "paper") != 0 && strcmp(settings->protocol, "measured") != 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no protocol '%s'; there are paper, measured",
                         settings->protocol);
    if (!settings->model)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE, "no model is installed; name a file with --model");
    deepstruc_structures *all = NULL;
    generator *g = NULL;
    size_t *chosen = NULL, n = 0;
    test_score *score = NULL;
    double *scratch = NULL;
    status = deepstruc_structures_of_protocol(&all, "paper", diag);
    if (status == DEEPSTRUC_OK)
        status = generator_create(&g, settings->model, diag);
    if (status == DEEPSTRUC_OK)
        status = choose_cases(all, settings->limit, &chosen, &n, diag);
    if (status == DEEPSTRUC_OK) {
        score = memory_zeroed(2 * n, sizeof *score);
        scratch = memory_zeroed(n, sizeof *scratch);
        status = score && scratch ? score_all(all, chosen, n, g, settings, progress, score, score + n, diag)
                                  : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK) {
        *out = (deepstruc_evaluation){.n = n, .seed = settings->seed, .n_rows = 1};
        text_copy(out->protocol, sizeof out->protocol, settings->protocol);
        summarise("default-model", score, n, settings->samples > 8, scratch, &out->row[0]);
        if (settings->library)
            summarise("library", score + n, n, false, scratch, &out->row[out->n_rows++]);
    }
    free(score);
    free(scratch);
    free(chosen);
    generator_destroy(g);
    deepstruc_structures_destroy(all);
    return status;
}
