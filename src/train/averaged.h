/* What trainings on simulated samples share: a step size that is held and then lowered, a running mean of the weights,
 * and a checkpoint of both. */
#ifndef TRAIN_AVERAGED_H
#define TRAIN_AVERAGED_H

#include "nn/params.h"

/* After a short rise `rate`, over the last `cooldown` of the steps lowered along half a cosine to a hundredth. */
double averaged_rate(double rate, double cooldown, long step, long n_steps);

/* A running mean of the weights over the last some thousand steps, short at first: what is shipped. Called after every
 * step, counts every fourth. Of the values [first, end). */
void averaged_update(const nn_params *params, real *average, long step, size_t first, size_t end);

/* A training's state: weights, Adam's moments, running mean, steps done and seconds spent. `format` tells the
 * trainings' checkpoints apart. */
deepstruc_status averaged_save(const nn_params *params, const real *average, const char *format, long step,
                               double seconds, const char *path, deepstruc_diag *diag);
deepstruc_status averaged_load(const nn_params *params, real *average, const char *format, long *step, double *seconds,
                               const char *path, deepstruc_diag *diag);

#endif
