/* The pool: every structure proposed for one PDF, with its fit. Methods add to it, solve ranks it. */
#ifndef PROPOSE_POOL_H
#define PROPOSE_POOL_H

#include <deepstruc/refine.h>

typedef struct {
    deepstruc_cluster *cluster; /* as proposed; the fitted coordinates are these times `unit` times fit.expansion */
    double unit;
    deepstruc_fit fit;
    double *curve;      /* the fitted G(r) on the target's grid; NULL before the fit */
    const char *method; /* static text */
} pool_entry;

typedef struct {
    size_t n, capacity;
    pool_entry *entry;
} candidate_pool;

void pool_clear(candidate_pool *pool);

/* Takes the cluster over, also when it fails. */
deepstruc_status pool_add(candidate_pool *pool, deepstruc_cluster *cluster, const char *method, deepstruc_diag *diag);

/* Bond lengths (mean nearest-neighbour distances, Å) that a sample may have. */
typedef struct {
    double low, high;
} bond_range;

/* Fits entries first.. of the pool with the size free within `range`, in parallel; the same bytes for any number of
 * threads. Entries that cannot be fitted (no finite Rw) are dropped. */
deepstruc_status pool_fit(candidate_pool *pool, size_t first, const bond_range *range, const deepstruc_target *target,
                          int threads, const deepstruc_progress *progress, const char *stage, deepstruc_diag *diag);

/* Fits the terms that the target's settings ask for (nothing, if none) to the first n entries of a fitted pool, in
 * parallel, and sorts again; atoms move to where the displacements put them. An entry whose structure does not allow a
 * term keeps its fit, unless that is so of all: then the largest's reason is the failure. */
deepstruc_status pool_extend(candidate_pool *pool, size_t n, const deepstruc_target *target, int threads,
                             const char *stage, const deepstruc_progress *progress, deepstruc_diag *diag);

/* Sorts by Rw, then atoms, then name. */
void pool_sort(candidate_pool *pool);
/* Sorts, keeps the best of structures with the same distances, and of those the first n_max. */
void pool_rank(candidate_pool *pool, size_t n_max);

#endif
