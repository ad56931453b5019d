/* More terms than scale, expansion and Biso for structures that have the 3-parameter fit. */
#ifndef SOLVE_EXTEND_H
#define SOLVE_EXTEND_H

#include "propose/pool.h"

/* Fits the terms that the target's settings ask for (nothing, if none) to the first n entries of a ranked pool, in
 * parallel, and sorts again; atoms move to where the displacements put them. An entry whose structure does not allow a
 * term keeps its fit, unless that is so of all: then the first one's reason is the failure. */
deepstruc_status extend_pool(candidate_pool *pool, size_t n, const deepstruc_target *target, int threads,
                             const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
