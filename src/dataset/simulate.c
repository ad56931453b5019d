/* A protocol's structures with their simulated PDFs. */
#include <stdlib.h>
#include <string.h>

#include "base/comm.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/set.h"

enum { CHUNK = 256 }; /* structures of one rank between two looks at progress */

/* One structure into its place; `scatter` and `g` are the thread's own. */
static deepstruc_status simulate_one(deepstruc_dataset *dataset, size_t i, const deepstruc_structure *structure,
                                     deepstruc_scatter *scatter, double *g, double biso, deepstruc_diag *diag)
{
    dataset_item *item = &dataset->item[i];
    deepstruc_cluster *cluster;
    deepstruc_status status =
        deepstruc_cluster_build(&cluster, &structure->recipe, structure->bond_length, structure->element, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (cluster->n_atoms != item->n_atoms)
        status = diag_fail(diag, DEEPSTRUC_NUMERIC, "%s has %zu atoms, not %zu", structure->name, cluster->n_atoms,
                           item->n_atoms);
    else
        status = deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, 1, diag);
    if (status == DEEPSTRUC_OK) {
        deepstruc_scatter_evaluate(scatter, 1, biso, g, NULL, NULL);
        for (size_t k = 0; k < dataset->n_points; k++)
            dataset->pdf[i * dataset->n_points + k] = (float)g[k];
        memcpy(dataset->xyz + 3 * item->first_atom, cluster->xyz, 3 * item->n_atoms * sizeof *dataset->xyz);
    }
    deepstruc_cluster_destroy(cluster);
    return status;
}

/* Every step-th structure from `first` on. */
static deepstruc_status simulate_range(deepstruc_dataset *dataset, const deepstruc_structures *structures, size_t first,
                                       size_t last, size_t step, const deepstruc_engine *engine, double biso,
                                       deepstruc_diag *diag)
{
    deepstruc_status failed = DEEPSTRUC_OK;
#pragma omp parallel
    {
        deepstruc_scatter *scatter = NULL;
        deepstruc_diag own;
        double *g = memory_aligned(dataset->n_points, sizeof *g);
        deepstruc_status status = g ? deepstruc_scatter_create(&scatter, engine, &own) : diag_no_memory(&own);
#pragma omp for schedule(dynamic, 8)
        for (size_t i = first; i < last; i += step)
            if (status == DEEPSTRUC_OK)
                status = simulate_one(dataset, i, &structures->structure[i], scatter, g, biso, &own);
#pragma omp critical
        if (status != DEEPSTRUC_OK) {
            failed = status;
            if (diag)
                *diag = own;
        }
        deepstruc_scatter_destroy(scatter);
        free(g);
    }
    return failed;
}

static deepstruc_status prepare(deepstruc_dataset **out, const deepstruc_structures *structures, const char *protocol,
                                const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    size_t n_atoms = 0;
    long first;
    for (size_t i = 0; i < structures->n; i++)
        n_atoms += structures->structure[i].n_atoms;
    deepstruc_dataset *dataset;
    deepstruc_status status =
        dataset_allocate(&dataset, structures->n, n_atoms, deepstruc_pdf_grid(settings, &first), diag);
    deepstruc_split *split = memory_zeroed(structures->n, sizeof *split);
    if (status != DEEPSTRUC_OK || !split) {
        if (status == DEEPSTRUC_OK)
            deepstruc_dataset_destroy(dataset);
        free(split);
        return status != DEEPSTRUC_OK ? status : diag_no_memory(diag);
    }
    text_copy(dataset->protocol, sizeof dataset->protocol, protocol);
    dataset->rmin = (double)first * settings->rstep;
    dataset->rstep = settings->rstep;
    dataset->qmin = settings->qmin, dataset->qmax = settings->qmax;
    dataset->qdamp = settings->qdamp, dataset->biso = settings->biso;
    deepstruc_split_random(split, structures->n);
    n_atoms = 0;
    for (size_t i = 0; i < structures->n; i++) {
        const deepstruc_structure *from = &structures->structure[i];
        dataset_item *item = &dataset->item[i];
        *item = (dataset_item){.type = from->recipe.type,
                               .split = split[i],
                               .n_atoms = from->n_atoms,
                               .first_atom = n_atoms,
                               .bond_length = from->bond_length};
        text_copy(item->name, sizeof item->name, from->name);
        text_copy(item->element, sizeof item->element, from->element);
        n_atoms += from->n_atoms;
    }
    free(split);
    *out = dataset;
    return DEEPSTRUC_OK;
}

/* Ranks take structures by turns, since neighbours in the list are alike in size, and then exchange what they made. */
static deepstruc_status simulate_all(deepstruc_dataset *dataset, const deepstruc_structures *structures,
                                     const deepstruc_engine *engine, double biso, const deepstruc_progress *progress,
                                     deepstruc_diag *diag)
{
    deepstruc_ranks *ranks = comm_of(progress);
    size_t n = structures->n, step = deepstruc_ranks_count(ranks), chunk = CHUNK * step;
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t first = 0; first < n && status == DEEPSTRUC_OK; first += chunk) {
        if (progress && progress->report)
            progress->report(progress->user, "simulating", (double)first / (double)n);
        if (progress && progress->cancelled && progress->cancelled(progress->user))
            status = diag_fail(diag, DEEPSTRUC_CANCELLED, "stopped while simulating; nothing was written");
        else
            status = simulate_range(dataset, structures, first + deepstruc_ranks_index(ranks),
                                    first + chunk < n ? first + chunk : n, step, engine, biso, diag);
    }
    status = comm_meet(ranks, status, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_ranks_merge(ranks, dataset->xyz, 3 * dataset->n_atoms * sizeof *dataset->xyz, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_ranks_merge(ranks, dataset->pdf, n * dataset->n_points * sizeof *dataset->pdf, diag);
    return status == DEEPSTRUC_OK ? dataset_make_graphs(dataset, diag) : status;
}

deepstruc_status deepstruc_dataset_simulate(deepstruc_dataset **out, const char *protocol,
                                            const deepstruc_pdf_settings *settings, const deepstruc_progress *progress,
                                            deepstruc_diag *diag)
{
    deepstruc_structures *structures = NULL;
    deepstruc_dataset *dataset = NULL;
    deepstruc_engine *engine = NULL;
    deepstruc_status status = deepstruc_structures_of_protocol(&structures, protocol, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_engine_create(&engine, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = prepare(&dataset, structures, protocol, settings, diag);
    status = comm_meet(comm_of(progress), status, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = simulate_all(dataset, structures, engine, settings->biso, progress, diag);
    deepstruc_engine_destroy(engine);
    deepstruc_structures_destroy(structures);
    if (status == DEEPSTRUC_OK)
        *out = dataset;
    else
        deepstruc_dataset_destroy(dataset);
    return status;
}
