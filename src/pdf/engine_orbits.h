/* Orbits: atoms that the cluster's own symmetries carry into each other see the same distances, so that one of them can
 * stand for all. An ideal cluster of 1,000 atoms has some 30 orbits, and 30 x 1,000 distances in place of 500,000. */
#ifndef PDF_ENGINE_ORBITS_H
#define PDF_ENGINE_ORBITS_H

#include <stdbool.h>
#include <stddef.h>

enum { ENGINE_OPERATIONS = 22 };

typedef struct {
    double operation[ENGINE_OPERATIONS][9]; /* row-major 3 x 3: the symmetries that are looked for */
    size_t n;                               /* orbits found */
    int *member, *size;                     /* of each: one atom, and the number of atoms; smallest orbits first */

    size_t capacity; /* atoms that the rest is allocated for */
    double *place;   /* positions from the centroid; and each one's coordinate along a skew direction */
    int *head, *next, *image, *parent, *count; /* buckets along that direction; a union-find forest */
} engine_orbits;

void engine_orbits_init(engine_orbits *orbits);
bool engine_orbits_reserve(engine_orbits *orbits, size_t n_atoms); /* false: out of memory */
void engine_orbits_free(engine_orbits *orbits);

/* Finds the orbits of atoms at x, y, z (Å) under those of the operations that carry every atom to within 1e-8 Å of an
 * atom. The centroid is the fixed point. n_atoms is at most what was reserved. */
void engine_orbits_find(engine_orbits *orbits, const double *x, const double *y, const double *z, size_t n_atoms);

#endif
