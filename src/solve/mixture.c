#include "solve/mixture.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

enum { MOST = 240, OF_A_KIND = 6, N_SIZES = 40 };
static const double SIZE_RATIO = 1.28; /* of the numbers of atoms: a tenth in diameter */
static const double PARALLEL = 1e-6;   /* 1 - cos² of two curves that are one */
/* Two of nearly one size, a little of anything or a handful of atoms mend what a single cluster's model leaves out
 * (disorder, ligands, a shape that was not tried) and say nothing of a mixture. */
static const double SIZES_APART = 5, LEAST_SHARE = 0.15;
enum { FEWEST_ATOMS = 25 };

typedef struct {
    size_t n;
    size_t index[MOST], n_atoms[MOST];
    double *gram, *project; /* MOST x MOST, MOST: weighted products of the curves, and with the data */
} panel;

static size_t size_class(size_t n_atoms)
{
    size_t k = (size_t)(log((double)n_atoms) / log(SIZE_RATIO));
    return k < N_SIZES ? k : N_SIZES - 1;
}

/* The best few of each type and size. */
static void choose(panel *p, const deepstruc_candidate *candidate, size_t n)
{
    unsigned char count[DEEPSTRUC_N_TYPES][N_SIZES] = {{0}};
    for (size_t i = 0; i < n && p->n < MOST; i++) {
        unsigned char *seen = &count[candidate[i].cluster->type][size_class(candidate[i].cluster->n_atoms)];
        if (*seen < OF_A_KIND && ++*seen)
            p->n_atoms[p->n] = candidate[i].cluster->n_atoms, p->index[p->n++] = i;
    }
}

static double product(const deepstruc_target *t, const double *a, const double *b)
{
    double sum = 0;
    for (size_t k = 0; k < t->n; k++)
        sum += t->weight[k] * a[k] * b[k];
    return sum;
}

static void fill(panel *p, const deepstruc_target *target, const double *curves)
{
    for (size_t i = 0; i < p->n; i++) {
        const double *a = curves + p->index[i] * target->n;
        p->project[i] = product(target, a, target->g);
        for (size_t j = 0; j <= i; j++)
            p->gram[i * MOST + j] = p->gram[j * MOST + i] = product(target, a, curves + p->index[j] * target->n);
    }
}

/* The misfit of the best x a + y b, x and y positive; infinite where one of them is not. */
static double pair_misfit(const panel *p, size_t i, size_t j, double whole, double *x, double *y)
{
    double aa = p->gram[i * MOST + i], bb = p->gram[j * MOST + j], ab = p->gram[i * MOST + j];
    double det = aa * bb - ab * ab;
    if (!(det > PARALLEL * aa * bb))
        return INFINITY;
    *x = (p->project[i] * bb - p->project[j] * ab) / det;
    *y = (p->project[j] * aa - p->project[i] * ab) / det;
    return *x > 0 && *y > 0 ? whole - *x * p->project[i] - *y * p->project[j] : INFINITY;
}

static bool are_apart(const panel *p, size_t i, size_t j)
{
    size_t small = p->n_atoms[i] < p->n_atoms[j] ? p->n_atoms[i] : p->n_atoms[j],
           large = p->n_atoms[i] + p->n_atoms[j] - small;
    return small >= FEWEST_ATOMS && (double)large >= SIZES_APART * (double)small;
}

static void search(deepstruc_mixture *best, const panel *p, double whole)
{
    double single = INFINITY, pair = INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        if (p->gram[i * MOST + i] > 0 && p->project[i] > 0)
            single = fmin(single, whole - p->project[i] * p->project[i] / p->gram[i * MOST + i]);
        for (size_t j = 0; j < i; j++) {
            double x = 0, y = 0, misfit = are_apart(p, i, j) ? pair_misfit(p, i, j, whole, &x, &y) : INFINITY;
            if (!(misfit < pair) || fmin(x, y) < LEAST_SHARE * (x + y))
                continue;
            pair = misfit;
            best->first = p->index[j];
            best->second = p->index[i];
            best->share = x / (x + y);
        }
    }
    if (isfinite(pair)) {
        best->rw = sqrt(fmax(pair, 0) / whole);
        best->gain = fmax(single, 0) / fmax(pair, 1e-12 * whole);
    }
}

deepstruc_status mixture_find(deepstruc_mixture *out, const deepstruc_target *target, const double *curves,
                              const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag)
{
    deepstruc_mixture best = {.rw = NAN, .gain = 1, .share = NAN};
    panel p = {.gram = memory_zeroed((size_t)MOST * MOST, sizeof *p.gram),
               .project = memory_zeroed(MOST, sizeof *p.project)};
    deepstruc_status status = p.gram && p.project ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        choose(&p, candidate, n);
        fill(&p, target, curves);
        search(&best, &p, product(target, target->g, target->g));
        *out = best;
    }
    free(p.gram);
    free(p.project);
    return status;
}
