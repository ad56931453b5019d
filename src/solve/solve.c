/* The main job, in the order in which it happens: target, proposals, ranking, groups, verdict. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "solve/damping.h"
#include "solve/finish.h"
#include "solve/proposals.h"
#include "solve/tune.h"
#include "solve/verdict.h"
#include "solve/views.h"

enum { N_FITS = 3 }; /* curves kept for plots and .fgr files */

/* A method that nobody asked for by name and that cannot read these data is left out, and says so. */
static deepstruc_status or_left_out(deepstruc_status status, const char *method, deepstruc_solution *s,
                                    const deepstruc_diag *own, deepstruc_diag *diag)
{
    if (status == DEEPSTRUC_OK)
        return status;
    if (status == DEEPSTRUC_BAD_INPUT && !s->settings.methods)
        return notes_add(&s->target->assumed, "method %s left out: %s", method, own->message);
    if (diag)
        *diag = *own;
    return status;
}

static deepstruc_status propose_by_models(deepstruc_solution *s, candidate_pool *pool, const solve_plan *plan,
                                          const solve_models *models, const deepstruc_pdf *pdf,
                                          const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_diag own = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    if (models->generator)
        status = or_left_out(proposals_generate(s, pool, plan, models->generator, pdf, progress, &own), "generate", s,
                             &own, diag);
    if (status == DEEPSTRUC_OK && models->plain)
        status = or_left_out(proposals_plain(s, pool, plan, models->plain, pdf, progress, &own), "plain-cvae", s, &own,
                             diag);
    if (status == DEEPSTRUC_OK && models->tree)
        status = or_left_out(proposals_tree(s, pool, plan, models->tree, pdf, progress, &own), "tree", s, &own, diag);
    if (status == DEEPSTRUC_OK && models->without_tree[0])
        status = notes_add(&s->target->assumed, "method tree left out: %s", models->without_tree);
    return status;
}

/* The target, the views of the data and, where it is among the methods, the library's candidates. */
static deepstruc_status search(deepstruc_solution *s, candidate_pool *pool, data_views *views, solve_plan *plan,
                               const deepstruc_pdf *pdf, deepstruc_refine_settings *data,
                               const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_target_create(&s->target, pdf, data, diag);
    if (status == DEEPSTRUC_OK)
        status = tune_qmin(&s->target, data, pdf, plan, diag);
    if (status == DEEPSTRUC_OK)
        status = data_views_create(views, s->target, pdf, data, &s->settings, plan, progress, diag);
    plan->shapes.still = views->still;
    plan->shapes.size = &views->size;
    if (status == DEEPSTRUC_OK && plan->library)
        status = propose_library(pool, &plan->shapes, s->target, progress, diag);
    return status;
}

/* What the shapes that a search found tell about the instrument. */
typedef struct {
    damping damping;
    tuned_qmin qmin;
} finding;

static deepstruc_status find_instrument(finding *found, deepstruc_solution *s, candidate_pool *pool,
                                        const solve_plan *plan, const deepstruc_pdf *pdf,
                                        const deepstruc_refine_settings *data, const deepstruc_progress *progress,
                                        deepstruc_diag *diag)
{
    deepstruc_status status =
        damping_find(&found->damping, pool, pdf, s->target, &s->settings, plan->threads, progress, diag);
    if (status == DEEPSTRUC_OK && isnan(s->settings.refine.qmin))
        status = tune_qmin_by_pool(&found->qmin, pool, s->target, data, pdf, diag);
    return status;
}

static deepstruc_status note_instrument(const finding *known, deepstruc_target *target)
{
    deepstruc_status status = known->damping.told ? damping_note(&known->damping, target) : DEEPSTRUC_OK;
    return status == DEEPSTRUC_OK && known->qmin.told ? tuned_qmin_note(&known->qmin, target) : status;
}

/* Whether anything was told that the next search should know. */
static bool learn(finding *known, const finding *found, deepstruc_refine_settings *settings)
{
    if (found->damping.told) {
        known->damping = found->damping;
        settings->qdamp = found->damping.qdamp;
        settings->qdamp_esd = found->damping.esd;
    }
    if (found->qmin.told) {
        known->qmin = found->qmin;
        settings->qmin = found->qmin.qmin;
    }
    return found->damping.told || found->qmin.told;
}

/* Searches, and where the shapes then show that qdamp or qmin is another than was assumed, searches again with that. */
static deepstruc_status search_to_end(deepstruc_solution *s, candidate_pool *pool, data_views *views, solve_plan *plan,
                                      const deepstruc_pdf *pdf, const deepstruc_progress *progress,
                                      deepstruc_diag *diag)
{
    enum { ROUNDS = 3 };
    deepstruc_refine_settings at = s->settings.refine;
    finding known = {0}, found = {0};
    for (int round = 1;; round++) {
        deepstruc_refine_settings data = at;
        deepstruc_status status = search(s, pool, views, plan, pdf, &data, progress, diag);
        if (status == DEEPSTRUC_OK)
            status = note_instrument(&known, s->target);
        if (status == DEEPSTRUC_OK && round < ROUNDS)
            status = find_instrument(&found, s, pool, plan, pdf, &data, progress, diag);
        if (status != DEEPSTRUC_OK || round == ROUNDS || !learn(&known, &found, &at))
            return status;
        pool_clear(pool);
        data_views_clear(views);
        deepstruc_target_destroy(s->target);
        s->target = NULL;
    }
}

static deepstruc_status propose(deepstruc_solution *s, candidate_pool *pool, const solve_plan *plan,
                                const solve_models *models, const deepstruc_pdf *pdf,
                                const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = propose_by_models(s, pool, plan, models, pdf, progress, diag);
    if (status == DEEPSTRUC_OK)
        pool_rank(pool, DEEPSTRUC_MAX_GROUPED);
    if (status == DEEPSTRUC_OK && plan->climb)
        status = proposals_climb(s, pool, plan, models->generator, progress, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (pool->n == 0)
        return diag_fail(diag, DEEPSTRUC_BAD_INPUT,
                         "no structure of up to %ld atoms could be fitted; is this G(r) of a metal?",
                         s->settings.max_atoms);
    return DEEPSTRUC_OK;
}

static deepstruc_status judge(deepstruc_solution *s, const deepstruc_pdf *pdf, const deepstruc_target *whole,
                              deepstruc_diag *diag)
{
    verdict_evidence evidence;
    deepstruc_status status = verdict_gather(&evidence, pdf, s, whole, diag);
    if (status == DEEPSTRUC_OK)
        verdict_decide(&s->verdict, &evidence, s);
    return status;
}

deepstruc_status deepstruc_solve(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                 const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    double start = clock_seconds();
    candidate_pool pool = {0};
    solve_plan plan = {0};
    data_views views = {0};
    solve_models models = {0};
    deepstruc_solution *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->settings = *settings;
    int threads_before = omp_get_max_threads();
    deepstruc_status status = solution_element(s->element, pdf, settings->element, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_make(&plan, settings, s->element, diag);
    if (status == DEEPSTRUC_OK)
        status = models_open(&models, &plan, settings, diag);
    if (status == DEEPSTRUC_OK)
        omp_set_num_threads(plan.threads);
    if (status == DEEPSTRUC_OK)
        status = search_to_end(s, &pool, &views, &plan, pdf, progress, diag);
    if (status == DEEPSTRUC_OK)
        status = propose(s, &pool, &plan, &models, pdf, progress, diag);
    s->seconds_propose = clock_seconds() - start;
    if (status == DEEPSTRUC_OK)
        status = pool_extend(&pool, (size_t)settings->top, s->target, plan.threads, "more terms", progress, diag);
    if (status == DEEPSTRUC_OK)
        status = solution_finish(s, &pool, N_FITS, s->target->terms ? NULL : views.still, plan.threads, progress, diag);
    if (status == DEEPSTRUC_OK)
        status = judge(s, pdf, views.whole, diag);
    s->seconds_refine = clock_seconds() - start - s->seconds_propose;
    omp_set_num_threads(threads_before);
    pool_clear(&pool);
    data_views_clear(&views);
    models_close(&models);
    plan_clear(&plan);
    if (status == DEEPSTRUC_OK)
        *out = s;
    else
        deepstruc_solution_destroy(s);
    return status;
}

static void latent_destroy(deepstruc_latent_map *latent)
{
    if (!latent)
        return;
    free(latent->x);
    free(latent->y);
    free(latent->type);
    free(latent->n_atoms);
    free(latent);
}

void deepstruc_solution_destroy(deepstruc_solution *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_candidates; i++) {
        deepstruc_cluster_destroy(s->candidate[i].cluster);
        free(s->candidate[i].curve);
    }
    free(s->candidate);
    free(s->kind);
    free(s->gcalc);
    latent_destroy(s->latent);
    deepstruc_target_destroy(s->target);
    free(s);
}
