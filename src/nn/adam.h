/* Adam with decoupled weight decay (Kingma, Ba 2015, arXiv 1412.6980; Loshchilov, Hutter 2019, arXiv 1711.05101). */
#ifndef NN_ADAM_H
#define NN_ADAM_H

#include "nn/params.h"

typedef struct {
    double beta1, beta2, epsilon; /* 0.9, 0.999, 1e-8 */
    double weight_decay;          /* of matrices only, per step times the learning rate; 0: plain Adam */
    double clip;                  /* the gradient's norm is scaled down to this; 0: never */
} nn_adam;

nn_adam nn_adam_default(void);
/* One step with the gradients in the arena, which are cleared in the same pass. `step` counts from 1. Answers the norm
 * of the gradient before clipping. When that is not finite the step is lost: with clipping no parameter was touched,
 * without (one pass over memory less) they are spoilt and have to come from a checkpoint. */
double nn_adam_step(const nn_adam *adam, nn_params *params, double learning_rate, long step);

/* The same for the values [first, end) of the blocks, by who else sees to the others: first the sum of the squares of
 * their gradient, then, with the norm of the whole, which is finite, the step. The other gradients stay. */
double nn_adam_squares(const nn_params *params, size_t first, size_t end);
void nn_adam_step_part(const nn_adam *adam, nn_params *params, double learning_rate, long step, double norm,
                       size_t first, size_t end);
/* Learning rate of `step` (from 0) of n_steps: linear rise over n_warmup, then half a cosine from `high` to `low`. */
double nn_cosine_rate(double high, double low, long step, long n_warmup, long n_steps);

#endif
