/* Many structures fitted, and many more screened. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/crew.h"

/* ---- full fits --------------------------------------------------------------------------------------------------- */

static deepstruc_status fit_job(void *user, size_t i, deepstruc_refiner *refiner)
{
    deepstruc_refine_job *job = (deepstruc_refine_job *)user + i;
    deepstruc_status status = deepstruc_refine_wide(refiner, job->cluster, job->unit_low, job->unit_high, &job->unit,
                                                    &job->fit, job->curve, NULL);
    if (status)
        job->fit = (deepstruc_fit){.rw = NAN};
    return status;
}

deepstruc_status deepstruc_refine_many(const deepstruc_target *target, deepstruc_refine_job *jobs, size_t n,
                                       int threads, const char *stage, const deepstruc_progress *progress,
                                       deepstruc_diag *diag)
{
    return crew_run(target, n, threads, fit_job, jobs, stage, progress, diag);
}

/* ---- screening ------------------------------------------------------------------------------------------------------
 */

typedef struct {
    const deepstruc_catalogue_entry *entries;
    double bond_low, bond_high;
    deepstruc_screen_hit *hits; /* one per entry; rw is NaN for what cannot be fitted */
} screen;

/* Bond lengths are taken as the recipes have them, 1 (bcc: its cubic edge is 1), not measured: a range need not be exact,
 * and looking for neighbours costs as much as the scan. */
static deepstruc_status screen_entry(void *user, size_t i, deepstruc_refiner *refiner)
{
    const screen *s = user;
    deepstruc_screen_hit *hit = &s->hits[i];
    *hit = (deepstruc_screen_hit){.i_entry = i, .rw = NAN};
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_build(&cluster, &s->entries[i].recipe, 1, "X", NULL);
    if (status)
        return status;
    double bond = s->entries[i].recipe.type == DEEPSTRUC_TYPE_BCC ? sqrt(3) / 2 : 1, chi;
    status = refiner_coarse(refiner, cluster, s->bond_low / bond, s->bond_high / bond, &hit->unit, &chi);
    if (!status && isfinite(chi))
        hit->rw = sqrt(chi);
    deepstruc_cluster_destroy(cluster);
    return status;
}

/* NaN last; ties in the order of the catalogue. */
static int by_rw(const void *a, const void *b)
{
    const deepstruc_screen_hit *x = a, *y = b;
    bool x_bad = isnan(x->rw), y_bad = isnan(y->rw);
    if (x_bad != y_bad)
        return x_bad ? 1 : -1;
    if (!x_bad && x->rw != y->rw)
        return x->rw < y->rw ? -1 : 1;
    return (x->i_entry > y->i_entry) - (x->i_entry < y->i_entry);
}

deepstruc_status deepstruc_refine_screen(const deepstruc_target *target, const deepstruc_catalogue_entry *entries,
                                         size_t n, double bond_low, double bond_high, deepstruc_screen_hit *best,
                                         size_t n_best, size_t *n_found, int threads, const char *stage,
                                         const deepstruc_progress *progress, deepstruc_diag *diag)
{
    screen s = {entries, bond_low, bond_high, memory_zeroed(n, sizeof *s.hits)};
    if (n > 0 && !s.hits)
        return diag_no_memory(diag);
    deepstruc_status status = crew_run(target, n, threads, screen_entry, &s, stage, progress, diag);
    if (!status && n > 0) {
        qsort(s.hits, n, sizeof *s.hits, by_rw);
        size_t i = 0;
        for (; i < n && i < n_best && !isnan(s.hits[i].rw); i++)
            best[i] = s.hits[i];
        *n_found = i;
    }
    if (!status && n == 0)
        *n_found = 0;
    free(s.hits);
    return status;
}
