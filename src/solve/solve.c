/* The main job, in the order in which it happens: target, proposals, ranking, groups, verdict. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <deepstruc/solve.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "propose/library.h"
#include "propose/pool.h"
#include "solve/verdict.h"

enum { N_FITS = 3 }; /* curves kept for plots and .fgr files */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- settings
 * -------------------------------------------------------------------------------------------------------- */

/* Bond lengths a metal cluster may have: around the bulk metal's where the element is known (clusters contract, and the
 * published simulations use single-bond lengths, 7 % below), else everything from Be to the early lanthanides. */
static bond_range bonds_of(const char *element)
{
    static const double CONTRACTED = 0.90, STRETCHED = 1.06;
    double bulk = deepstruc_element_bulk_bond(element);
    return isfinite(bulk) ? (bond_range){CONTRACTED * bulk, STRETCHED * bulk} : (bond_range){1.95, 3.9};
}

static deepstruc_status read_catalogue(library_extent *out, const char *name, deepstruc_diag *diag)
{
    static const char *const names[] = {"paper", "auto", "full"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (library_extent)i;
            return DEEPSTRUC_OK;
        }
    return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no catalogue '%s'; there are auto, paper, full", name);
}

static deepstruc_status check_methods(const char *methods, deepstruc_diag *diag)
{
    if (!methods || strcmp(methods, "library") == 0)
        return DEEPSTRUC_OK;
    return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no method '%s'; there is library", methods);
}

static deepstruc_status choose_element(char out[4], const deepstruc_pdf *pdf, const char *override,
                                       deepstruc_diag *diag)
{
    if (override && !deepstruc_element_is_metal(override))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "'%s' is not the symbol of a metal; write for example Pt",
                         override);
    text_copy(out, 4, override ? override : pdf->element[0] ? pdf->element : "X");
    return DEEPSTRUC_OK;
}

/* ---- from the pool to the solution
 * ------------------------------------------------------------------------------------ */

static void refined_coordinates(deepstruc_cluster *cluster, double factor, const deepstruc_fit *fit,
                                const char *element)
{
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        cluster->xyz[i] *= factor;
    cluster->bond_length = fit->bond_length;
    text_copy(cluster->element, sizeof cluster->element, element);
}

/* Moves the ranked pool into the solution and groups what the data cannot tell apart. */
static deepstruc_status take_candidates(deepstruc_solution *s, candidate_pool *pool, deepstruc_diag *diag)
{
    size_t n = pool->n, n_points = s->target->n;
    double *curves = memory_zeroed(n, n_points * sizeof *curves);
    int *group = memory_zeroed(n, sizeof *group);
    s->n_fits = n < N_FITS ? n : N_FITS;
    s->gcalc = memory_zeroed(s->n_fits, n_points * sizeof *s->gcalc);
    s->candidate = memory_zeroed(n, sizeof *s->candidate);
    deepstruc_status status = curves && group && s->gcalc && s->candidate ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        memcpy(curves + i * n_points, pool->entry[i].curve, n_points * sizeof *curves);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine_groups(s->target, curves, n, (uint64_t)s->settings.seed, group, NULL, NULL, diag);
    if (status == DEEPSTRUC_OK) {
        memcpy(s->gcalc, curves, s->n_fits * n_points * sizeof *curves);
        for (size_t i = 0; i < n; i++) {
            pool_entry *entry = &pool->entry[i];
            refined_coordinates(entry->cluster, entry->unit * entry->fit.expansion, &entry->fit, s->element);
            s->candidate[i] = (deepstruc_candidate){entry->cluster, entry->fit, entry->method, group[i]};
            entry->cluster = NULL;
        }
        s->n_candidates = n;
    }
    free(curves);
    free(group);
    return status;
}

static deepstruc_status propose(candidate_pool *pool, const deepstruc_solution *s, library_extent extent, int threads,
                                const deepstruc_progress *progress, deepstruc_diag *diag)
{
    library_settings library = {extent, (size_t)s->settings.max_atoms, bonds_of(s->element), threads};
    deepstruc_status status = propose_library(pool, &library, s->target, progress, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    pool_rank(pool, DEEPSTRUC_MAX_GROUPED);
    if (pool->n == 0)
        return diag_fail(diag, DEEPSTRUC_BAD_INPUT,
                         "no structure of up to %ld atoms could be fitted; is this G(r) of a metal?",
                         s->settings.max_atoms);
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_solve(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                 const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    double start = now();
    candidate_pool pool = {0};
    verdict_evidence evidence;
    library_extent extent = LIBRARY_AUTO;
    deepstruc_solution *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->settings = *settings;
    int threads = settings->threads > 0 ? (int)settings->threads : omp_get_max_threads();
    deepstruc_status status = deepstruc_fields_check(deepstruc_solve_settings_fields, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = check_methods(settings->methods, diag);
    if (status == DEEPSTRUC_OK)
        status = read_catalogue(&extent, settings->catalogue, diag);
    if (status == DEEPSTRUC_OK)
        status = choose_element(s->element, pdf, settings->element, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(&s->target, pdf, &settings->refine, diag);
    if (status == DEEPSTRUC_OK)
        status = propose(&pool, s, extent, threads, progress, diag);
    s->seconds_propose = now() - start;
    if (status == DEEPSTRUC_OK)
        status = take_candidates(s, &pool, diag);
    if (status == DEEPSTRUC_OK)
        status = verdict_gather(&evidence, pdf, s, diag);
    if (status == DEEPSTRUC_OK)
        verdict_decide(&s->verdict, &evidence, s);
    s->seconds_refine = now() - start - s->seconds_propose;
    pool_clear(&pool);
    if (status == DEEPSTRUC_OK)
        *out = s;
    else
        deepstruc_solution_destroy(s);
    return status;
}

void deepstruc_solution_destroy(deepstruc_solution *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_candidates; i++)
        deepstruc_cluster_destroy(s->candidate[i].cluster);
    free(s->candidate);
    free(s->gcalc);
    deepstruc_target_destroy(s->target);
    free(s);
}
