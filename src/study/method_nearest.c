/* Row nearest: of the structures that a method may know the one whose PDF, seen with the same instrument, looks most
 * like the one asked about. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "study/methods.h"

typedef struct {
    size_t n;
    deepstruc_cluster **cluster;
} nearest_state;

static const double BISO = 0.3; /* of the published labels; the sample's is not known */

static void close_nearest(void *state)
{
    nearest_state *s = state;
    for (size_t i = 0; s && i < s->n; i++)
        deepstruc_cluster_destroy(s->cluster[i]);
    if (s)
        free(s->cluster);
    free(s);
}

static deepstruc_status open_nearest(void **state, const study_setup *setup, deepstruc_diag *diag)
{
    const study_list *list = setup->list;
    nearest_state *s = memory_zeroed(1, sizeof *s);
    if (s)
        s->cluster = memory_zeroed(list->n_known, sizeof(deepstruc_cluster *));
    deepstruc_status status = s && s->cluster ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < list->n_known && status == DEEPSTRUC_OK; i++) {
        const deepstruc_structure *known = &list->all->structure[list->known[i]];
        status = deepstruc_cluster_build(&s->cluster[i], &known->recipe, known->bond_length, known->element, diag);
        s->n += status == DEEPSTRUC_OK;
    }
    if (status != DEEPSTRUC_OK) {
        close_nearest(s);
        return status;
    }
    *state = s;
    return DEEPSTRUC_OK;
}

/* The cosine of the angle between two curves: 1 when they are equal up to scale. */
static double likeness(const double *a, const double *b, size_t n)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < n; i++) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return ab / sqrt(aa * bb + 1e-300);
}

static deepstruc_status find_nearest(const nearest_state *s, const deepstruc_target *target, size_t *best,
                                     deepstruc_diag *diag)
{
    deepstruc_scatter *scatter = NULL;
    double most = -INFINITY, *g = memory_zeroed(target->n, sizeof *g);
    deepstruc_status status = g ? deepstruc_scatter_create(&scatter, target->engine, diag) : diag_no_memory(diag);
    for (size_t i = 0; i < s->n && status == DEEPSTRUC_OK; i++) {
        status = deepstruc_scatter_load(scatter, s->cluster[i]->xyz, s->cluster[i]->n_atoms, 1, diag);
        if (status != DEEPSTRUC_OK)
            break;
        deepstruc_scatter_evaluate(scatter, 1, BISO, g, NULL, NULL);
        double like = likeness(g, target->g, target->n);
        if (like > most) {
            most = like;
            *best = i;
        }
    }
    deepstruc_scatter_destroy(scatter);
    free(g);
    return status;
}

static deepstruc_status answer_nearest(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag)
{
    const nearest_state *s = state;
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_fit fit;
    size_t best = s->n;
    deepstruc_status status = study_target(&target, t, diag);
    if (status == DEEPSTRUC_OK)
        status = find_nearest(s, target, &best, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refiner_create(&refiner, target, diag);
    if (status == DEEPSTRUC_OK && best < s->n &&
        deepstruc_refine(refiner, s->cluster[best], 1, &fit, NULL, diag) == DEEPSTRUC_OK) {
        const deepstruc_cluster *found = s->cluster[best];
        status = deepstruc_cluster_create(&out->cluster, found->n_atoms, diag);
        for (size_t i = 0; status == DEEPSTRUC_OK && i < 3 * found->n_atoms; i++)
            out->cluster->xyz[i] = found->xyz[i];
        out->expansion = fit.expansion;
        out->rw = fit.rw;
        out->n_atoms = (double)found->n_atoms;
        study_answer_add_type(out, deepstruc_cluster_classify(found));
    }
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    return status;
}

const study_method study_method_nearest = {
    "nearest", "the known structure whose PDF is most alike", "", open_nearest, answer_nearest, close_nearest};
