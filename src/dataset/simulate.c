/* A protocol's structures with their simulated PDFs. */
#include <stdlib.h>
#include <string.h>

#include "base/comm.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/set.h"

enum { CHUNK = 256 }; /* structures of one rank between two looks at progress */

static deepstruc_status simulate_one(deepstruc_dataset *dataset, size_t i, const void *source, dataset_pen *pen,
                                     deepstruc_diag *diag)
{
    const deepstruc_structure *structure = &((const deepstruc_structures *)source)->structure[i];
    size_t wanted = dataset->item[i].n_atoms;
    deepstruc_cluster *cluster;
    deepstruc_status status =
        deepstruc_cluster_build(&cluster, &structure->recipe, structure->bond_length, structure->element, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (cluster->n_atoms != wanted)
        status =
            diag_fail(diag, DEEPSTRUC_NUMERIC, "%s has %zu atoms, not %zu", structure->name, cluster->n_atoms, wanted);
    else
        status = dataset_place(dataset, i, cluster, pen, diag);
    deepstruc_cluster_destroy(cluster);
    return status;
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
                                     const deepstruc_engine *engine, const deepstruc_progress *progress,
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
            status = dataset_place_range(dataset, first + deepstruc_ranks_index(ranks),
                                         first + chunk < n ? first + chunk : n, step, engine, simulate_one, structures,
                                         diag);
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
        status = simulate_all(dataset, structures, engine, progress, diag);
    deepstruc_engine_destroy(engine);
    deepstruc_structures_destroy(structures);
    if (status == DEEPSTRUC_OK)
        *out = dataset;
    else
        deepstruc_dataset_destroy(dataset);
    return status;
}
