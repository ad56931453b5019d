/* Data sets of structures that the user brings, and the way back from a data set to structures and PDFs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/classify.h"
#include "dataset/set.h"

/* ---- into a data set ------------------------------------------------------------------------------------------- */

static deepstruc_status place_one(deepstruc_dataset *dataset, size_t i, const void *source, dataset_pen *pen,
                                  deepstruc_diag *diag)
{
    const deepstruc_cluster *const *cluster = source;
    return dataset_place(dataset, i, cluster[i], pen, diag);
}

/* The caller's types stand; what has none is classified. Names are the clusters', or structure-1, structure-2, ... */
static deepstruc_status describe_item(dataset_item *item, const deepstruc_cluster *cluster, size_t i,
                                      deepstruc_diag *diag)
{
    item->n_atoms = cluster->n_atoms;
    item->bond_length = deepstruc_cluster_mean_bond(cluster);
    text_copy(item->element, sizeof item->element, cluster->element);
    text_copy(item->name, sizeof item->name, cluster->name);
    if (!item->name[0])
        text_append(item->name, sizeof item->name, "structure-%zu", i + 1);
    item->type = cluster->type;
    return item->type == DEEPSTRUC_TYPE_UNKNOWN ? classify_cluster(&item->type, cluster, diag) : DEEPSTRUC_OK;
}

static deepstruc_status prepare(deepstruc_dataset **out, const deepstruc_cluster *const *cluster, size_t n,
                                const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    size_t n_atoms = 0;
    long first;
    for (size_t i = 0; i < n; i++) {
        if (cluster[i]->n_atoms < 2 || cluster[i]->n_atoms > DATASET_MAX_NODES)
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "structure %zu has %zu atoms; 2 to %d can be learned from",
                             i + 1, cluster[i]->n_atoms, DATASET_MAX_NODES);
        n_atoms += cluster[i]->n_atoms;
    }
    deepstruc_dataset *dataset;
    deepstruc_status status = dataset_allocate(&dataset, n, n_atoms, deepstruc_pdf_grid(settings, &first), diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_split *split = memory_zeroed(n, sizeof *split);
    if (!split) {
        deepstruc_dataset_destroy(dataset);
        return diag_no_memory(diag);
    }
    text_copy(dataset->protocol, sizeof dataset->protocol, "own");
    dataset->rmin = (double)first * settings->rstep;
    dataset->rstep = settings->rstep;
    dataset->qmin = settings->qmin, dataset->qmax = settings->qmax;
    dataset->qdamp = settings->qdamp, dataset->biso = settings->biso;
    deepstruc_split_random(split, n);
    n_atoms = 0;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        status = describe_item(&dataset->item[i], cluster[i], i, diag);
        dataset->item[i].split = split[i];
        dataset->item[i].first_atom = n_atoms;
        n_atoms += cluster[i]->n_atoms;
    }
    free(split);
    if (status == DEEPSTRUC_OK)
        *out = dataset;
    else
        deepstruc_dataset_destroy(dataset);
    return status;
}

deepstruc_status deepstruc_dataset_of_clusters(deepstruc_dataset **out, const deepstruc_cluster *const *cluster,
                                               size_t n, const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    deepstruc_dataset *dataset = NULL;
    deepstruc_engine *engine = NULL;
    deepstruc_status status = deepstruc_engine_create(&engine, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = prepare(&dataset, cluster, n, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = dataset_place_range(dataset, 0, n, 1, engine, place_one, cluster, diag);
    if (status == DEEPSTRUC_OK)
        status = dataset_make_graphs(dataset, diag);
    deepstruc_engine_destroy(engine);
    if (status == DEEPSTRUC_OK)
        *out = dataset;
    else
        deepstruc_dataset_destroy(dataset);
    return status;
}

/* ---- two sets as one --------------------------------------------------------------------------------------------- */

deepstruc_status deepstruc_dataset_append(deepstruc_dataset *dataset, deepstruc_dataset *more, deepstruc_diag *diag)
{
    size_t n = dataset->n + more->n, n_points = dataset->n_points;
    if (more->n_points != n_points || !(fabs(more->rmin - dataset->rmin) < 1e-9) ||
        !(fabs(more->rstep - dataset->rstep) < 1e-9))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "the two data sets have their PDFs on different grids");
    deepstruc_dataset *both;
    deepstruc_status status = dataset_allocate(&both, n, dataset->n_atoms + more->n_atoms, n_points, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    memcpy(both->item, dataset->item, dataset->n * sizeof *both->item);
    memcpy(both->xyz, dataset->xyz, 3 * dataset->n_atoms * sizeof *both->xyz);
    memcpy(both->pdf, dataset->pdf, dataset->n * n_points * sizeof *both->pdf);
    memcpy(both->item + dataset->n, more->item, more->n * sizeof *both->item);
    memcpy(both->xyz + 3 * dataset->n_atoms, more->xyz, 3 * more->n_atoms * sizeof *both->xyz);
    memcpy(both->pdf + dataset->n * n_points, more->pdf, more->n * n_points * sizeof *both->pdf);
    for (size_t i = dataset->n; i < n; i++)
        both->item[i].first_atom += dataset->n_atoms;
    free(dataset->item);
    free(dataset->xyz);
    free(dataset->pdf);
    dataset->item = both->item;
    dataset->xyz = both->xyz;
    dataset->pdf = both->pdf;
    dataset->n = n;
    dataset->n_atoms += more->n_atoms;
    text_append(dataset->protocol, sizeof dataset->protocol, " + %s", more->protocol);
    free(both);
    more->n = more->n_atoms = 0; /* their graphs are the other set's now */
    return DEEPSTRUC_OK;
}

/* ---- and back -------------------------------------------------------------------------------------------------- */

size_t deepstruc_dataset_size(const deepstruc_dataset *dataset)
{
    return dataset->n;
}

deepstruc_status deepstruc_dataset_structure(const deepstruc_dataset *dataset, size_t i, deepstruc_cluster **out,
                                             deepstruc_diag *diag)
{
    if (i >= dataset->n)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "structure %zu of %zu", i, dataset->n);
    const dataset_item *item = &dataset->item[i];
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_create(&cluster, item->n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    memcpy(cluster->xyz, dataset->xyz + 3 * item->first_atom, 3 * item->n_atoms * sizeof *cluster->xyz);
    cluster->type = item->type;
    text_copy(cluster->element, sizeof cluster->element, item->element[0] ? item->element : "X");
    text_copy(cluster->name, sizeof cluster->name, item->name);
    cluster->bond_length = deepstruc_cluster_mean_bond(cluster);
    *out = cluster;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_dataset_pdf(const deepstruc_dataset *dataset, size_t i, deepstruc_pdf **out,
                                       deepstruc_diag *diag)
{
    if (i >= dataset->n)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "PDF %zu of %zu", i, dataset->n);
    size_t n = dataset->n_points;
    double *r = memory_zeroed(n, 2 * sizeof *r), *g = r ? r + n : NULL;
    if (!r)
        return diag_no_memory(diag);
    for (size_t k = 0; k < n; k++) {
        r[k] = dataset->rmin + (double)k * dataset->rstep;
        g[k] = dataset->pdf[i * n + k];
    }
    deepstruc_pdf *pdf;
    deepstruc_status status = deepstruc_pdf_create(&pdf, r, g, NULL, n, diag);
    free(r);
    if (status != DEEPSTRUC_OK)
        return status;
    pdf->qmin = dataset->qmin, pdf->qmax = dataset->qmax;
    pdf->qdamp = dataset->qdamp;
    text_copy(pdf->element, sizeof pdf->element, dataset->item[i].element);
    text_copy(pdf->composition, sizeof pdf->composition, dataset->item[i].element);
    text_copy(pdf->file, sizeof pdf->file, dataset->item[i].name);
    *out = pdf;
    return DEEPSTRUC_OK;
}
