/* How large the particles are and how their neighbours move together, before any shape is searched for. */
#ifndef PROPOSE_SIZE_H
#define PROPOSE_SIZE_H

#include "propose/pool.h"

/* What explains the whole data nearly as well as the best of a ladder of shapes, and how. The first peaks are narrower
 * than the far ones, by 1 - delta2/r² (P2): three parameters cannot follow that, Biso comes out too small for the far
 * peaks, and the particle too small to make up for it (by a tenth at 3 nm). So the ladder is fitted with delta2. */
typedef struct {
    size_t n_min, n_max; /* atoms */
    bond_range bond;
    deepstruc_cluster *cluster; /* the best rung; NULL where none fits */
    double unit;
    deepstruc_fit fit; /* of it; delta2 is its only term */
} size_finding;

/* `whole`: a target over the whole range of the data, refining delta2 and nothing else beyond the three parameters. */
deepstruc_status size_find(size_finding *out, const deepstruc_catalogue *paper, const deepstruc_target *whole,
                           const bond_range *bond, size_t max_atoms, int threads, const deepstruc_progress *progress,
                           deepstruc_diag *diag);
void size_clear(size_finding *finding);

/* The target's g becomes what it would be without correlated motion: less the difference that delta2 makes to the best
 * rung's curve. All shapes have nearly the same first shells, so that this one correction serves all of them. */
deepstruc_status size_still(deepstruc_target *target, const size_finding *finding, deepstruc_diag *diag);

#endif
