/* What trainings on samples simulated on the fly share: Adam with a step size that is held and then lowered, a running
 * mean of the weights that is shipped, a log, checkpoints, and stopping. A training says how to differentiate a batch,
 * how its model scores, and how its file is written. */
#ifndef TRAIN_AVERAGED_H
#define TRAIN_AVERAGED_H

#include <deepstruc/deepstruc.h>

#include "train/shared_step.h"

enum { AVERAGED_LOSSES = 8, AVERAGED_SCORES = 128 };

typedef struct {
    const char *format; /* of the checkpoint: tells trainings apart */
    long log_every;     /* steps */
    const char *columns;
    size_t n_losses; /* columns of the log after step, seconds and rate; those after them are the scores */
    /* Adds the gradients of this rank's rows of batch `step` to the parameters', as means over its rows, and gives its
     * share of the batch's losses. */
    deepstruc_status (*differentiate)(void *user, long step, double *loss, deepstruc_diag *diag);
    /* By rank 0 alone: ",0.5,..." for the log. Here and below the parameters' values are the running mean. */
    deepstruc_status (*score)(void *user, char out[AVERAGED_SCORES], deepstruc_diag *diag);
    /* Writes the model; `ending`: for the last time in this call. */
    deepstruc_status (*ship)(void *user, const char *facts, bool force, bool ending, deepstruc_diag *diag);
} averaged_kind;

typedef struct {
    /* filled by the training */
    const averaged_kind *kind;
    void *user;
    const char *path;
    bool force, resume;
    long steps, batch, seed;
    double time_limit_s, learning_rate, cooldown, weight_decay;
    deepstruc_ranks *ranks; /* NULL: one process */
    const float *weight;    /* by rank: its share of the batch; not read without ranks */
    nn_params *params;
    /* its own */
    char checkpoint[4096], log_path[4096];
    real *average;
    shared_state shared;
    long step;
    double seconds, started; /* spent by earlier calls; begin of this one */
    double loss[AVERAGED_LOSSES];
    long n_summed; /* since the last line of the log */
} averaged_training;

/* Random weights, or those of the checkpoint beside `path`. */
deepstruc_status averaged_begin(averaged_training *t, deepstruc_diag *diag);
deepstruc_status averaged_step(averaged_training *t, deepstruc_diag *diag);
/* All steps that are left, with their log and checkpoints. */
deepstruc_status averaged_run(averaged_training *t, const deepstruc_progress *progress, deepstruc_diag *diag);
void averaged_end(averaged_training *t);

#endif
