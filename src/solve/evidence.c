#include "solve/evidence.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

double deepstruc_candidate_diameter(const deepstruc_candidate *candidate)
{
    double bond = candidate->fit.bond_length, volume = bond * bond * bond;
    if (candidate->cluster->type == DEEPSTRUC_TYPE_BCC)
        volume *= 4 / (3 * sqrt(3)); /* a = 2 b / sqrt 3, two atoms in a³ */
    else if (candidate->cluster->type != DEEPSTRUC_TYPE_SC)
        volume /= sqrt(2); /* close packed */
    return cbrt(6 * volume * (double)candidate->cluster->n_atoms / M_PI);
}

deepstruc_type evidence_family(const deepstruc_candidate *candidate)
{
    return deepstruc_type_from_name(deepstruc_type_family(candidate->cluster->type));
}

static int by_probability(const void *a, const void *b)
{
    const deepstruc_family *x = a, *y = b;
    if (x->probability != y->probability)
        return x->probability > y->probability ? -1 : 1;
    return (int)x->type - (int)y->type;
}

static double mean_of(const deepstruc_evidence *e, deepstruc_type type)
{
    return evidence_of(e, &type, 1);
}

/* Mean weights, normalised over the families; evidence for faults per shape against perfect fcc per shape. A generated
 * structure of no readable type is mostly a cut of a twinned parent that shows too little of it: such structures are
 * few and picked for their fit, so that their mean would outweigh families of which hundreds were tried. */
static void gather_families(deepstruc_evidence *e, const deepstruc_candidate *candidate, size_t n)
{
    double sum[DEEPSTRUC_N_TYPES] = {0}, all = 0;
    size_t count[DEEPSTRUC_N_TYPES] = {0}, best[DEEPSTRUC_N_TYPES] = {0};
    for (size_t i = 0; i < n; i++) {
        deepstruc_type type = evidence_family(&candidate[i]);
        if (count[type]++ == 0)
            best[type] = i;
        sum[type] += candidate[i].weight;
    }
    for (int type = 0; type < DEEPSTRUC_N_TYPES; type++) {
        if (count[type] == 0)
            continue;
        double mean = sum[type] / (double)count[type];
        if (type == DEEPSTRUC_TYPE_UNKNOWN) {
            e->unnamed = (deepstruc_unnamed){count[type], best[type], mean};
            continue;
        }
        e->family[e->n_families++] = (deepstruc_family){(deepstruc_type)type, mean, count[type], best[type]};
        all += mean;
    }
    for (size_t k = 0; k < e->n_families; k++)
        e->family[k].probability /= all;
    e->unnamed.odds = all > 0 ? e->unnamed.odds / all : INFINITY;
    qsort(e->family, e->n_families, sizeof e->family[0], by_probability);
    double fcc = mean_of(e, DEEPSTRUC_TYPE_FCC), faulted = sum[DEEPSTRUC_TYPE_TWIN] + sum[DEEPSTRUC_TYPE_STACKING];
    size_t n_faulted = count[DEEPSTRUC_TYPE_TWIN] + count[DEEPSTRUC_TYPE_STACKING];
    e->faults = n_faulted > 0 && fcc > 0 ? faulted / (double)n_faulted / all / fcc : NAN;
}

/* ---- sizes --------------------------------------------------------------------------------------------------------
 */

typedef struct {
    double value, share; /* of the probability */
} weighted;

static int by_value(const void *a, const void *b)
{
    double x = ((const weighted *)a)->value, y = ((const weighted *)b)->value;
    return (x > y) - (x < y);
}

/* Mean, and the wider of mean +- one standard deviation and the 16 % and 84 % points: a distribution of a few shapes
 * has gaps, and either alone claims too much. `item` is sorted. */
static deepstruc_interval interval_of(weighted *item, size_t n)
{
    double mean = 0, square = 0, below = 0, low = NAN, high = NAN;
    qsort(item, n, sizeof *item, by_value);
    for (size_t i = 0; i < n; i++)
        mean += item[i].share * item[i].value;
    for (size_t i = 0; i < n; i++) {
        square += item[i].share * (item[i].value - mean) * (item[i].value - mean);
        below += item[i].share;
        if (isnan(low) && below >= 0.16)
            low = item[i].value;
        if (isnan(high) && (below >= 0.84 || i + 1 == n))
            high = item[i].value;
    }
    double sigma = sqrt(fmax(square, 0));
    return (deepstruc_interval){mean, fmin(low, mean - sigma), fmax(high, mean + sigma)};
}

static size_t shapes_of(const deepstruc_evidence *e, deepstruc_type type)
{
    if (type == DEEPSTRUC_TYPE_UNKNOWN && e->unnamed.n_shapes > 0)
        return e->unnamed.n_shapes;
    for (size_t k = 0; k < e->n_families; k++)
        if (e->family[k].type == type)
            return e->family[k].n_shapes;
    return 1;
}

typedef double quantity(const deepstruc_candidate *candidate);

static double atoms_of(const deepstruc_candidate *candidate)
{
    return (double)candidate->cluster->n_atoms;
}

double evidence_share(const deepstruc_evidence *e, const deepstruc_candidate *candidate)
{
    return candidate->weight / (double)shapes_of(e, evidence_family(candidate));
}

static deepstruc_interval average(const deepstruc_evidence *e, const deepstruc_candidate *candidate, size_t n,
                                  quantity *of, weighted *item)
{
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        double share = evidence_share(e, &candidate[i]);
        item[i] = (weighted){of(&candidate[i]), share};
        all += share;
    }
    for (size_t i = 0; i < n; i++)
        item[i].share /= all;
    return interval_of(item, n);
}

deepstruc_status evidence_gather(deepstruc_evidence *out, const deepstruc_candidate *candidate, size_t n,
                                 deepstruc_diag *diag)
{
    deepstruc_evidence e = {0};
    weighted *item = memory_zeroed(n, sizeof *item);
    if (!item)
        return diag_no_memory(diag);
    gather_families(&e, candidate, n);
    e.n_atoms = average(&e, candidate, n, atoms_of, item);
    e.diameter = average(&e, candidate, n, deepstruc_candidate_diameter, item);
    free(item);
    *out = e;
    return DEEPSTRUC_OK;
}

double evidence_of(const deepstruc_evidence *evidence, const deepstruc_type *type, size_t n_types)
{
    double sum = 0;
    for (size_t k = 0; k < evidence->n_families; k++)
        for (size_t i = 0; i < n_types; i++)
            if (evidence->family[k].type == type[i])
                sum += evidence->family[k].probability;
    return sum;
}
