/* What a group of hundreds comes to: a few kinds of structure, and what separates them. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "solve/evidence.h"

enum { N_GROUPS = 2, MOST_KINDS = 60 };
static const double ALIKE = 1.2;           /* ratio of the numbers of atoms: 6 % in diameter */
static const double WINDOW = 2.0;          /* Å */
static const double TOLD_LOG_WEIGHT = 4.2; /* as deepstruc_refine_groups */

static bool fits_in(const deepstruc_kind *kind, const deepstruc_candidate *best, const deepstruc_candidate *c)
{
    double ratio = (double)c->cluster->n_atoms / (double)best->cluster->n_atoms;
    return kind->group == c->group && kind->family == evidence_family(c) && ratio < ALIKE && ratio > 1 / ALIKE;
}

static void add(deepstruc_kind *kind, size_t n_atoms, double share)
{
    kind->n++;
    kind->share += share;
    kind->n_atoms_low = n_atoms < kind->n_atoms_low ? n_atoms : kind->n_atoms_low;
    kind->n_atoms_high = n_atoms > kind->n_atoms_high ? n_atoms : kind->n_atoms_high;
}

static size_t collect(deepstruc_kind *kind, const deepstruc_evidence *e, const deepstruc_candidate *candidate, size_t n)
{
    size_t n_kinds = 0;
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        bool named = evidence_family(&candidate[i]) != DEEPSTRUC_TYPE_UNKNOWN;
        double share = named ? evidence_share(e, &candidate[i]) : NAN;
        size_t k = 0;
        all += named ? share : 0;
        while (k < n_kinds && !fits_in(&kind[k], &candidate[kind[k].i_best], &candidate[i]))
            k++;
        if (k == MOST_KINDS || candidate[i].group > N_GROUPS)
            continue;
        if (k == n_kinds)
            kind[n_kinds++] = (deepstruc_kind){.group = candidate[i].group,
                                               .family = evidence_family(&candidate[i]),
                                               .i_best = i,
                                               .n_atoms_low = SIZE_MAX};
        add(&kind[k], candidate[i].cluster->n_atoms, share);
    }
    for (size_t k = 0; k < n_kinds; k++)
        kind[k].share /= all;
    return n_kinds;
}

/* Of a curve, over that of none. */
static double misfit(const deepstruc_target *t, const double *curve)
{
    double left = 0, whole = 0;
    for (size_t k = 0; k < t->n; k++) {
        double difference = t->g[k] - curve[k];
        left += t->weight[k] * difference * difference;
        whole += t->weight[k] * t->g[k] * t->g[k];
    }
    return left / whole;
}

/* How sharply misfits are told apart (p of deepstruc_refine_groups), read off the candidate of the last rank beside
 * rank 1; NaN where it is no worse. */
static double sharpness(const deepstruc_target *t, const double *curves, const deepstruc_candidate *candidate, size_t n)
{
    double ratio = misfit(t, curves + (n - 1) * t->n) / misfit(t, curves);
    return ratio > 1.01 && candidate[n - 1].weight > 0 ? -log(candidate[n - 1].weight) / log(ratio) : NAN;
}

/* The windows of two curves' squared difference, and how well rank 1 has to fit until it is told from this kind: its
 * residual e shrunk by s leaves d'd + 2s d'e as the difference of the misfits, which is to be e'e s² (ratio - 1). */
static void compare(deepstruc_kind *kind, const deepstruc_target *t, const double *a, const double *b,
                    const deepstruc_candidate *candidate, double p)
{
    size_t width = (size_t)(WINDOW / t->rstep);
    double whole = 0, square = 0, inside = 0, most = 0;
    for (size_t k = 0; k < t->n; k++) {
        double d = a[k] - b[k], left = k >= width ? a[k - width] - b[k - width] : 0;
        square += t->weight[k] * d * d;
        whole += t->weight[k] * t->g[k] * t->g[k];
        inside += d * d - left * left;
        if (inside > most && k >= width) {
            most = inside;
            kind->r = t->rmin + ((double)k - 0.5 * (double)width) * t->rstep;
        }
    }
    double dd = square / whole, ee = misfit(t, b), enough = ee * (exp(TOLD_LOG_WEIGHT / p) - 1);
    double de = 0.5 * (misfit(t, a) - ee - dd);
    kind->difference = sqrt(dd);
    kind->told_rw = candidate[0].fit.rw * (de + sqrt(de * de + enough * dd)) / enough;
}

static int by_group(const void *a, const void *b)
{
    const deepstruc_kind *x = a, *y = b;
    if (x->group != y->group)
        return x->group - y->group;
    return x->i_best < y->i_best ? -1 : x->i_best > y->i_best;
}

deepstruc_status evidence_kinds(deepstruc_kind **out, size_t *n_kinds, const deepstruc_evidence *e,
                                const deepstruc_target *target, const double *curves,
                                const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag)
{
    deepstruc_kind *kind = memory_zeroed(MOST_KINDS, sizeof *kind);
    if (!kind)
        return diag_no_memory(diag);
    double p = sharpness(target, curves, candidate, n);
    *n_kinds = collect(kind, e, candidate, n);
    qsort(kind, *n_kinds, sizeof *kind, by_group);
    for (size_t k = 0; k < *n_kinds; k++) {
        kind[k].r = kind[k].told_rw = NAN;
        if (kind[k].i_best > 0)
            compare(&kind[k], target, curves + kind[k].i_best * target->n, curves, candidate, p);
    }
    *out = kind;
    return DEEPSTRUC_OK;
}
