#include "pdf/engine_orbits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const double TOLERANCE = 1e-8;                                        /* Å, per axis */
static const double SKEW[3] = {0.43233642217, 0.61803398875, 0.65719736518}; /* few atoms share a plane across it */

/* ---- operations ------------------------------------------------------------------------------------------------- */

/* A turn by 2 pi / n about an axis (Rodrigues' formula); `sign` -1: followed by inversion. */
static void turn(double out[9], double n, double ax, double ay, double az, double sign)
{
    double length = sqrt(ax * ax + ay * ay + az * az), u[3] = {ax / length, ay / length, az / length};
    double c = cos(2 * M_PI / n), s = sin(2 * M_PI / n);
    double cross[9] = {0, -u[2], u[1], u[2], 0, -u[0], -u[1], u[0], 0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[3 * i + j] = sign * ((i == j ? c : 0) + (1 - c) * u[i] * u[j] + s * cross[3 * i + j]);
}

/* Generators of the point groups that clusters are built with: cubic, tetragonal and hexagonal axes along x, y, z,
 * decahedra about z, icosahedra with twofold axes along x, y, z. A mirror is a half turn followed by inversion. Those
 * that join most come first, since what they join is not looked at again. */
void engine_orbits_init(engine_orbits *orbits)
{
    const double golden = (1 + sqrt(5)) / 2;
    const struct {
        double n, x, y, z, sign;
    } turns[ENGINE_OPERATIONS] = {
        {3, 1, 1, 1, 1},  {4, 0, 0, 1, 1},   {5, 0, 1, golden, 1}, {5, 0, golden, 1, 1}, {5, 0, 0, 1, 1},
        {6, 0, 0, 1, 1},  {3, 0, 0, 1, 1},   {4, 0, 0, 1, -1},     {4, 1, 0, 0, 1},      {4, 0, 1, 0, 1},
        {1, 0, 0, 1, -1}, {2, 1, 0, 0, -1},  {2, 0, 1, 0, -1},     {2, 0, 0, 1, -1},     {2, 1, -1, 0, -1},
        {2, 1, 1, 0, -1}, {2, 1, 0, -1, -1}, {2, 0, 1, -1, -1},    {2, 1, 0, 0, 1},      {2, 0, 1, 0, 1},
        {2, 0, 0, 1, 1},  {2, 1, -1, 0, 1},
    };
    *orbits = (engine_orbits){0};
    for (int i = 0; i < ENGINE_OPERATIONS; i++)
        turn(orbits->operation[i], turns[i].n, turns[i].x, turns[i].y, turns[i].z, turns[i].sign);
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

bool engine_orbits_reserve(engine_orbits *orbits, size_t n_atoms)
{
    if (n_atoms <= orbits->capacity)
        return true;
    double *place = memory_aligned(4 * n_atoms, sizeof *place);
    int *numbers = memory_aligned(8 * n_atoms + 2, sizeof *numbers);
    if (!place || !numbers) {
        free(place);
        free(numbers);
        return false;
    }
    engine_orbits_free(orbits);
    orbits->capacity = n_atoms;
    orbits->place = place;
    orbits->member = numbers;
    orbits->size = numbers + n_atoms;
    orbits->next = numbers + 2 * n_atoms;
    orbits->image = numbers + 3 * n_atoms;
    orbits->parent = numbers + 4 * n_atoms;
    orbits->count = numbers + 5 * n_atoms;
    orbits->head = numbers + 6 * n_atoms; /* 2 n_atoms + 2 buckets */
    return true;
}

void engine_orbits_free(engine_orbits *orbits)
{
    free(orbits->place);
    free(orbits->member);
    orbits->place = NULL;
    orbits->member = NULL;
    orbits->capacity = 0;
}

/* ---- which atom is where ---------------------------------------------------------------------------------------- */

typedef struct {
    double low, per_unit, n_buckets;
} buckets;

static size_t bucket_of(const buckets *b, double along)
{
    double bucket = (along - b->low) * b->per_unit;
    return bucket > 0 ? (size_t)(bucket < b->n_buckets - 1 ? bucket : b->n_buckets - 1) : 0;
}

static double skew_of(const double *p)
{
    return p[0] * SKEW[0] + p[1] * SKEW[1] + p[2] * SKEW[2];
}

/* Positions from the centroid, in buckets along the skew direction. */
static buckets sort_atoms(engine_orbits *orbits, const double *x, const double *y, const double *z, size_t n)
{
    double centre[3] = {0}, low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        centre[0] += x[i] / (double)n;
        centre[1] += y[i] / (double)n;
        centre[2] += z[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double *p = orbits->place + 4 * i;
        p[0] = x[i] - centre[0];
        p[1] = y[i] - centre[1];
        p[2] = z[i] - centre[2];
        p[3] = skew_of(p);
        low = p[3] < low ? p[3] : low;
        high = p[3] > high ? p[3] : high;
    }
    buckets b = {.low = low, .n_buckets = 2 * (double)n};
    b.per_unit = high > low ? b.n_buckets / (high - low) : 0;
    memset(orbits->head, 0xff, (2 * n + 2) * sizeof *orbits->head); /* all -1 */
    for (size_t i = 0; i < n; i++) {
        int *head = &orbits->head[bucket_of(&b, orbits->place[4 * i + 3])];
        orbits->next[i] = *head;
        *head = (int)i;
    }
    return b;
}

/* The atom at p, or -1. */
static int atom_at(const engine_orbits *orbits, const buckets *b, const double p[3])
{
    double along = skew_of(p);
    size_t first = bucket_of(b, along - 2 * TOLERANCE), last = bucket_of(b, along + 2 * TOLERANCE);
    for (size_t bucket = first; bucket <= last; bucket++)
        for (int i = orbits->head[bucket]; i >= 0; i = orbits->next[i]) {
            const double *q = orbits->place + 4 * (size_t)i;
            if (fabs(p[0] - q[0]) <= TOLERANCE && fabs(p[1] - q[1]) <= TOLERANCE && fabs(p[2] - q[2]) <= TOLERANCE)
                return i;
        }
    return -1;
}

/* ---- orbits ----------------------------------------------------------------------------------------------------- */

static int root_of(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static int image_of(const engine_orbits *orbits, const buckets *b, const double m[9], size_t i)
{
    const double *p = orbits->place + 4 * i;
    double to[3];
    for (int a = 0; a < 3; a++)
        to[a] = m[3 * a] * p[0] + m[3 * a + 1] * p[1] + m[3 * a + 2] * p[2];
    return atom_at(orbits, b, to);
}

/* Whether `m` may be a symmetry that joins orbits: it carries every orbit's root to an atom, and one to another orbit.
 * Most operations that are no symmetry fail at the first, and most that are one join nothing that is not joined. */
static bool is_promising(const engine_orbits *orbits, const buckets *b, const double m[9], size_t n)
{
    bool joins = false;
    for (size_t i = 0; i < n; i++) {
        if (orbits->parent[i] != (int)i)
            continue;
        int image = image_of(orbits, b, m, i);
        if (image < 0)
            return false;
        joins |= root_of(orbits->parent, image) != (int)i;
    }
    return joins;
}

/* Fills image[] if `m` carries every atom to an atom of its own. */
static bool is_symmetry(engine_orbits *orbits, const buckets *b, const double m[9], size_t n)
{
    memset(orbits->count, 0, n * sizeof *orbits->count);
    for (size_t i = 0; i < n; i++) {
        orbits->image[i] = image_of(orbits, b, m, i);
        if (orbits->image[i] < 0 || orbits->count[orbits->image[i]]++ > 0)
            return false;
    }
    return true;
}

/* Lists the roots, smallest orbits first. */
static void list_orbits(engine_orbits *orbits, size_t n)
{
    memset(orbits->count, 0, n * sizeof *orbits->count);
    for (size_t i = 0; i < n; i++)
        orbits->count[root_of(orbits->parent, (int)i)]++;
    orbits->n = 0;
    for (int size = 0, next; size < (int)n; size = next) {
        next = (int)n;
        for (size_t i = 0; i < n; i++)
            if (orbits->count[i] > size && orbits->count[i] < next)
                next = orbits->count[i];
        for (size_t i = 0; i < n; i++)
            if (orbits->count[i] == next) {
                orbits->member[orbits->n] = (int)i;
                orbits->size[orbits->n++] = next;
            }
    }
}

void engine_orbits_find(engine_orbits *orbits, const double *x, const double *y, const double *z, size_t n_atoms)
{
    buckets b = sort_atoms(orbits, x, y, z, n_atoms);
    for (size_t i = 0; i < n_atoms; i++)
        orbits->parent[i] = (int)i;
    for (int o = 0; o < ENGINE_OPERATIONS; o++) {
        const double *m = orbits->operation[o];
        if (!is_promising(orbits, &b, m, n_atoms) || !is_symmetry(orbits, &b, m, n_atoms))
            continue;
        for (size_t i = 0; i < n_atoms; i++) {
            int here = root_of(orbits->parent, (int)i), there = root_of(orbits->parent, orbits->image[i]);
            orbits->parent[here > there ? here : there] = here < there ? here : there;
        }
    }
    list_orbits(orbits, n_atoms);
}
