#include "propose/pool.h"

#include <math.h>
#include <omp.h>
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

/* ---- fitting ------------------------------------------------------------------------------------------------------
 */

static const double WIDE_FACTOR = 1.5; /* what deepstruc_refine_wide accepts */
enum { SCAN_STARTS = 3, BATCH_PER_THREAD = 32 };

/* The workspace of one thread. */
typedef struct {
    deepstruc_refiner *refiner;
    double *curve;
    size_t n_points;
} fitter;

/* The best fit of one entry over a bond range of any width. */
static deepstruc_status best_fit(pool_entry *entry, const bond_range *range, fitter *f)
{
    double bond = deepstruc_cluster_mean_bond(entry->cluster);
    if (!(bond > 0))
        return DEEPSTRUC_BAD_ARGUMENT;
    double low = range->low / bond, high = range->high / bond;
    if (high <= WIDE_FACTOR * low)
        return deepstruc_refine_wide(f->refiner, entry->cluster, low, high, &entry->unit, &entry->fit, entry->curve,
                                     NULL);
    deepstruc_scan_point start[SCAN_STARTS];
    size_t n_starts = 0;
    deepstruc_status status =
        deepstruc_refine_scan(f->refiner, entry->cluster, low, high, start, SCAN_STARTS, &n_starts, NULL);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < n_starts; i++) {
        deepstruc_fit fit;
        status = deepstruc_refine(f->refiner, entry->cluster, start[i].unit, &fit, f->curve, NULL);
        if (status == DEEPSTRUC_OK && !(fit.rw >= entry->fit.rw)) {
            entry->fit = fit;
            entry->unit = start[i].unit;
            memcpy(entry->curve, f->curve, f->n_points * sizeof *f->curve);
        }
    }
    return status;
}

/* An entry that cannot be fitted keeps rw = NaN and is dropped later; only running out of memory is an error. */
static deepstruc_status fit_entry(pool_entry *entry, const bond_range *range, fitter *f)
{
    entry->curve = memory_zeroed(f->n_points, sizeof *entry->curve);
    deepstruc_status status = entry->curve ? best_fit(entry, range, f) : DEEPSTRUC_NO_MEMORY;
    if (status != DEEPSTRUC_OK)
        entry->fit.rw = NAN;
    return status == DEEPSTRUC_NO_MEMORY ? status : DEEPSTRUC_OK;
}

static void fitters_destroy(fitter *fitters, int n)
{
    for (int i = 0; fitters && i < n; i++) {
        deepstruc_refiner_destroy(fitters[i].refiner);
        free(fitters[i].curve);
    }
    free(fitters);
}

static deepstruc_status fitters_create(fitter **out, int n, const deepstruc_target *target, deepstruc_diag *diag)
{
    fitter *fitters = memory_zeroed((size_t)n, sizeof *fitters);
    deepstruc_status status = fitters ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (int i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        fitters[i].n_points = target->n;
        fitters[i].curve = memory_zeroed(target->n, sizeof *fitters[i].curve);
        status = fitters[i].curve ? deepstruc_refiner_create(&fitters[i].refiner, target, diag) : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK)
        *out = fitters;
    else
        fitters_destroy(fitters, n);
    return status;
}

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

deepstruc_status pool_fit(candidate_pool *pool, size_t first, const bond_range *range, const deepstruc_target *target,
                          int threads, const deepstruc_progress *progress, const char *stage, deepstruc_diag *diag)
{
    fitter *fitters = NULL;
    deepstruc_status status = fitters_create(&fitters, threads, target, diag);
    size_t batch = (size_t)threads * BATCH_PER_THREAD;
    for (size_t done = first; done < pool->n && status == DEEPSTRUC_OK; done += batch) {
        size_t end = done + batch < pool->n ? done + batch : pool->n;
        int n_failed = 0;
        if (progress && progress->cancelled && progress->cancelled(progress->user)) {
            status = diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled; nothing was written");
            break;
        }
#pragma omp parallel for schedule(dynamic, 4) num_threads(threads) reduction(+ : n_failed)
        for (size_t i = done; i < end; i++)
            n_failed += fit_entry(&pool->entry[i], range, &fitters[omp_get_thread_num()]) != DEEPSTRUC_OK;
        if (n_failed)
            status = diag_no_memory(diag);
        else if (progress && progress->report)
            progress->report(progress->user, stage, (double)(end - first) / (double)(pool->n - first));
    }
    fitters_destroy(fitters, threads);
    if (status == DEEPSTRUC_OK)
        drop_unfitted(pool, first);
    return status;
}

/* ---- ranking --------------------------------------------------------------------------------------------------------
 */

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
    qsort(pool->entry, pool->n, sizeof *pool->entry, by_rw);
}

void pool_rank(candidate_pool *pool, size_t n_max)
{
    static const double SAME_RW =
        1e-4; /* equal structures fit equally well: only such neighbours in rank are compared */
    pool_sort(pool);
    size_t n = 0;
    for (size_t i = 0; i < pool->n; i++) {
        bool seen = n >= n_max;
        for (size_t j = n; j-- > 0 && !seen && pool->entry[i].fit.rw - pool->entry[j].fit.rw < SAME_RW;)
            seen = same_structure(&pool->entry[j], &pool->entry[i]);
        if (seen)
            entry_clear(&pool->entry[i]);
        else
            pool->entry[n++] = pool->entry[i];
    }
    pool->n = n;
}
