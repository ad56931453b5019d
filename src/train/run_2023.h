/* One training of deepstruc-2023: its state, its steps, its files. */
#ifndef TRAIN_RUN_2023_H
#define TRAIN_RUN_2023_H

#include <deepstruc/train.h>

#include "base/comm.h"
#include "train/samples_2023.h"

/* Sums over an epoch, in the order of the columns of the .csv file. */
enum { SUM_TOTAL, SUM_RECONSTRUCTION, SUM_PRIOR, SUM_KL, N_SUMS };

enum { RUN_PATH = 4200 };

typedef struct {
    deepstruc_train_settings settings;
    deepstruc_2023_settings arch;
    char path[RUN_PATH], checkpoint[RUN_PATH], log[RUN_PATH];
    char data[256]; /* what the data set says it is */
    samples_2023 *samples;
    deepstruc_2023 *model;
    uint32_t *order;        /* training items, shuffled for the epoch */
    deepstruc_ranks *ranks; /* each takes its share of a batch; all have the same parameters and moments */

    /* Where the training stands: all that a checkpoint holds beside parameters and moments. */
    long epoch, batch, steps; /* whole epochs; batches of this one; steps of all */
    double beta, sums[N_SUMS];
    double seconds; /* spent by earlier calls and epochs */
    char *history;  /* the .csv file so far */
    size_t history_size, history_capacity;

    deepstruc_train_result result;
} run_2023;

/* ---- steps ----------------------------------------------------------------------------------------------------------
 */

/* Order and position for the epoch at hand; call after creation, load and each epoch's end. */
void run_2023_shuffle(run_2023 *run);
/* One batch: loss, gradients summed over the ranks, Adam. NUMERIC names the place. */
deepstruc_status run_2023_step(run_2023 *run, deepstruc_diag *diag);
size_t run_2023_n_batches(const run_2023 *run);
/* Validation, the line of the .csv file, the rise of beta; begins the next epoch. */
deepstruc_status run_2023_end_epoch(run_2023 *run, double seconds, deepstruc_diag *diag);

/* ---- files ----------------------------------------------------------------------------------------------------------
 */

deepstruc_status run_2023_save_checkpoint(const run_2023 *run, double seconds, deepstruc_diag *diag);
/* BAD_INPUT when the checkpoint is of other settings, another data set or another architecture. */
deepstruc_status run_2023_load_checkpoint(run_2023 *run, deepstruc_diag *diag);
deepstruc_status run_2023_save_model(const run_2023 *run, deepstruc_diag *diag);
deepstruc_status run_2023_write_history(run_2023 *run, deepstruc_diag *diag);
/* Appends a formatted line. */
deepstruc_status run_2023_note(run_2023 *run, deepstruc_diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
