/* A step of Adam that the ranks of a job share. Each adds up the gradient of its share of the parameters, moves those
 * and their running mean, and hands them round: as much is sent as for a sum of the gradient, and the optimiser's work
 * is divided, too. Alone it is nn_adam_step. */
#ifndef TRAIN_SHARED_STEP_H
#define TRAIN_SHARED_STEP_H

#include "base/comm.h"
#include "nn/adam.h"

typedef struct {
    deepstruc_ranks *ranks;
    nn_params *params;   /* values: all of them on every rank; gradients are cleared; moments: each rank its share */
    real *average;       /* running mean of the values: each rank its share */
    const float *weight; /* by rank: how much its gradient counts; not read without ranks */
} shared_state;

/* sums[n_sums] become sums over the ranks as well, in the same exchange. NUMERIC when the gradient is not finite, on
 * all ranks. `step` counts from 0. */
deepstruc_status shared_step(const shared_state *state, const nn_adam *adam, double rate, long step, double *sums,
                             size_t n_sums, deepstruc_diag *diag);
/* Gives every rank the whole running mean; and the moments. */
deepstruc_status shared_gather_average(const shared_state *state, deepstruc_diag *diag);
deepstruc_status shared_gather_moments(const shared_state *state, deepstruc_diag *diag);

#endif
