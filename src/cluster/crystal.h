/* The atoms of a cell, as structure files of crystals list them, on their way to a cluster. */
#ifndef CLUSTER_CRYSTAL_H
#define CLUSTER_CRYSTAL_H

#include <deepstruc/cluster.h>

#include "cluster/symmetry.h"
#include "cluster/words.h"

typedef struct {
    double cell[6]; /* a, b, c in Å; alpha, beta, gamma in degrees */
    size_t n, capacity;
    double *place; /* n x 3: fractions of the cell, or Å */
    int species;   /* atomic number of all of them */
    bool cartesian;
    char title[80];
    size_t n_operations; /* 0: every atom is listed */
    symmetry_operation operation[SYMMETRY_MAX];
} crystal;

void crystal_init(crystal *c);
void crystal_clear(crystal *c);

/* One more atom, from w's current line. Refused: a second element, an occupancy that is neither 0 nor 1; an atom of
 * occupancy 0 is left out. */
deepstruc_status crystal_add(crystal *c, const words *w, int species, const double place[3], double occupancy,
                             deepstruc_diag *diag);

/* The atoms that the operations make of those listed, in the cell around them, as a cluster. */
deepstruc_status crystal_to_cluster(deepstruc_cluster **out, crystal *c, const char *name, deepstruc_diag *diag);

#endif
