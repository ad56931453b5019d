/* The lattices that data are held against, as shells of neighbours. */
#ifndef SOLVE_LATTICE_SHELLS_H
#define SOLVE_LATTICE_SHELLS_H

#include "solve/lattice.h"

bool lattice_is_hexagonal(lattice_kind kind); /* its c/a is free */

typedef struct {
    double distance; /* nearest-neighbour distances */
    double weight;   /* number of neighbours times their share of the scattering power */
} lattice_shell;

typedef struct {
    size_t n;
    lattice_shell *shell; /* wants free() */
    double density;       /* sites per cubic nearest-neighbour distance */
} lattice_shells;

/* All distances up to `reach` nearest-neighbour distances, c/a `stretch` times the ideal one. Weights are normalised to
 * the mean scattering power squared. NO_MEMORY or OK. */
deepstruc_status lattice_shells_make(lattice_shells *out, lattice_kind kind, double stretch, double anion_weight,
                                     double reach);

#endif
