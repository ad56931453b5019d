/* The curves by which candidates are weighed against each other. */
#ifndef SOLVE_WEIGH_H
#define SOLVE_WEIGH_H

#include "propose/pool.h"

/* curves[pool->n x still->n]: every entry fitted once more, from its own fit on, to the data freed of correlated
 * motion. Same bytes for any number of threads. */
deepstruc_status weigh_curves(double *curves, const candidate_pool *pool, const deepstruc_target *still, int threads,
                              const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
