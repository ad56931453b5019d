#include "refine/distances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

/* A cell acts through its weight, mean and variance: what is left of it at qmax is the third moment, 1e-5 of its peaks
 * before damping. */
static const double CELLS_PER_RADIAN = 10;
static const double LARGEST_STRETCH = 1.25; /* of a distance by the displacements, at their bounds */

static int class_of(int a, int b)
{
    int low = a < b ? a : b, high = a < b ? b : a;
    return high * (high + 1) / 2 + low;
}

deepstruc_status distances_create(distances **out, const deepstruc_cluster *cluster, double unit, double reach,
                                  double qmax, bool by_shell, deepstruc_diag *diag)
{
    size_t n = cluster->n_atoms;
    if (n < 2)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a structure of %zu atoms has no distances; it wants 2 or more",
                         n);
    distances *d = memory_zeroed(1, sizeof *d);
    if (!d)
        return diag_no_memory(diag);
    *d = (distances){.n_atoms = n, .by_shell = by_shell, .reach = reach, .cell = 1 / (CELLS_PER_RADIAN * qmax)};
    d->n_cells = (size_t)(LARGEST_STRETCH * reach / d->cell) + 1;
    d->n_classes = by_shell ? DISTANCES_CLASSES : 1;
    d->shortest = INFINITY;
    d->xyz = memory_zeroed(3 * n, sizeof *d->xyz);
    d->moved = memory_zeroed(3 * n, sizeof *d->moved);
    d->share = memory_zeroed(3 * n, sizeof *d->share);
    d->cells = memory_zeroed(d->n_classes * d->n_cells, sizeof *d->cells);
    deepstruc_status status = d->xyz && d->moved && d->share && d->cells ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (!status)
        status = anatomy_make(&d->parts, cluster, diag);
    if (status) {
        distances_destroy(d);
        return status;
    }
    for (size_t i = 0; i < 3 * n; i++)
        d->xyz[i] = unit * (cluster->xyz[i] - d->parts.centre[i % 3]);
    for (size_t i = 0; i < n; i++)
        d->parts.cut[i] *= unit;
    d->parts.diameter *= unit;
    *out = d;
    return DEEPSTRUC_OK;
}

void distances_destroy(distances *d)
{
    if (!d)
        return;
    anatomy_clear(&d->parts);
    free(d->xyz);
    free(d->moved);
    free(d->share);
    free(d->cells);
    free(d);
}

/* The displacement of atom i per unit of a mode. */
static void displacement(const distances *d, size_t i, int mode, double out[3])
{
    const double *at = d->xyz + 3 * i, *axis = d->parts.axis;
    double along = at[0] * axis[0] + at[1] * axis[1] + at[2] * axis[2];
    for (int a = 0; a < 3; a++)
        out[a] = mode == 0 ? along * axis[a] : d->parts.shell[i] == mode ? at[a] : 0;
}

void distances_place(const distances *d, const distances_shape *shape, double *xyz)
{
    memcpy(xyz, d->xyz, 3 * d->n_atoms * sizeof *xyz);
    for (int m = 0; m < DISTANCES_MODES; m++)
        for (size_t i = 0; i < d->n_atoms && shape->mode[m] != 0; i++) {
            double by[3];
            displacement(d, i, m, by);
            for (size_t a = 0; a < 3; a++)
                xyz[3 * i + a] += shape->mode[m] * by[a];
        }
}

/* Particles are cut from the structure by spheres, their diameters log-normal: an atom is in those that are larger than
 * its own cut. */
static void fill_shares(distances *d, const distances_shape *shape)
{
    d->n_effective = d->d_effective[0] = d->d_effective[1] = 0;
    for (size_t i = 0; i < d->n_atoms; i++) {
        double *s = d->share + 3 * i;
        s[0] = 1;
        s[1] = s[2] = 0;
        if (isfinite(shape->size)) {
            double z = log(d->parts.cut[i] / shape->size) / shape->spread;
            double density = exp(-z * z / 2) / sqrt(2 * M_PI);
            s[0] = erfc(z / sqrt(2)) / 2;
            s[1] = density / (shape->size * shape->spread);
            s[2] = density * z / shape->spread;
        }
        d->n_effective += s[0];
        d->d_effective[0] += s[1];
        d->d_effective[1] += s[2];
    }
}

typedef struct {
    bool moves[DISTANCES_MODES]; /* derivatives are wanted of modes that exist */
    bool sizes;
} wanted;

static void add_pair(distances *d, const wanted *want, size_t i, size_t j)
{
    const double *a = d->xyz + 3 * i, *b = d->xyz + 3 * j, *p = d->moved + 3 * i, *q = d->moved + 3 * j;
    double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2], straight = x * x + y * y + z * z;
    if (!(straight > 0 && straight <= d->reach * d->reach))
        return;
    d->shortest = fmin(d->shortest, straight);
    double u = p[0] - q[0], v = p[1] - q[1], w = p[2] - q[2], r = sqrt(u * u + v * v + w * w);
    double place = r / d->cell, whole = floor(place), t = 2 * (place - whole) - 1;
    if (!(r > 0 && whole < (double)d->n_cells))
        return;
    int class = d->by_shell ? class_of(d->parts.shell[i], d->parts.shell[j]) : 0;
    distances_cell *cell = &d->cells[(size_t) class * d->n_cells + (size_t)whole];
    const double *share = d->share + 3 * (d->share[3 * i] < d->share[3 * j] ? i : j); /* in both: in the rarer */
    double weight = share[0] / r;
    cell->weight += weight;
    cell->t += weight * t;
    cell->tt += weight * t * t;
    for (int m = 0; m < DISTANCES_MODES; m++)
        if (want->moves[m]) {
            double by_i[3], by_j[3];
            displacement(d, i, m, by_i);
            displacement(d, j, m, by_j);
            cell->slope[m] +=
                weight * (u * (by_i[0] - by_j[0]) + v * (by_i[1] - by_j[1]) + w * (by_i[2] - by_j[2])) / r;
        }
    if (want->sizes) {
        cell->slope[DISTANCES_MODES] += share[1] / r;
        cell->slope[DISTANCES_MODES + 1] += share[2] / r;
    }
}

void distances_count(distances *d, const distances_shape *shape)
{
    wanted want = {.moves = {d->parts.has_axis, d->by_shell, d->by_shell}, .sizes = isfinite(shape->size)};
    memset(d->cells, 0, d->n_classes * d->n_cells * sizeof *d->cells);
    fill_shares(d, shape);
    distances_place(d, shape, d->moved);
    d->shortest = INFINITY;
    for (size_t i = 0; i < d->n_atoms; i++)
        for (size_t j = i + 1; j < d->n_atoms; j++)
            add_pair(d, &want, i, j);
    d->shortest = sqrt(d->shortest);
}
