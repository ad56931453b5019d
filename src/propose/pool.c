#include "propose/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

static void entry_clear(pool_entry *entry)
{
    deepstruc_cluster_destroy(entry->cluster);
    free(entry->curve);
}

void pool_clear(candidate_pool *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        entry_clear(&pool->entry[i]);
    free(pool->entry);
    *pool = (candidate_pool){0};
}

deepstruc_status pool_add(candidate_pool *pool, deepstruc_cluster *cluster, const char *method, deepstruc_diag *diag)
{
    if (!MEMORY_GROW(&pool->entry, &pool->capacity, pool->n + 1)) {
        deepstruc_cluster_destroy(cluster);
        return diag_no_memory(diag);
    }
    pool->entry[pool->n++] = (pool_entry){.cluster = cluster, .unit = 1, .fit = {.rw = NAN}, .method = method};
    return DEEPSTRUC_OK;
}

/* ---- fitting ---------------------------------------------------------------------------------------------------- */

static void drop_unfitted(candidate_pool *pool, size_t first)
{
    size_t n = first;
    for (size_t i = first; i < pool->n; i++) {
        if (isfinite(pool->entry[i].fit.rw))
            pool->entry[n++] = pool->entry[i];
        else
            entry_clear(&pool->entry[i]);
    }
    pool->n = n;
}

/* The size range that gives the cluster a bond length within `range`; one that cannot be fitted gets an empty range. */
static deepstruc_refine_job job_of(const pool_entry *entry, const bond_range *range)
{
    double bond = deepstruc_cluster_mean_bond(entry->cluster);
    return (deepstruc_refine_job){.cluster = entry->cluster,
                                  .unit_low = bond > 0 ? range->low / bond : 0,
                                  .unit_high = bond > 0 ? range->high / bond : 0,
                                  .curve = entry->curve};
}

deepstruc_status pool_fit(candidate_pool *pool, size_t first, const bond_range *range, const deepstruc_target *target,
                          int threads, const deepstruc_progress *progress, const char *stage, deepstruc_diag *diag)
{
    size_t n = pool->n - first;
    pool_entry *entries = pool->entry + first;
    deepstruc_refine_job *jobs = memory_zeroed(n, sizeof *jobs);
    deepstruc_status status = jobs ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        entries[i].curve = memory_zeroed(target->n, sizeof *entries[i].curve);
        if (!entries[i].curve)
            status = diag_no_memory(diag);
    }
#pragma omp parallel for schedule(dynamic, 8)
    for (size_t i = 0; i < (status ? 0 : n); i++)
        jobs[i] = job_of(&entries[i], range);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine_many(target, jobs, n, threads, stage, progress, diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        entries[i].unit = jobs[i].unit;
        entries[i].fit = jobs[i].fit;
    }
    free(jobs);
    if (status == DEEPSTRUC_OK)
        drop_unfitted(pool, first);
    return status;
}

/* ---- ranking ---------------------------------------------------------------------------------------------------- */

static int by_rw(const void *a, const void *b)
{
    const pool_entry *x = a, *y = b;
    if (x->fit.rw != y->fit.rw)
        return x->fit.rw < y->fit.rw ? -1 : 1;
    if (x->cluster->n_atoms != y->cluster->n_atoms)
        return x->cluster->n_atoms < y->cluster->n_atoms ? -1 : 1;
    int named = strcmp(x->cluster->name, y->cluster->name);
    return named ? named : strcmp(x->method, y->method);
}

/* Moments of the refined structure's distances: equal for structures that no PDF can tell apart. */
typedef struct {
    double second, fourth, inverse;
} distance_moments;

static distance_moments moments(const pool_entry *entry)
{
    const double *x = entry->cluster->xyz;
    size_t n = entry->cluster->n_atoms;
    double size = entry->unit * entry->fit.expansion, n_pairs = 0.5 * (double)n * ((double)n - 1);
    distance_moments m = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double dx = x[3 * i] - x[3 * j], dy = x[3 * i + 1] - x[3 * j + 1], dz = x[3 * i + 2] - x[3 * j + 2];
            double d2 = size * size * (dx * dx + dy * dy + dz * dz);
            m.second += d2 / n_pairs;
            m.fourth += d2 * d2 / n_pairs;
            m.inverse += 1 / (sqrt(d2) * n_pairs);
        }
    return m;
}

static bool same_moments(distance_moments a, distance_moments b)
{
    static const double SAME = 1e-4; /* relative; two fits of one shape end within 1e-5 of each other in size */
    return fabs(a.second - b.second) < SAME * a.second && fabs(a.fourth - b.fourth) < 2 * SAME * a.fourth &&
           fabs(a.inverse - b.inverse) < SAME * a.inverse;
}

static bool same_structure(const pool_entry *a, const pool_entry *b)
{
    return a->cluster->n_atoms == b->cluster->n_atoms && same_moments(moments(a), moments(b));
}

void pool_sort(candidate_pool *pool)
{
    if (pool->n > 0) /* an empty pool has no entries to point at */
        qsort(pool->entry, pool->n, sizeof *pool->entry, by_rw);
}

/* Of equal structures the one of the catalogue stays: its name says what it is. */
static void keep_one(pool_entry *kept, pool_entry *equal)
{
    if (strcmp(equal->method, "library") == 0 && strcmp(kept->method, "library") != 0) {
        pool_entry named = *equal;
        *equal = *kept;
        *kept = named;
    }
    entry_clear(equal);
}

/* Which of the first n entries, sorted by Rw, is the structure of one that ranks behind them; n: none. */
static size_t find_equal(const candidate_pool *pool, size_t n, const pool_entry *entry)
{
    static const double SAME_RW =
        1e-4; /* equal structures fit equally well: only such neighbours in rank are compared */
    for (size_t i = n; i-- > 0 && entry->fit.rw - pool->entry[i].fit.rw < SAME_RW;)
        if (same_structure(&pool->entry[i], entry))
            return i;
    return n;
}

void pool_rank(candidate_pool *pool, size_t n_max)
{
    pool_sort(pool);
    size_t n = 0;
    for (size_t i = 0; i < pool->n; i++) {
        pool_entry *entry = &pool->entry[i];
        size_t equal = find_equal(pool, n, entry);
        if (equal < n)
            keep_one(&pool->entry[equal], entry);
        else if (n < n_max)
            pool->entry[n++] = *entry;
        else
            entry_clear(entry);
    }
    pool->n = n;
    pool_sort(pool);
}
