/* The cluster itself: memory, type names, mean bond. */
#include <deepstruc/cluster.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cluster/neighbours.h"

static const char *const type_names[] = {
#define X(name, text) text,
    DEEPSTRUC_TYPE_LIST(X)
#undef X
};

const char *deepstruc_type_name(deepstruc_type type)
{
    return (size_t)type < DEEPSTRUC_N_TYPES ? type_names[type] : type_names[DEEPSTRUC_TYPE_UNKNOWN];
}

deepstruc_type deepstruc_type_from_name(const char *name)
{
    for (int type = 0; type < DEEPSTRUC_N_TYPES; type++)
        if (strcmp(type_names[type], name) == 0)
            return (deepstruc_type)type;
    return DEEPSTRUC_TYPE_UNKNOWN;
}

/* An octahedron, truncated or not, and a cuboctahedron are fcc inside. */
const char *deepstruc_type_family(deepstruc_type type)
{
    return deepstruc_type_name(type == DEEPSTRUC_TYPE_OCTAHEDRON ? DEEPSTRUC_TYPE_FCC : type);
}

deepstruc_status deepstruc_cluster_create(deepstruc_cluster **out, size_t n_atoms, deepstruc_diag *diag)
{
    if (n_atoms > DEEPSTRUC_MAX_ATOMS)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "%zu atoms; at most %d are handled", n_atoms, DEEPSTRUC_MAX_ATOMS);
    deepstruc_cluster *cluster = memory_zeroed(1, sizeof *cluster);
    double *xyz = memory_zeroed(3 * n_atoms, sizeof *xyz);
    if (!cluster || !xyz) {
        free(cluster);
        free(xyz);
        return diag_no_memory(diag);
    }
    cluster->n_atoms = n_atoms;
    cluster->xyz = xyz;
    cluster->type = DEEPSTRUC_TYPE_UNKNOWN;
    strcpy(cluster->element, "X");
    *out = cluster;
    return DEEPSTRUC_OK;
}

void deepstruc_cluster_destroy(deepstruc_cluster *cluster)
{
    if (!cluster)
        return;
    free(cluster->xyz);
    free(cluster);
}

static double nearest(const deepstruc_cluster *cluster, size_t i)
{
    const double *own = cluster->xyz + 3 * i;
    double least = INFINITY;
    for (size_t j = 0; j < cluster->n_atoms; j++) {
        const double *x = cluster->xyz + 3 * j;
        double square =
            (x[0] - own[0]) * (x[0] - own[0]) + (x[1] - own[1]) * (x[1] - own[1]) + (x[2] - own[2]) * (x[2] - own[2]);
        least = j != i && square < least ? square : least;
    }
    return sqrt(least);
}

enum { FEW_ATOMS = 1000 }; /* up to here all pairs cost less than a tree */

static double mean_of_few(const deepstruc_cluster *cluster)
{
    double x[FEW_ATOMS], y[FEW_ATOMS], z[FEW_ATOMS], least[FEW_ATOMS], sum = 0;
    size_t n = cluster->n_atoms;
    for (size_t i = 0; i < n; i++) {
        x[i] = cluster->xyz[3 * i];
        y[i] = cluster->xyz[3 * i + 1];
        z[i] = cluster->xyz[3 * i + 2];
        least[i] = INFINITY;
    }
    for (size_t i = 0; i < n; i++) {
        double own = least[i];
#pragma omp simd reduction(min : own)
        for (size_t j = i + 1; j < n; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j], square = dx * dx + dy * dy + dz * dz;
            least[j] = square < least[j] ? square : least[j];
            own = square < own ? square : own;
        }
        sum += sqrt(own);
    }
    return sum / (double)n;
}

double deepstruc_cluster_mean_bond(const deepstruc_cluster *cluster)
{
    neighbours tree;
    if (cluster->n_atoms < 2)
        return 0;
    if (cluster->n_atoms <= FEW_ATOMS)
        return mean_of_few(cluster);
    bool quick = neighbours_create(&tree, cluster->xyz, cluster->n_atoms); /* else, without memory, by all pairs */
    double sum = 0;
    for (size_t i = 0; i < cluster->n_atoms; i++)
        sum += quick ? neighbours_nearest(&tree, i, NULL) : nearest(cluster, i);
    if (quick)
        neighbours_destroy(&tree);
    return sum / (double)cluster->n_atoms;
}
