#include <deepstruc/evaluate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <deepstruc/dataset.h>
#include <deepstruc/refine.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "propose/generate.h"
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
    {"sigma", DEEPSTRUC_FIELD_DOUBLE, OFFSET(sigma), 0, 100, false, "S", "their spread, as in solve (3)"},
    {0}};

/* ---- one case ------------------------------------------------------------------------------------------------------
 */

/* A structure of the test split and the instrument its PDF is seen with. */
typedef struct {
    const deepstruc_structure *structure;
    deepstruc_cluster *truth;
    deepstruc_pdf *pdf;
    deepstruc_pdf_settings pdf_settings;
} test_case;

typedef struct {
    double before, after, strict, rw, seconds;
    bool exact, within_5pct, type, family, covered;
    double valid, distinct;
} test_score;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Instrument values of the protocol "measured"; its noise is in F(Q), as docs/conventions.md defines it. */
static void draw_instrument(deepstruc_pdf_settings *s, random_stream *random)
{
    s->qmin = random_uniform(random, 0.5, 2.5);
    s->qmax = random_uniform(random, 10, 30);
    s->qdamp = random_uniform(random, 0, 0.06);
    s->biso = exp(random_uniform(random, log(0.1), log(1.5)));
}

/* Gaussian noise in F(Q) on a fine Q-grid, brought to r by the sine transform and scaled to `share` of the rms of G
 * over 1.5 to 20 Å. */
static deepstruc_status add_noise(deepstruc_pdf *pdf, const deepstruc_pdf_settings *s, double share,
                                  random_stream *random, deepstruc_diag *diag)
{
    double *noise = memory_zeroed(pdf->n_points, sizeof *noise), squares = 0, own = 0;
    if (!noise)
        return diag_no_memory(diag);
    const double dq = M_PI / 40; /* independent points up to 40 Å */
    for (double q = s->qmin; q < s->qmax; q += dq) {
        double f = random_normal(random);
        for (size_t i = 0; i < pdf->n_points; i++)
            noise[i] += f * sin(q * pdf->r[i]);
    }
    for (size_t i = 0; i < pdf->n_points; i++)
        if (pdf->r[i] >= 1.5 && pdf->r[i] <= 20) {
            squares += pdf->g[i] * pdf->g[i];
            own += noise[i] * noise[i];
        }
    for (size_t i = 0; i < pdf->n_points; i++)
        pdf->g[i] += share * sqrt(squares / own) * noise[i];
    free(noise);
    return DEEPSTRUC_OK;
}

static deepstruc_status make_case(test_case *t, const deepstruc_evaluate_settings *settings, size_t number,
                                  deepstruc_diag *diag)
{
    random_stream random;
    random_seed(&random, (uint64_t)settings->seed, number);
    bool measured = strcmp(settings->protocol, "measured") == 0;
    double bond = t->structure->bond_length;
    t->pdf_settings = deepstruc_pdf_settings_default();
    if (measured) {
        draw_instrument(&t->pdf_settings, &random);
        t->pdf_settings.rstep = 0.02;
        bond *= random_uniform(&random, 0.97, 1.06); /* no model has seen just these lengths */
    }
    deepstruc_status status =
        deepstruc_cluster_build(&t->truth, &t->structure->recipe, bond, t->structure->element, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_simulate(&t->pdf, t->truth, &t->pdf_settings, DEEPSTRUC_MODE_EXACT, diag);
    if (status == DEEPSTRUC_OK && measured && settings->noise > 0)
        status = add_noise(t->pdf, &t->pdf_settings, settings->noise, &random, diag);
    return status;
}

static void drop_case(test_case *t)
{
    deepstruc_cluster_destroy(t->truth);
    deepstruc_pdf_destroy(t->pdf);
}

/* The answer: of the hypotheses' single answers the one that fits best. */
static deepstruc_status best_answer(const generation *made, const test_case *t, const deepstruc_cluster **answer,
                                    deepstruc_fit *fit, deepstruc_diag *diag)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = t->pdf_settings.qmin;
    settings.qmax = t->pdf_settings.qmax;
    settings.qdamp = t->pdf_settings.qdamp;
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = deepstruc_target_create(&target, t->pdf, &settings, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refiner_create(&refiner, target, diag);
    *answer = NULL;
    for (size_t i = 0; i < made->n && i < made->n_views && status == DEEPSTRUC_OK; i++) {
        deepstruc_fit trial;
        if (deepstruc_refine(refiner, made->structure[i].cluster, 1, &trial, NULL, NULL) == DEEPSTRUC_OK &&
            (!*answer || trial.rw < fit->rw)) {
            *answer = made->structure[i].cluster;
            *fit = trial;
        }
    }
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    return status;
}

static deepstruc_status compare(const test_case *t, const deepstruc_cluster *answer, double expansion,
                                measure_errors *errors, deepstruc_diag *diag)
{
    double *xyz = memory_zeroed(3 * answer->n_atoms, sizeof *xyz);
    if (!xyz)
        return diag_no_memory(diag);
    for (size_t i = 0; i < 3 * answer->n_atoms; i++)
        xyz[i] = answer->xyz[i] * expansion;
    deepstruc_status status = measure_compare(t->truth->xyz, t->truth->n_atoms, xyz, answer->n_atoms,
                                              deepstruc_cluster_mean_bond(t->truth), errors, diag);
    free(xyz);
    return status;
}

static deepstruc_status score_case(const test_case *t, const generator *g, const deepstruc_evaluate_settings *settings,
                                   test_score *score, deepstruc_diag *diag)
{
    generate_settings ask = generate_settings_default();
    ask.n_samples = settings->samples > 8 ? (size_t)settings->samples : 8; /* at least one for each hypothesis */
    ask.sigma = settings->sigma;
    ask.qmin = t->pdf_settings.qmin;
    ask.qmax = t->pdf_settings.qmax;
    ask.qdamp = t->pdf_settings.qdamp;
    generation *made = NULL;
    const deepstruc_cluster *answer = NULL;
    deepstruc_fit fit = {0};
    double bond = deepstruc_cluster_mean_bond(t->truth), started = now_s();
    *score = (test_score){.before = NAN, .after = NAN, .strict = bond, .rw = 1};
    deepstruc_status status = propose_generate(&made, g, t->pdf, &ask, diag);
    if (status == DEEPSTRUC_OK)
        status = best_answer(made, t, &answer, &fit, diag);
    score->seconds = now_s() - started;
    if (status == DEEPSTRUC_OK && answer) {
        double n = (double)t->truth->n_atoms, found = (double)answer->n_atoms;
        measure_errors before, after;
        score->exact = answer->n_atoms == t->truth->n_atoms;
        score->within_5pct = fabs(found - n) <= 0.05 * n;
        score->type = answer->type == deepstruc_cluster_classify(t->truth);
        score->family = strcmp(deepstruc_type_family(answer->type),
                               deepstruc_type_family(deepstruc_cluster_classify(t->truth))) == 0;
        score->covered = n >= made->view[0].n_atoms_low && n <= made->view[0].n_atoms_high;
        score->valid = (double)made->n_valid / (double)made->n_samples;
        score->distinct = (double)made->n / (double)made->n_samples;
        score->rw = fit.rw;
        status = compare(t, answer, 1, &before, diag);
        if (status == DEEPSTRUC_OK)
            status = compare(t, answer, fit.expansion, &after, diag);
        if (status == DEEPSTRUC_OK) {
            score->strict = after.strict;
            score->before = score->exact ? before.coordinate : NAN;
            score->after = score->exact ? after.coordinate : NAN;
        }
    }
    generation_destroy(made);
    return status;
}

/* ---- all cases
 * ---------------------------------------------------------------------------------------------------------- */

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

static void summarise(const test_score *score, size_t n, bool sampled, double *scratch, deepstruc_evaluation_row *row)
{
    size_t recovered = 0;
    for (size_t i = 0; i < n; i++)
        recovered += score[i].strict < 0.1;
    *row = (deepstruc_evaluation_row){.method = "default-model",
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
                                      .coverage_68 = RATE(covered),
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
                                  test_score *score, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        test_case t = {.structure = &all->structure[chosen[i]]};
        status = make_case(&t, settings, i, diag);
        if (status == DEEPSTRUC_OK)
            status = score_case(&t, g, settings, &score[i], diag);
        drop_case(&t);
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
        score = memory_zeroed(n, sizeof *score);
        scratch = memory_zeroed(n, sizeof *scratch);
        status =
            score && scratch ? score_all(all, chosen, n, g, settings, progress, score, diag) : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK) {
        *out = (deepstruc_evaluation){.n = n, .seed = settings->seed, .n_rows = 1};
        text_copy(out->protocol, sizeof out->protocol, settings->protocol);
        summarise(score, n, settings->samples > 8, scratch, &out->row[0]);
    }
    free(score);
    free(scratch);
    free(chosen);
    generator_destroy(g);
    deepstruc_structures_destroy(all);
    return status;
}

/* ---- JSON
 * ------------------------------------------------------------------------------------------------------------------ */

static void set_spread(json_t *row, const char *name, deepstruc_spread s)
{
    if (isfinite(s.mean))
        json_object_set_new(row, name,
                            json_pack("{s:o,s:o,s:o}", "mean", json_number(s.mean), "std", json_number(s.std), "median",
                                      json_number(s.median)));
}

static void set_rate(json_t *row, const char *name, double value)
{
    if (isfinite(value))
        json_object_set_new(row, name, json_number(value));
}

char *deepstruc_evaluation_json(const deepstruc_evaluation *e)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < e->n_rows; i++) {
        const deepstruc_evaluation_row *r = &e->row[i];
        json_t *row = json_pack("{s:s}", "method", r->method);
        set_spread(row, "paper_mae_before", r->paper_mae_before);
        set_spread(row, "paper_mae_after", r->paper_mae_after);
        set_spread(row, "strict_mae", r->strict_mae);
        set_spread(row, "rw", r->rw);
        set_rate(row, "exact_count", r->exact_count);
        set_rate(row, "count_within_5pct", r->count_within_5pct);
        set_rate(row, "type_top1", r->type_top1);
        set_rate(row, "family_top1", r->family_top1);
        set_rate(row, "recovered", r->recovered);
        set_rate(row, "valid_samples", r->valid);
        set_rate(row, "distinct_samples", r->distinct);
        set_rate(row, "coverage_68", r->coverage_68);
        set_rate(row, "seconds_per_pdf", r->seconds_per_pdf);
        json_array_append_new(rows, row);
    }
    json_t *root = json_pack("{s:s,s:I,s:I,s:o}", "protocol", e->protocol, "n", (json_int_t)e->n, "seed",
                             (json_int_t)e->seed, "rows", rows);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    return text;
}
