/* Structures that the caller brings instead of proposals: fitted, ranked and grouped like those of solve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <deepstruc/solve.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

typedef struct {
    size_t i_given;
    deepstruc_fit fit;
    double *curve;
} fitted;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Best first; equal ones stay in the order of giving. */
static int by_rw(const void *a, const void *b)
{
    const fitted *x = a, *y = b;
    if (x->fit.rw != y->fit.rw)
        return x->fit.rw < y->fit.rw ? -1 : 1;
    return (x->i_given > y->i_given) - (x->i_given < y->i_given);
}

static deepstruc_status fit_all(fitted *fits, double *curves, const deepstruc_target *target,
                                const deepstruc_cluster *const *given, size_t n, deepstruc_diag *diag)
{
    deepstruc_refiner *refiner;
    deepstruc_status status = deepstruc_refiner_create(&refiner, target, diag);
    if (status)
        return status;
    for (size_t i = 0; i < n && !status; i++) {
        fits[i] = (fitted){.i_given = i, .curve = curves + i * target->n};
        status = deepstruc_refine(refiner, given[i], 1, &fits[i].fit, fits[i].curve, diag);
    }
    deepstruc_refiner_destroy(refiner);
    return status;
}

/* The refined copy of a structure, in the sample's element where that is known. */
static deepstruc_status refined(deepstruc_cluster **out, const deepstruc_cluster *given, const deepstruc_fit *fit,
                                const char *element, deepstruc_diag *diag)
{
    deepstruc_cluster *copy;
    deepstruc_status status = deepstruc_cluster_create(&copy, given->n_atoms, diag);
    if (status)
        return status;
    double *xyz = copy->xyz;
    *copy = *given;
    copy->xyz = xyz;
    for (size_t i = 0; i < 3 * given->n_atoms; i++)
        xyz[i] = given->xyz[i] * fit->expansion;
    copy->bond_length = fit->bond_length;
    copy->type = deepstruc_cluster_classify(copy);
    if (strcmp(element, "X") != 0)
        text_copy(copy->element, sizeof copy->element, element);
    *out = copy;
    return DEEPSTRUC_OK;
}

static deepstruc_status take(deepstruc_solution *s, fitted *fits, const deepstruc_cluster *const *given, size_t n,
                             deepstruc_diag *diag)
{
    size_t n_points = s->target->n;
    int *group = memory_zeroed(n, sizeof *group);
    s->candidate = memory_zeroed(n, sizeof *s->candidate);
    s->gcalc = memory_zeroed(n, n_points * sizeof *s->gcalc);
    deepstruc_status status = group && s->candidate && s->gcalc ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (!status) {
        qsort(fits, n, sizeof *fits, by_rw);
        for (size_t i = 0; i < n; i++)
            memcpy(s->gcalc + i * n_points, fits[i].curve, n_points * sizeof *s->gcalc);
        s->n_fits = n;
        status = deepstruc_refine_groups(s->target, s->gcalc, n, (uint64_t)s->settings.seed, group, NULL, NULL, diag);
    }
    for (size_t i = 0; i < n && !status; i++) {
        deepstruc_candidate *candidate = &s->candidate[i];
        status = refined(&candidate->cluster, given[fits[i].i_given], &fits[i].fit, s->element, diag);
        if (status)
            break;
        candidate->fit = fits[i].fit;
        candidate->method = "given";
        candidate->group = group[i];
        s->n_candidates = i + 1;
    }
    free(group);
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
    if (settings->element && !deepstruc_element_known(settings->element))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "'%s' is not the symbol of an element; write for example Pt",
                         settings->element);
    double start = now(), *curves = NULL;
    fitted *fits = memory_zeroed(n, sizeof *fits);
    deepstruc_solution *s = memory_zeroed(1, sizeof *s);
    deepstruc_status status = fits && s ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (!status) {
        s->settings = *settings;
        text_copy(s->element, sizeof s->element,
                  settings->element ? settings->element
                  : pdf->element[0] ? pdf->element
                                    : "X");
        status = deepstruc_target_create(&s->target, pdf, &settings->refine, diag);
    }
    if (!status) {
        curves = memory_zeroed(n, s->target->n * sizeof *curves);
        status = curves ? fit_all(fits, curves, s->target, given, n, diag) : diag_no_memory(diag);
    }
    if (!status)
        status = take(s, fits, given, n, diag);
    free(curves);
    free(fits);
    if (status) {
        deepstruc_solution_destroy(s);
        return status;
    }
    describe(s);
    s->seconds_refine = now() - start;
    *out = s;
    return DEEPSTRUC_OK;
}
