/* The points of a model's latent map, as results carry them. */
#ifndef SOLVE_LOCATE_H
#define SOLVE_LOCATE_H

#include <deepstruc/solve.h>

#include "propose/generate.h"

/* Fills n_points, x, y, type and n_atoms of *map. */
deepstruc_status locate_points(deepstruc_latent_map *map, const generator *g, deepstruc_diag *diag);

#endif
