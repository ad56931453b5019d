/* The workspace: made once per thread, loaded once per structure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/refiner.h"

deepstruc_status deepstruc_refiner_create(deepstruc_refiner **out, const deepstruc_target *target, deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = memory_zeroed(1, sizeof *refiner);
    if (!refiner)
        return diag_no_memory(diag);
    refiner->target = target;
    refiner->most_centres = SIZE_MAX;
    size_t n = target->n;
    double **const vectors[] = {
        &refiner->root_weight, &refiner->g,           &refiner->dg[0],        &refiner->dg[1],
        &refiner->residual,    &refiner->columns,     &refiner->fit_residual, &refiner->fit_jacobian,
        &refiner->fit_work,    &refiner->esd_columns, &refiner->esd_residual};
    static const size_t lengths[] = {1, 1, 1, 1, 1, 2, 1, 2, 1, 3, 1}; /* in n */
    enum { N_VECTORS = sizeof lengths / sizeof *lengths, ALIGN = 8 };
    size_t stride = (n + ALIGN - 1) / ALIGN * ALIGN, total = 0;
    for (size_t i = 0; i < N_VECTORS; i++)
        total += lengths[i];
    refiner->memory = memory_aligned(total * stride, sizeof *refiner->memory);
    if (!refiner->memory) {
        deepstruc_refiner_destroy(refiner);
        return diag_no_memory(diag);
    }
    double *next = refiner->memory;
    for (size_t i = 0; i < N_VECTORS; i++) {
        *vectors[i] = next;
        next += lengths[i] * stride;
    }
    for (size_t i = 0; i < n; i++) {
        refiner->root_weight[i] = sqrt(target->weight[i]);
        refiner->sum_yy += target->weight[i] * target->g[i] * target->g[i];
    }
    deepstruc_status status = deepstruc_scatter_create(&refiner->scatter, target->engine, diag);
    if (status) {
        deepstruc_refiner_destroy(refiner);
        return status;
    }
    *out = refiner;
    return DEEPSTRUC_OK;
}

void deepstruc_refiner_destroy(deepstruc_refiner *refiner)
{
    if (!refiner)
        return;
    deepstruc_scatter_destroy(refiner->scatter);
    free(refiner->memory);
    free(refiner);
}

deepstruc_status refiner_load(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                              deepstruc_diag *diag)
{
    if (cluster->n_atoms < 2)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a structure of %zu atoms has no distances to fit; it wants 2 or more", cluster->n_atoms);
    if (!(unit > 0 && isfinite(unit)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "the unit of the coordinates must be a positive length, not %g",
                         unit);
    return deepstruc_scatter_load_sample(refiner->scatter, cluster->xyz, cluster->n_atoms, unit, refiner->most_centres,
                                         diag);
}

void refiner_limit_centres(deepstruc_refiner *refiner, size_t n_centres)
{
    refiner->most_centres = n_centres;
}
