/* Catalogues of far more shapes than can be fitted: a coarse Rw of each, and of most of them not even that.
 *
 * How well a shape fits depends on its type and size first, so the catalogue is cut into bins of one type and sizes
 * within a tenth. Of every bin a sample is scored; a bin whose best sample is far from the best of all samples is
 * dropped, of the others every entry is scored. Large structures are scored by an estimate from the pairs of some of
 * their atoms; the best by that are scored again with all pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/crew.h"

static const double bin_ratio = 1.1;
/* A bin is dropped when its best sample's Rw is above the best of all samples by more than this. */
static const double bin_margin = 0.06;
/* One entry in so many is a sample, but so many at least of each bin. */
enum { SAMPLE_EVERY = 8, SAMPLE_LEAST = 16 };
/* Atoms whose pairs an estimate takes; and how many times what the caller wants is scored with all pairs. */
enum { FEW_CENTRES = 48, AGAIN = 2 };
enum { N_BINS_OF_TYPE = 160, N_BINS = DEEPSTRUC_N_TYPES * N_BINS_OF_TYPE };

typedef struct {
    const deepstruc_catalogue_entry *entries;
    double bond_low, bond_high;
    size_t n_centres;           /* of this pass */
    const size_t *list;         /* entries of this pass */
    deepstruc_screen_hit *hits; /* one per entry; rw is NaN for what cannot be fitted or was not scored */
} screen;

/* Bond lengths are taken as the recipes have them, 1 (bcc: its cubic edge is 1), not measured: a range need not be
 * exact, and looking for neighbours costs as much as the scan. */
static deepstruc_status score_entry(void *user, size_t i, deepstruc_refiner *refiner)
{
    const screen *s = user;
    size_t i_entry = s->list[i];
    deepstruc_screen_hit *hit = &s->hits[i_entry];
    const deepstruc_recipe *recipe = &s->entries[i_entry].recipe;
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_build(&cluster, recipe, 1, "X", NULL);
    if (status)
        return status;
    double bond = recipe->type == DEEPSTRUC_TYPE_BCC ? sqrt(3) / 2 : 1, chi;
    refiner_limit_centres(refiner, s->n_centres);
    status = refiner_coarse(refiner, cluster, s->bond_low / bond, s->bond_high / bond, &hit->unit, &chi);
    hit->rw = !status && isfinite(chi) ? sqrt(chi) : NAN;
    deepstruc_cluster_destroy(cluster);
    return status;
}

static void copy_hit(void *user, size_t i, void *bytes, bool take)
{
    const screen *s = user;
    deepstruc_screen_hit *hit = &s->hits[s->list[i]];
    memcpy(take ? hit : bytes, take ? bytes : hit, sizeof *hit);
}

static size_t bin_of(const deepstruc_catalogue_entry *entry)
{
    size_t size = (size_t)(log((double)entry->n_atoms + 1) / log(bin_ratio));
    return (size_t)entry->recipe.type * N_BINS_OF_TYPE + (size < N_BINS_OF_TYPE ? size : N_BINS_OF_TYPE - 1);
}

/* Puts the sample of every bin at the front of `list` and the rest behind it; the size of the sample. */
static size_t choose_sample(const deepstruc_catalogue_entry *entries, size_t n, size_t *list)
{
    size_t in_bin[N_BINS] = {0}, seen[N_BINS] = {0}, n_sample = 0, n_rest = 0;
    for (size_t i = 0; i < n; i++)
        in_bin[bin_of(&entries[i])]++;
    for (size_t i = 0; i < n; i++) {
        size_t bin = bin_of(&entries[i]), every = in_bin[bin] / SAMPLE_LEAST;
        every = every > SAMPLE_EVERY ? SAMPLE_EVERY : every < 1 ? 1 : every;
        if (seen[bin]++ % every == 0)
            list[n_sample++] = i;
        else
            list[n - ++n_rest] = i; /* from the end, backwards: the order does not matter */
    }
    return n_sample;
}

/* Keeps of list[0 .. n-1] the entries of bins whose best score is near the best of all; how many those are. */
static size_t keep_good_bins(const screen *s, size_t n_entries, size_t *list, size_t n)
{
    double best_of[N_BINS], best = INFINITY;
    for (size_t bin = 0; bin < N_BINS; bin++)
        best_of[bin] = INFINITY;
    for (size_t i = 0; i < n_entries; i++)
        if (!isnan(s->hits[i].rw)) {
            size_t bin = bin_of(&s->entries[i]);
            best_of[bin] = fmin(best_of[bin], s->hits[i].rw);
            best = fmin(best, s->hits[i].rw);
        }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (best_of[bin_of(&s->entries[list[i]])] <= best + bin_margin)
            list[kept++] = list[i];
    return kept;
}

static deepstruc_status score_list(screen *s, size_t n, const deepstruc_target *target, int threads, const char *stage,
                                   double from, double to, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    const crew_task task = {score_entry, copy_hit, sizeof *s->hits, s};
    return crew_run(target, n, threads, &task, stage, from, to, progress, diag);
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

/* Of the sorted hits, scores the first n_again with all pairs and forgets the others. */
static deepstruc_status score_again(screen *s, size_t *list, size_t n, size_t n_again, const deepstruc_target *target,
                                    int threads, const char *stage, const deepstruc_progress *progress,
                                    deepstruc_diag *diag)
{
    deepstruc_screen_hit *sorted = memory_zeroed(n, sizeof *sorted);
    if (!sorted)
        return diag_no_memory(diag);
    for (size_t i = 0; i < n; i++)
        sorted[i] = s->hits[i];
    qsort(sorted, n, sizeof *sorted, by_rw);
    size_t n_list = 0;
    for (size_t i = 0; i < n; i++) {
        size_t i_entry = sorted[i].i_entry;
        if (i >= n_again || isnan(sorted[i].rw))
            s->hits[i_entry].rw = NAN;
        else if (s->entries[i_entry].n_atoms > FEW_CENTRES)
            list[n_list++] = i_entry;
    }
    free(sorted);
    s->list = list;
    s->n_centres = SIZE_MAX;
    return score_list(s, n_list, target, threads, stage, 0.8, 1, progress, diag);
}

static deepstruc_status run_passes(screen *s, size_t *list, size_t n, size_t n_again, const deepstruc_target *target,
                                   int threads, const char *stage, const deepstruc_progress *progress,
                                   deepstruc_diag *diag)
{
    size_t n_sample = choose_sample(s->entries, n, list);
    s->list = list;
    s->n_centres = FEW_CENTRES;
    deepstruc_status status = score_list(s, n_sample, target, threads, stage, 0, 0.2, progress, diag);
    if (status)
        return status;
    s->list = list + n_sample;
    size_t n_kept = keep_good_bins(s, n, list + n_sample, n - n_sample);
    status = score_list(s, n_kept, target, threads, stage, 0.2, 0.8, progress, diag);
    return status ? status : score_again(s, list, n, n_again, target, threads, stage, progress, diag);
}

deepstruc_status deepstruc_refine_screen(const deepstruc_target *target, const deepstruc_catalogue_entry *entries,
                                         size_t n, double bond_low, double bond_high, deepstruc_screen_hit *best,
                                         size_t n_best, size_t *n_found, int threads, const char *stage,
                                         const deepstruc_progress *progress, deepstruc_diag *diag)
{
    screen s = {.entries = entries, .bond_low = bond_low, .bond_high = bond_high};
    size_t *list = memory_zeroed(n, sizeof *list), found = 0;
    s.hits = memory_zeroed(n, sizeof *s.hits);
    deepstruc_status status = n == 0 || (list && s.hits) ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && !status; i++)
        s.hits[i] = (deepstruc_screen_hit){.i_entry = i, .rw = NAN};
    if (!status)
        status = run_passes(&s, list, n, n_best > SIZE_MAX / AGAIN ? n : AGAIN * n_best, target, threads, stage,
                            progress, diag);
    if (!status) {
        qsort(s.hits, n, sizeof *s.hits, by_rw);
        for (; found < n && found < n_best && !isnan(s.hits[found].rw); found++)
            best[found] = s.hits[found];
        *n_found = found;
    }
    free(s.hits);
    free(list);
    return status;
}
