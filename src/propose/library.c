#include "propose/library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

static const char METHOD[] = "library";

static deepstruc_status add_recipe(candidate_pool *pool, const deepstruc_recipe *recipe, size_t max_atoms,
                                   deepstruc_diag *diag)
{
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_build(&cluster, recipe, 1, "X", diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (cluster->n_atoms > max_atoms) {
        deepstruc_cluster_destroy(cluster);
        return DEEPSTRUC_OK;
    }
    return pool_add(pool, cluster, METHOD, diag);
}

static bool same_shape(const deepstruc_catalogue_entry *a, const deepstruc_catalogue_entry *b)
{
    static const double SAME = 1e-6; /* other shapes of that size differ by more */
    bool same = a->n_atoms == b->n_atoms;
    for (int k = 0; k < 4 && same; k++)
        same = fabs(a->fingerprint[k] - b->fingerprint[k]) <= SAME * b->fingerprint[k];
    return same;
}

/* Drops the shapes that are left out. */
static void leave_out(deepstruc_catalogue *catalogue, const deepstruc_catalogue *left_out)
{
    size_t n = 0;
    for (size_t i = 0; i < catalogue->n; i++) {
        bool dropped = false;
        for (size_t j = 0; left_out && j < left_out->n && !dropped; j++)
            dropped = same_shape(&catalogue->entry[i], &left_out->entry[j]);
        if (!dropped)
            catalogue->entry[n++] = catalogue->entry[i];
    }
    catalogue->n = n;
}

deepstruc_status library_published(deepstruc_catalogue **out, const deepstruc_catalogue *left_out, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_catalogue_paper(out, diag);
    if (status == DEEPSTRUC_OK)
        leave_out(*out, left_out);
    return status;
}

/* ---- the method -------------------------------------------------------------------------------------------------- */

/* Sizes and bond lengths among which rich shapes are looked for. */
typedef struct {
    size_t n_min, n_max;
    bond_range bond;
} size_window;

/* What every screen of one window shares. */
typedef struct {
    const deepstruc_catalogue *rich;
    const library_settings *settings;
    const deepstruc_progress *progress;
    bond_range bond;
    bool *taken; /* rich->n: entries that are in the pool */
} screening;

enum { N_OVERALL = 250, N_OF_TYPE = 25, N_FITTED = N_OVERALL + DEEPSTRUC_N_TYPES * N_OF_TYPE, N_PEERS = 4 };

/* How many entries one screen takes: the work of an entry grows with its pairs. */
static size_t screen_budget(const size_window *window)
{
    static const double MOST = 1600, LEAST = 400, EASY_ATOMS = 250;
    double middle = sqrt((double)window->n_min * (double)window->n_max) / EASY_ATOMS;
    return (size_t)fmax(LEAST, MOST / fmax(1, middle * middle));
}

/* Keeps the best overall and the best of each type: the types with most shapes must not crowd out the others. */
static size_t select_hits(const deepstruc_catalogue *rich, deepstruc_screen_hit *hit, size_t n_hits)
{
    size_t n = 0, n_of_type[DEEPSTRUC_N_TYPES] = {0};
    for (size_t i = 0; i < n_hits; i++) {
        deepstruc_type type = rich->entry[hit[i].i_entry].recipe.type;
        if (i < N_OVERALL || n_of_type[type] < N_OF_TYPE) {
            n_of_type[type]++;
            hit[n++] = hit[i];
        }
    }
    return n;
}

/* Screens `n` entries named by index; at most N_FITTED of them, the best first, into hit. */
static deepstruc_status screen_entries(const screening *s, const deepstruc_target *target, const size_t *index,
                                       size_t n, deepstruc_screen_hit *hit, size_t *n_hits, const char *stage,
                                       deepstruc_diag *diag)
{
    deepstruc_catalogue_entry *entries = memory_zeroed(n, sizeof *entries);
    deepstruc_screen_hit *all = memory_zeroed(n, sizeof *all);
    size_t n_all = 0;
    deepstruc_status status = entries && all ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < n; i++)
        entries[i] = s->rich->entry[index[i]];
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine_screen(target, entries, n, s->bond.low, s->bond.high, all, n, &n_all,
                                         s->settings->threads, stage, s->progress, diag);
    if (status == DEEPSTRUC_OK) {
        for (size_t i = 0; i < n_all; i++)
            all[i].i_entry = index[all[i].i_entry];
        *n_hits = select_hits(s->rich, all, n_all);
        memcpy(hit, all, *n_hits * sizeof *hit);
    }
    free(entries);
    free(all);
    return status;
}

/* Every k-th of the n indices so that at most n_max stay: the catalogue is sorted by type and size, so all are thinned
 * alike. */
static size_t thin(size_t *index, size_t n, size_t n_max)
{
    if (n <= n_max)
        return n;
    for (size_t i = 0; i < n_max; i++)
        index[i] = index[i * n / n_max];
    return n_max;
}

/* Entries about the sizes of the best hits of their type, at most n_max, each type that is near the best thinned to its
 * share. */
static size_t near_hits(const deepstruc_catalogue *rich, const deepstruc_screen_hit *hit, size_t n_hits, size_t *index,
                        size_t n_max)
{
    static const double SAME_SIZE = 0.12, NEAR_RW = 0.06;
    const deepstruc_catalogue_entry *peer[DEEPSTRUC_N_TYPES][N_PEERS];
    size_t n_peers[DEEPSTRUC_N_TYPES] = {0}, n_types = 0, n = 0, begin = 0;
    for (size_t k = 0; k < n_hits && hit[k].rw <= hit[0].rw + NEAR_RW; k++) {
        const deepstruc_catalogue_entry *entry = &rich->entry[hit[k].i_entry];
        size_t *count = &n_peers[entry->recipe.type];
        n_types += *count == 0;
        if (*count < N_PEERS)
            peer[entry->recipe.type][(*count)++] = entry;
    }
    for (size_t i = 0; i < rich->n; i++) {
        deepstruc_type type = rich->entry[i].recipe.type;
        bool near = false;
        for (size_t k = 0; k < n_peers[type] && !near; k++)
            near = fabs(log((double)rich->entry[i].n_atoms / (double)peer[type][k]->n_atoms)) < SAME_SIZE;
        if (near)
            index[n++] = i;
        if (i + 1 == rich->n || rich->entry[i + 1].recipe.type != type) { /* the catalogue is sorted by type */
            n = begin + thin(index + begin, n - begin, n_max / (n_types ? n_types : 1));
            begin = n;
        }
    }
    return n;
}

/* Screens entries in one view of the data and adds the best to the pool, each once. hit[n_hits]: they. */
static deepstruc_status screen_view(candidate_pool *pool, const screening *s, const deepstruc_target *view,
                                    const size_t *index, size_t n, deepstruc_screen_hit *hit, size_t *n_hits,
                                    const char *stage, deepstruc_diag *diag)
{
    deepstruc_status status = screen_entries(s, view, index, n, hit, n_hits, stage, diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < *n_hits; i++) {
        bool *taken = &s->taken[hit[i].i_entry];
        if (!*taken)
            status = add_recipe(pool, &s->rich->entry[hit[i].i_entry].recipe, s->settings->max_atoms, diag);
        *taken = true;
    }
    return status;
}

/* The full catalogue comes from the cache, a window of it is built sooner than the file is read. */
static deepstruc_status open_rich(deepstruc_catalogue **out, const size_window *window,
                                  const library_settings *settings, deepstruc_diag *diag)
{
    char path[4096] = "";
    if (settings->cache && settings->extent == LIBRARY_FULL)
        text_append(path, sizeof path, "%s/catalogue-%zu-%zu", settings->cache, window->n_min, window->n_max);
    deepstruc_status status =
        deepstruc_catalogue_open(out, path[0] ? path : NULL, window->n_min, window->n_max, NULL, diag);
    if (status == DEEPSTRUC_OK)
        leave_out(*out, settings->left_out);
    return status;
}

/* Rich shapes of a window are screened and the best fitted: all of them for LIBRARY_FULL; else a thinned selection,
 * then what lies about its best. */
static deepstruc_status fit_rich(candidate_pool *pool, const size_window *window, const library_settings *settings,
                                 const deepstruc_target *target, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    deepstruc_catalogue *rich = NULL;
    deepstruc_screen_hit hit[N_FITTED];
    size_t n_hits = 0, first = pool->n;
    deepstruc_status status = open_rich(&rich, window, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    size_t budget = screen_budget(window);
    bool all = settings->extent == LIBRARY_FULL || rich->n <= budget;
    size_t *index = memory_zeroed(rich->n, sizeof *index), n = rich->n;
    screening s = {rich, settings, progress, window->bond, memory_zeroed(rich->n, sizeof *s.taken)};
    if (!index || !s.taken)
        status = diag_no_memory(diag);
    for (size_t i = 0; index && i < n; i++)
        index[i] = i;
    if (status == DEEPSTRUC_OK) {
        n = all ? n : thin(index, n, budget);
        status = screen_view(pool, &s, settings->still, index, n, hit, &n_hits, "rich shapes", diag);
    }
    if (status == DEEPSTRUC_OK && !all) {
        n = near_hits(rich, hit, n_hits, index, budget);
        status = screen_view(pool, &s, settings->still, index, n, hit, &n_hits, "shapes nearby", diag);
    }
    if (status == DEEPSTRUC_OK) { /* the data as they are prefer others, and by them candidates are ranked */
        n = all ? n : thin(index, n, budget / 3);
        status = screen_view(pool, &s, target, index, n, hit, &n_hits, "shapes by Rw", diag);
    }
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &window->bond, target, settings->threads, progress, "best shapes", diag);
    free(index);
    free(s.taken);
    deepstruc_catalogue_destroy(rich);
    return status;
}

static deepstruc_recipe octahedron(int length, int cutoff, int unused)
{
    (void)unused;
    return deepstruc_recipe_octahedron(length, cutoff);
}

/* The published generator's next larger fcc shapes: the published catalogue ends at 200 atoms and the published Pt
 * samples do not (docs/decisions/0002-paper-catalogue-continued.md). */
static const struct {
    deepstruc_recipe (*make)(int, int, int);
    int a, b, c;
} continued[] = {
    {octahedron, 7, 0, 0},           {octahedron, 8, 0, 0},           {deepstruc_recipe_fcc, 4, 6, 6},
    {deepstruc_recipe_fcc, 5, 6, 6}, {deepstruc_recipe_fcc, 6, 6, 6},
};

static deepstruc_status fit_paper(candidate_pool *pool, const deepstruc_catalogue *paper,
                                  const library_settings *settings, const deepstruc_target *target,
                                  const deepstruc_progress *progress, deepstruc_diag *diag)
{
    size_t first = pool->n;
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; status == DEEPSTRUC_OK && i < paper->n; i++)
        status = add_recipe(pool, &paper->entry[i].recipe, settings->max_atoms, diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < sizeof continued / sizeof *continued; i++) {
        deepstruc_recipe recipe = continued[i].make(continued[i].a, continued[i].b, continued[i].c);
        status = add_recipe(pool, &recipe, settings->max_atoms, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &settings->bond, target, settings->threads, progress, "catalogue", diag);
    return status;
}

/* Compact shapes of every size, beyond the window too, for what the search does not expect: a second size in the
 * sample. */
static deepstruc_status fit_rungs(candidate_pool *pool, const library_settings *settings,
                                  const deepstruc_target *target, const deepstruc_progress *progress,
                                  deepstruc_diag *diag)
{
    static const int rungs[] = {8, 10, 11, 13}; /* 300 to 1300 atoms: the published shapes are the smaller ones */
    size_t first = pool->n;
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < sizeof rungs / sizeof *rungs && status == DEEPSTRUC_OK; i++) {
        deepstruc_recipe recipe = deepstruc_recipe_octahedron(rungs[i], rungs[i] / 3);
        status = add_recipe(pool, &recipe, settings->max_atoms, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &settings->bond, target, settings->threads, progress, "sizes", diag);
    return status;
}

deepstruc_status propose_library(candidate_pool *pool, const library_settings *settings, const deepstruc_target *target,
                                 const deepstruc_progress *progress, deepstruc_diag *diag)
{
    size_window window = {5, settings->max_atoms, settings->bond};
    if (settings->extent == LIBRARY_AUTO)
        window = (size_window){settings->size->n_min, settings->size->n_max, settings->size->bond};
    deepstruc_status status = fit_paper(pool, settings->published, settings, target, progress, diag);
    if (status == DEEPSTRUC_OK && settings->extent != LIBRARY_PAPER)
        status = fit_rungs(pool, settings, target, progress, diag);
    if (status == DEEPSTRUC_OK && settings->extent != LIBRARY_PAPER && window.n_min <= window.n_max)
        status = fit_rich(pool, &window, settings, target, progress, diag);
    return status;
}
