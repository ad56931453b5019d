#include "propose/size.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/target.h"

/* ---- the ladder -------------------------------------------------------------------------------------------------- */

/* Shapes to size a sample by: the published ones, and a ladder of compact ones beyond their 200 atoms. */
enum { MAX_RUNGS = 320 };
typedef struct {
    size_t n;
    deepstruc_catalogue_entry entry[MAX_RUNGS];
} size_ladder;

static void add_rung(size_ladder *ladder, deepstruc_recipe recipe, size_t max_atoms)
{
    deepstruc_cluster *cluster;
    if (ladder->n == MAX_RUNGS || deepstruc_cluster_build(&cluster, &recipe, 1, "X", NULL) != DEEPSTRUC_OK)
        return;
    if (cluster->n_atoms <= max_atoms)
        ladder->entry[ladder->n++] = (deepstruc_catalogue_entry){.recipe = recipe, .n_atoms = cluster->n_atoms};
    deepstruc_cluster_destroy(cluster);
}

static void make_ladder(size_ladder *ladder, const deepstruc_catalogue *paper, size_t max_atoms)
{
    ladder->n = 0;
    for (size_t i = 0; i < paper->n; i++)
        add_rung(ladder, paper->entry[i].recipe, max_atoms);
    for (int length = 7; length <= 18; length++)
        add_rung(ladder, deepstruc_recipe_octahedron(length, length / 3), max_atoms);
    for (int shells = 5; shells <= 9; shells++)
        add_rung(ladder, deepstruc_recipe_icosahedron(shells), max_atoms);
    for (int p = 3; p <= 7; p++)
        for (int q = p - 1; q <= p; q++)
            add_rung(ladder, deepstruc_recipe_decahedron(p, q, 1), max_atoms);
    for (int k = 5; k <= 10; k++)
        add_rung(ladder, deepstruc_recipe_bcc(k, k - 1, k), max_atoms);
    for (int size = 6; size <= 12; size++)
        add_rung(ladder, deepstruc_recipe_hcp(size, size, (size + 1) / 2), max_atoms);
}

/* ---- the rungs that fit ------------------------------------------------------------------------------------------ */

enum { N_FITTED = 12 };

static const char METHOD[] = "size";

/* The rungs with the best coarse scores into the pool; the bond lengths at which they had them. */
static deepstruc_status screen_ladder(candidate_pool *pool, bond_range *seen, const size_ladder *ladder,
                                      const deepstruc_target *whole, const bond_range *bond, int threads,
                                      const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_screen_hit hit[N_FITTED];
    size_t n_hits = 0;
    deepstruc_status status = deepstruc_refine_screen(whole, ladder->entry, ladder->n, bond->low, bond->high, hit,
                                                      N_FITTED, &n_hits, threads, METHOD, progress, diag);
    *seen = (bond_range){INFINITY, 0};
    for (size_t i = 0; i < n_hits && !status; i++) {
        const deepstruc_recipe *recipe = &ladder->entry[hit[i].i_entry].recipe;
        double length = hit[i].unit * (recipe->type == DEEPSTRUC_TYPE_BCC ? sqrt(0.75) : 1);
        deepstruc_cluster *cluster;
        status = deepstruc_cluster_build(&cluster, recipe, 1, "X", diag);
        if (!status)
            status = pool_add(pool, cluster, METHOD, diag);
        seen->low = fmin(seen->low, length);
        seen->high = fmax(seen->high, length);
    }
    return status;
}

/* Sizes and bond lengths of what fits nearly as well as the best. A particle larger than the data show fits a short
 * range well, so the short range is not asked. */
static void describe(size_finding *out, const candidate_pool *pool, const bond_range *bond, size_t max_atoms)
{
    static const double NEAR = 1.12, NEAR_RW = 0.005, SMALLER = 0.7, LARGER = 1.4, WIDEST = 2.5, BOND_SLACK = 0.02;
    enum { N_BEST = 6 };
    size_finding found = {.n_min = max_atoms, .n_max = 1, .bond = {INFINITY, 0}};
    double most = pool->n > 0 ? NEAR * pool->entry[0].fit.rw + NEAR_RW : 0;
    for (size_t i = 0; i < pool->n && i < N_BEST && pool->entry[i].fit.rw <= most; i++) {
        const pool_entry *entry = &pool->entry[i];
        found.n_min = entry->cluster->n_atoms < found.n_min ? entry->cluster->n_atoms : found.n_min;
        found.n_max = entry->cluster->n_atoms > found.n_max ? entry->cluster->n_atoms : found.n_max;
        found.bond.low = fmin(found.bond.low, entry->fit.bond_length);
        found.bond.high = fmax(found.bond.high, entry->fit.bond_length);
    }
    double best = pool->n > 0 ? (double)pool->entry[0].cluster->n_atoms : 0;
    found.n_min = (size_t)fmax(SMALLER * (double)found.n_min, best / WIDEST);
    found.n_max = (size_t)fmin(fmin(LARGER * (double)found.n_max, best * WIDEST), (double)max_atoms);
    found.bond.low = fmax(found.bond.low * (1 - BOND_SLACK), bond->low);
    found.bond.high = fmin(found.bond.high * (1 + BOND_SLACK), bond->high);
    *out = found;
}

deepstruc_status size_find(size_finding *out, const deepstruc_catalogue *paper, const deepstruc_target *whole,
                           const bond_range *bond, size_t max_atoms, int threads, const deepstruc_progress *progress,
                           deepstruc_diag *diag)
{
    static const double SLACK = 0.01;
    candidate_pool pool = {0};
    bond_range seen;
    size_ladder *ladder = memory_zeroed(1, sizeof *ladder);
    if (!ladder)
        return diag_no_memory(diag);
    make_ladder(ladder, paper, max_atoms);
    deepstruc_status status = screen_ladder(&pool, &seen, ladder, whole, bond, threads, progress, diag);
    const bond_range range = {seen.low * (1 - SLACK), seen.high * (1 + SLACK)};
    if (!status && pool.n > 0)
        status = pool_fit(&pool, 0, &range, whole, threads, progress, METHOD, diag);
    if (!status && pool.n > 0)
        status = pool_extend(&pool, pool.n, whole, threads, METHOD, progress, diag);
    if (!status) {
        describe(out, &pool, bond, max_atoms);
        if (pool.n > 0) {
            out->unit = pool.entry[0].unit;
            out->fit = pool.entry[0].fit;
            out->cluster = pool.entry[0].cluster;
            pool.entry[0].cluster = NULL;
        }
    }
    pool_clear(&pool);
    free(ladder);
    return status;
}

void size_clear(size_finding *finding)
{
    deepstruc_cluster_destroy(finding->cluster);
    *finding = (size_finding){0};
}

/* ---- correlated motion ------------------------------------------------------------------------------------------- */

/* The rung's curve on the target's grid, without or with its delta2. */
static deepstruc_status rung_curve(deepstruc_pdf **out, const size_finding *rung, double delta2,
                                   const deepstruc_cluster *placed, const deepstruc_target *target,
                                   deepstruc_diag *diag)
{
    deepstruc_pdf_settings as = target_engine_settings(target);
    as.biso = rung->fit.biso;
    as.delta2 = delta2;
    as.scale = rung->fit.scale;
    return deepstruc_pdf_simulate(out, placed, &as, DEEPSTRUC_MODE_EXACT, diag);
}

deepstruc_status size_still(deepstruc_target *target, const size_finding *rung, deepstruc_diag *diag)
{
    if (!rung->cluster || rung->fit.n_terms != 1)
        return DEEPSTRUC_OK;
    deepstruc_pdf *with = NULL, *without = NULL;
    deepstruc_cluster placed = *rung->cluster;
    placed.xyz = memory_zeroed(3 * placed.n_atoms, sizeof *placed.xyz);
    deepstruc_status status = placed.xyz ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < 3 * placed.n_atoms && !status; i++)
        placed.xyz[i] = rung->cluster->xyz[i] * rung->unit * rung->fit.expansion;
    if (!status)
        status = rung_curve(&with, rung, rung->fit.term[0].value, &placed, target, diag);
    if (!status)
        status = rung_curve(&without, rung, 0, &placed, target, diag);
    for (size_t i = 0; !status && i < target->n && i < with->n_points; i++)
        target->g[i] -= with->g[i] - without->g[i];
    deepstruc_pdf_destroy(with);
    deepstruc_pdf_destroy(without);
    free(placed.xyz);
    return status;
}
