/* A catalogue under construction: entries that grow, each shape once. */
#ifndef CLUSTER_CATALOGUE_H
#define CLUSTER_CATALOGUE_H

#include "cluster/fingerprint.h"

typedef struct {
    deepstruc_catalogue *catalogue;
    size_t capacity; /* of its entries */
    shape_set shapes;
    size_t n_min, n_max; /* atoms; others are passed over */
    double *xyz;         /* room for n_max atoms */
} collector;

deepstruc_status collector_create(collector *c, size_t n_min, size_t n_max, deepstruc_diag *diag);
/* Adds a recipe with its atom count and fingerprint unless the shape is known or the count is out of the window. False:
 * no memory. */
bool collector_add(collector *c, const deepstruc_recipe *recipe, size_t n_atoms,
                   const double fingerprint[N_FINGERPRINT]);
/* The same, counting and placing the atoms first. */
bool collector_try(collector *c, const deepstruc_recipe *recipe);
/* The constructions of the published set, in its ranges; and octahedra, icosahedra with and without corners, decahedra
 * and hcp blocks of any size. False: no memory. */
bool collector_add_published(collector *c);
bool collector_add_ideal(collector *c);
/* Adds what another collector holds, in its order. False: no memory. */
bool collector_join(collector *c, const collector *from);
void collector_clear(collector *c);
/* Sorts and hands the catalogue over (or, unless `good`, drops it); empties the collector either way. */
deepstruc_status collector_finish(collector *c, bool good, deepstruc_catalogue **out, deepstruc_diag *diag);

#endif
