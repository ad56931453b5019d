/* Structures that the caller brings instead of proposals: fitted, ranked and grouped like those of solve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/classify.h"
#include "solve/finish.h"
#include "solve/tune.h"
#include "solve/views.h"

static deepstruc_status add_copy(candidate_pool *pool, const deepstruc_cluster *given, deepstruc_diag *diag)
{
    deepstruc_cluster *copy;
    deepstruc_status status = deepstruc_cluster_create(&copy, given->n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double *xyz = copy->xyz;
    *copy = *given;
    copy->xyz = xyz;
    memcpy(xyz, given->xyz, 3 * given->n_atoms * sizeof *xyz);
    status = classify_cluster(&copy->type, copy, diag);
    if (status == DEEPSTRUC_OK)
        return pool_add(pool, copy, "given", diag);
    deepstruc_cluster_destroy(copy);
    return status;
}

/* All pairs of particles up to this size count, Å: larger ones are bulk to a PDF, and their pairs costly. */
static const double LARGEST = 200;

static deepstruc_status reach_all(deepstruc_target *target, const deepstruc_cluster *const *given, size_t n,
                                  deepstruc_diag *diag)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, views_extent(given[i]));
    most = fmin(LARGEST, most * (1 + target->expansion_range));
    return most > target->reach ? deepstruc_target_set_reach(target, most, diag) : DEEPSTRUC_OK;
}

/* As they are, within the expansion range: the caller's sizes are meant. */
static deepstruc_status fit_all(candidate_pool *pool, const deepstruc_target *target, deepstruc_diag *diag)
{
    deepstruc_refiner *refiner;
    deepstruc_status status = deepstruc_refiner_create(&refiner, target, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < pool->n && status == DEEPSTRUC_OK; i++) {
        pool_entry *entry = &pool->entry[i];
        entry->curve = memory_zeroed(target->n, sizeof *entry->curve);
        status = entry->curve ? deepstruc_refine(refiner, entry->cluster, 1, &entry->fit, entry->curve, diag)
                              : diag_no_memory(diag);
    }
    deepstruc_refiner_destroy(refiner);
    return status;
}

static void describe(deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    s->verdict = (deepstruc_verdict){
        .kind = DEEPSTRUC_VERDICT_AMBIGUOUS, .type = best->cluster->type, .n_atoms = best->cluster->n_atoms};
    text_append(s->verdict.why, sizeof s->verdict.why,
                "not judged: only the given structure%s fitted, best Rw %.3f; solve looks at others too",
                s->n_candidates > 1 ? "s were" : " was", best->fit.rw);
}

deepstruc_status deepstruc_solve_given(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                       const deepstruc_cluster *const *given, size_t n,
                                       const deepstruc_solve_settings *settings, deepstruc_diag *diag)
{
    if (n == 0 || n > DEEPSTRUC_MAX_GROUPED)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu structures were given; wants 1 to %d", n,
                         DEEPSTRUC_MAX_GROUPED);
    double start = clock_seconds();
    candidate_pool pool = {0};
    deepstruc_solution *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->settings = *settings;
    deepstruc_refine_settings data = settings->refine;
    deepstruc_status status = solution_element(s->element, pdf, settings->element, diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        status = add_copy(&pool, given[i], diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(&s->target, pdf, &data, diag);
    if (status == DEEPSTRUC_OK)
        status = tune_qmin_by_given(&s->target, &data, pdf, given, n, diag);
    if (status == DEEPSTRUC_OK)
        status = reach_all(s->target, given, n, diag);
    if (status == DEEPSTRUC_OK)
        status = fit_all(&pool, s->target, diag);
    if (status == DEEPSTRUC_OK)
        status = pool_extend(&pool, n, s->target, (int)settings->threads, "more terms", NULL, diag);
    if (status == DEEPSTRUC_OK) {
        pool_sort(&pool);
        status = solution_finish(s, &pool, n, NULL, 1, NULL, diag);
    }
    pool_clear(&pool);
    if (status != DEEPSTRUC_OK) {
        deepstruc_solution_destroy(s);
        return status;
    }
    describe(s);
    s->seconds_refine = clock_seconds() - start;
    *out = s;
    return DEEPSTRUC_OK;
}
