/* Structures into a data set's places, with their simulated PDFs. */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/set.h"

deepstruc_status dataset_place(deepstruc_dataset *dataset, size_t i, const deepstruc_cluster *cluster, dataset_pen *pen,
                               deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_scatter_load(pen->scatter, cluster->xyz, cluster->n_atoms, 1, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_scatter_evaluate(pen->scatter, 1, dataset->biso, pen->g, NULL, NULL);
    for (size_t k = 0; k < dataset->n_points; k++)
        dataset->pdf[i * dataset->n_points + k] = (float)pen->g[k];
    memcpy(dataset->xyz + 3 * dataset->item[i].first_atom, cluster->xyz, 3 * cluster->n_atoms * sizeof *cluster->xyz);
    return DEEPSTRUC_OK;
}

deepstruc_status dataset_place_range(deepstruc_dataset *dataset, size_t first, size_t last, size_t step,
                                     const deepstruc_engine *engine, dataset_place_one *one, const void *source,
                                     deepstruc_diag *diag)
{
    deepstruc_status failed = DEEPSTRUC_OK;
#pragma omp parallel
    {
        deepstruc_diag own;
        dataset_pen pen = {.g = memory_aligned(dataset->n_points, sizeof *pen.g)};
        deepstruc_status status = pen.g ? deepstruc_scatter_create(&pen.scatter, engine, &own) : diag_no_memory(&own);
#pragma omp for schedule(dynamic, 8)
        for (size_t i = first; i < last; i += step)
            if (status == DEEPSTRUC_OK)
                status = one(dataset, i, source, &pen, &own);
#pragma omp critical
        if (status != DEEPSTRUC_OK) {
            failed = status;
            if (diag)
                *diag = own;
        }
        deepstruc_scatter_destroy(pen.scatter);
        free(pen.g);
    }
    return failed;
}
