#include "propose/shape_cluster.h"

#include <stdio.h>

#include "base/text.h"
#include "cluster/classify.h"

uint64_t shape_hash(const frame_shape *shape)
{
    uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)shape->frame;
    for (size_t i = 0; i < shape->n_atoms; i++)
        h = (h ^ shape->site[i]) * 0x100000001b3u;
    return h ^ (h >> 29);
}

deepstruc_status shape_cluster(deepstruc_cluster **out, const frame *f, const frame_shape *shape, double bond,
                               const char *name, deepstruc_diag *diag)
{
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_create(&cluster, shape->n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < shape->n_atoms; i++)
        for (size_t c = 0; c < 3; c++)
            cluster->xyz[3 * i + c] = f->site[shape->site[i]][c] * bond;
    cluster->bond_length = bond;
    text_copy(cluster->element, sizeof cluster->element, "X");
    text_copy(cluster->name, sizeof cluster->name, name);
    status = classify_cluster(&cluster->type, cluster, diag);
    if (status == DEEPSTRUC_OK)
        *out = cluster;
    else
        deepstruc_cluster_destroy(cluster);
    return status;
}

deepstruc_status shape_cluster_found(deepstruc_cluster **out, const frame_set *frames, const frame_shape *shape,
                                     double bond, const char *how, deepstruc_diag *diag)
{
    const frame *f = &frames->frame[shape->frame];
    char name[sizeof(*out)->name];
    snprintf(name, sizeof name, "%s %s, %zu atoms, %08x", how, f->name, shape->n_atoms, (unsigned)shape_hash(shape));
    return shape_cluster(out, f, shape, bond, name, diag);
}
