#include "dataset/stream_known.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

/* The builders' argument is the cubic lattice constant for bcc, the bond length for all others. */
static double unit_of(deepstruc_type type)
{
    return type == DEEPSTRUC_TYPE_BCC ? 2 / sqrt(3) : 1;
}

deepstruc_status stream_known_shapes(frame_shape **out, size_t *n, const frame_set *frames, deepstruc_diag *diag)
{
    deepstruc_catalogue *catalogue;
    deepstruc_status status = deepstruc_catalogue_paper(&catalogue, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    frame_shape *shape = memory_zeroed(catalogue->n, sizeof *shape);
    if (!shape)
        status = diag_no_memory(diag);
    for (size_t i = 0; i < catalogue->n && status == DEEPSTRUC_OK; i++) {
        deepstruc_cluster *cluster;
        status = deepstruc_cluster_build(&cluster, &catalogue->entry[i].recipe, 1, "X", diag);
        if (status != DEEPSTRUC_OK)
            break;
        if (!frame_fit(frames, frame_family_of(cluster->type), cluster->xyz, cluster->n_atoms, unit_of(cluster->type),
                       &shape[i]))
            status = diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no parent frame holds %s", cluster->name);
        deepstruc_cluster_destroy(cluster);
    }
    if (status == DEEPSTRUC_OK) {
        *out = shape;
        *n = catalogue->n;
    } else {
        free(shape);
    }
    deepstruc_catalogue_destroy(catalogue);
    return status;
}
