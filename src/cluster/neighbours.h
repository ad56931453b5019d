/* Which atoms are near which: a k-d tree over a cluster's positions (Bentley, doi 10.1145/361002.361007). It needs no
 * cell size and stays O(n log n) for any input, however far-flung. */
#ifndef CLUSTER_NEIGHBOURS_H
#define CLUSTER_NEIGHBOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t n;
    const double *xyz; /* n x 3, Å; not owned */
    uint32_t *order;   /* atoms in tree order: the middle of a range splits it */
    uint8_t *axis;     /* of the split at each place */
} neighbours;

bool neighbours_create(neighbours *tree, const double *xyz, size_t n); /* false: out of memory */
void neighbours_destroy(neighbours *tree);

/* Distance from atom i to its nearest neighbour, Å (and which one it is, unless NULL); INFINITY for a lone atom. */
double neighbours_nearest(const neighbours *tree, size_t i, size_t *which);

/* Atoms within `radius` of atom i, itself left out: fills at most `capacity` indices, returns how many there are. */
size_t neighbours_within(const neighbours *tree, size_t i, double radius, uint32_t *out, size_t capacity);

#endif
