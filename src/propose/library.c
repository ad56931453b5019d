#include "propose/library.h"

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

static deepstruc_status add_catalogue(candidate_pool *pool, const deepstruc_catalogue *catalogue, size_t max_atoms,
                                      deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < catalogue->n && status == DEEPSTRUC_OK; i++)
        status = add_recipe(pool, &catalogue->entry[i].recipe, max_atoms, diag);
    return status;
}

/* ---- sizes --------------------------------------------------------------------------------------------------------
 */

/* A ladder of compact shapes beyond the published catalogue's 200 atoms: only to see which sizes fit. */
static deepstruc_status add_ladder(candidate_pool *pool, size_t max_atoms, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (int length = 7; length <= 18 && status == DEEPSTRUC_OK; length++) {
        deepstruc_recipe recipe = deepstruc_recipe_octahedron(length, length / 3);
        status = add_recipe(pool, &recipe, max_atoms, diag);
    }
    for (int shells = 5; shells <= 9 && status == DEEPSTRUC_OK; shells++) {
        deepstruc_recipe recipe = deepstruc_recipe_icosahedron(shells);
        status = add_recipe(pool, &recipe, max_atoms, diag);
    }
    for (int p = 3; p <= 7 && status == DEEPSTRUC_OK; p++)
        for (int q = p - 1; q <= p && status == DEEPSTRUC_OK; q++) {
            deepstruc_recipe recipe = deepstruc_recipe_decahedron(p, q, 1);
            status = add_recipe(pool, &recipe, max_atoms, diag);
        }
    for (int k = 5; k <= 10 && status == DEEPSTRUC_OK; k++) {
        deepstruc_recipe recipe = deepstruc_recipe_bcc(k, k - 1, k);
        status = add_recipe(pool, &recipe, max_atoms, diag);
    }
    for (int size = 6; size <= 12 && status == DEEPSTRUC_OK; size++) {
        deepstruc_recipe recipe = deepstruc_recipe_hcp(size, size, (size + 1) / 2);
        status = add_recipe(pool, &recipe, max_atoms, diag);
    }
    return status;
}

/* ---- the method
 * ------------------------------------------------------------------------------------------------------ */

static deepstruc_status fit_paper(candidate_pool *pool, const library_settings *settings,
                                  const deepstruc_target *target, const deepstruc_progress *progress,
                                  deepstruc_diag *diag)
{
    deepstruc_catalogue *paper = NULL;
    size_t first = pool->n;
    deepstruc_status status = deepstruc_catalogue_paper(&paper, diag);
    if (status == DEEPSTRUC_OK)
        status = add_catalogue(pool, paper, settings->max_atoms, diag);
    if (status == DEEPSTRUC_OK && settings->extent == LIBRARY_AUTO)
        status = add_ladder(pool, settings->max_atoms, diag);
    if (status == DEEPSTRUC_OK)
        status = pool_fit(pool, first, &settings->bond, target, settings->threads, progress, "catalogue", diag);
    deepstruc_catalogue_destroy(paper);
    return status;
}

deepstruc_status propose_library(candidate_pool *pool, const library_settings *settings, const deepstruc_target *target,
                                 const deepstruc_progress *progress, deepstruc_diag *diag)
{
    return fit_paper(pool, settings, target, progress, diag);
}
