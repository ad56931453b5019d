#include "solve/finish.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "solve/evidence.h"
#include "solve/mixture.h"
#include "solve/over_qdamp.h"
#include "solve/weigh.h"

deepstruc_status solution_element(char out[4], const deepstruc_pdf *pdf, const char *override, deepstruc_diag *diag)
{
    if (override && !deepstruc_element_is_metal(override))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "'%s' is not the symbol of a metal; write for example Pt",
                         override);
    text_copy(out, 4, override ? override : pdf->element[0] ? pdf->element : "X");
    return DEEPSTRUC_OK;
}

static void place_refined(deepstruc_cluster *cluster, double factor, const deepstruc_fit *fit, const char *element)
{
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        cluster->xyz[i] *= factor;
    cluster->bond_length = fit->bond_length;
    if (strcmp(element, "X") != 0)
        text_copy(cluster->element, sizeof cluster->element, element);
}

static void take_entry(deepstruc_solution *s, size_t i, pool_entry *entry, int group, double weight)
{
    place_refined(entry->cluster, entry->unit * entry->fit.expansion, &entry->fit, s->element);
    s->candidate[i] = (deepstruc_candidate){entry->cluster, entry->fit, entry->method, group, weight, NULL};
    entry->cluster = NULL;
    if (entry->fit.n_terms > 0) {
        s->candidate[i].curve = entry->curve;
        entry->curve = NULL;
    }
}

deepstruc_status solution_finish(deepstruc_solution *s, candidate_pool *pool, size_t n_fits,
                                 const deepstruc_target *still, int threads, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    size_t n = pool->n, n_points = s->target->n;
    const deepstruc_target *asked = still ? still : s->target;
    double *curves = memory_zeroed(n, asked->n * sizeof *curves);
    double *weight = memory_zeroed(n, sizeof *weight);
    int *group = memory_zeroed(n, sizeof *group);
    s->n_fits = n < n_fits ? n : n_fits;
    s->gcalc = memory_zeroed(s->n_fits, n_points * sizeof *s->gcalc);
    s->candidate = memory_zeroed(n, sizeof *s->candidate);
    deepstruc_status status =
        curves && group && weight && s->gcalc && s->candidate ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK && !still; i++)
        memcpy(curves + i * n_points, pool->entry[i].curve, n_points * sizeof *curves);
    if (status == DEEPSTRUC_OK && still)
        status = weigh_curves(curves, pool, still, threads, progress, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine_groups(asked, curves, n, group, weight, diag);
    if (status == DEEPSTRUC_OK) {
        for (size_t i = 0; i < s->n_fits; i++)
            memcpy(s->gcalc + i * n_points, pool->entry[i].curve, n_points * sizeof *s->gcalc);
        for (size_t i = 0; i < n; i++)
            take_entry(s, i, &pool->entry[i], group[i], weight[i]);
        s->n_candidates = n;
        status = evidence_gather(&s->evidence, s->candidate, n, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = evidence_kinds(&s->kind, &s->n_kinds, &s->evidence, asked, curves, s->candidate, n, diag);
    if (status == DEEPSTRUC_OK)
        status = mixture_find(&s->evidence.mixture, asked, curves, s->candidate, n, diag);
    if (status == DEEPSTRUC_OK)
        over_qdamp(&s->evidence, asked, &s->candidate[0].fit);
    free(curves);
    free(weight);
    free(group);
    return status;
}
