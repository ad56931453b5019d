#include "study/evaluate_case.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/refine.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "propose/library.h"
#include "study/measures.h"

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

deepstruc_status test_case_make(test_case *t, const deepstruc_evaluate_settings *settings, size_t number,
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

void test_case_drop(test_case *t)
{
    deepstruc_cluster_destroy(t->truth);
    deepstruc_pdf_destroy(t->pdf);
}

static deepstruc_status make_target(deepstruc_target **target, const test_case *t, deepstruc_diag *diag)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = t->pdf_settings.qmin;
    settings.qmax = t->pdf_settings.qmax;
    settings.qdamp = t->pdf_settings.qdamp;
    return deepstruc_target_create(target, t->pdf, &settings, diag);
}

/* The answer: of the hypotheses' single answers the one that fits best. */
static deepstruc_status best_answer(const generation *made, const test_case *t, const deepstruc_cluster **answer,
                                    deepstruc_fit *fit, deepstruc_diag *diag)
{
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = make_target(&target, t, diag);
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

/* Everything about one answer, but its samples. */
static deepstruc_status score_answer(const test_case *t, const deepstruc_cluster *answer, double unit,
                                     const deepstruc_fit *fit, test_score *score, deepstruc_diag *diag)
{
    double n = (double)t->truth->n_atoms, found = (double)answer->n_atoms;
    deepstruc_type truth = deepstruc_cluster_classify(t->truth), type = deepstruc_cluster_classify(answer);
    measure_errors before, after;
    score->exact = answer->n_atoms == t->truth->n_atoms;
    score->within_5pct = fabs(found - n) <= 0.05 * n;
    score->type = type == truth;
    score->family = strcmp(deepstruc_type_family(type), deepstruc_type_family(truth)) == 0;
    score->rw = fit->rw;
    deepstruc_status status = compare(t, answer, unit, &before, diag);
    if (status == DEEPSTRUC_OK)
        status = compare(t, answer, unit * fit->expansion, &after, diag);
    if (status == DEEPSTRUC_OK) {
        score->strict = after.strict;
        score->before = score->exact ? before.coordinate : NAN;
        score->after = score->exact ? after.coordinate : NAN;
    }
    return status;
}

static test_score nothing_found(const test_case *t)
{
    return (test_score){.before = NAN,
                        .after = NAN,
                        .strict = deepstruc_cluster_mean_bond(t->truth),
                        .rw = 1,
                        .valid = NAN,
                        .distinct = NAN};
}

deepstruc_status test_case_score_model(const test_case *t, const generator *g,
                                       const deepstruc_evaluate_settings *settings, test_score *score,
                                       deepstruc_diag *diag)
{
    generate_settings ask = generate_settings_default();
    ask.n_samples = settings->samples > 8 ? (size_t)settings->samples : 8; /* at least one for each hypothesis */
    ask.sigma = settings->sigma;
    ask.qmin = t->pdf_settings.qmin;
    ask.qmax = t->pdf_settings.qmax;
    ask.qdamp = t->pdf_settings.qdamp;
    ask.seed = (uint64_t)settings->seed;
    generation *made = NULL;
    const deepstruc_cluster *answer = NULL;
    deepstruc_fit fit = {0};
    double started = clock_seconds();
    *score = nothing_found(t);
    deepstruc_status status = propose_generate(&made, g, t->pdf, &ask, diag);
    if (status == DEEPSTRUC_OK)
        status = best_answer(made, t, &answer, &fit, diag);
    score->seconds = clock_seconds() - started;
    if (status == DEEPSTRUC_OK && answer)
        status = score_answer(t, answer, 1, &fit, score, diag);
    if (status == DEEPSTRUC_OK) {
        double n = (double)t->truth->n_atoms;
        score->covered = n >= made->view[0].n_atoms_low && n <= made->view[0].n_atoms_high;
        score->valid = (double)made->n_valid / (double)made->n_samples;
        score->distinct = (double)made->n / (double)made->n_samples;
    }
    generation_destroy(made);
    return status;
}

deepstruc_status test_case_score_library(const test_case *t, test_score *score, deepstruc_diag *diag)
{
    deepstruc_target *target = NULL;
    candidate_pool pool = {0};
    double started = clock_seconds();
    *score = nothing_found(t);
    deepstruc_status status = make_target(&target, t, diag);
    library_settings library = {.extent = LIBRARY_PAPER,
                                .whole = target,
                                .max_atoms = 200,
                                .bond = {1.9, 3.7},
                                .threads = omp_get_max_threads()};
    if (status == DEEPSTRUC_OK)
        status = propose_library(&pool, &library, target, NULL, diag);
    if (status == DEEPSTRUC_OK)
        pool_rank(&pool, 1);
    score->seconds = clock_seconds() - started;
    if (status == DEEPSTRUC_OK && pool.n > 0)
        status = score_answer(t, pool.entry[0].cluster, pool.entry[0].unit, &pool.entry[0].fit, score, diag);
    pool_clear(&pool);
    deepstruc_target_destroy(target);
    return status;
}
