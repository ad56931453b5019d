/* Training of deepstruc-2023, the published network, from a data set. */
#ifndef DEEPSTRUC_TRAIN_H
#define DEEPSTRUC_TRAIN_H

#include <deepstruc/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *arch; /* "deepstruc-2023" (repaired), "deepstruc-2023-published", "plain-cvae" (the paper's baseline),
                         or a JSON file (docs/model.md) */
    long epochs;      /* 100 */
    long batch;       /* 32: structures per step */
    double learning_rate;      /* 1e-3 */
    double time_limit_s;       /* seconds of this call; 0: none */
    double checkpoint_every_s; /* 60 */
    bool fresh; /* simulate each training PDF when it is needed: bond length, Q range, damping, Biso and noise are drawn
                   for it; validation keeps to the data set's PDFs */
    const char *start; /* a model's file whose architecture, weights and scale are begun with (fine-tuning), over
                          `arch`; NULL: from random ones */
    bool resume;       /* go on from PATH.checkpoint */
    long seed;         /* 0 */
    long threads;      /* 0: all */
} deepstruc_train_settings;

deepstruc_train_settings deepstruc_train_settings_default(void);
extern const deepstruc_field deepstruc_train_settings_fields[];

typedef struct {
    bool finished;      /* false: stopped by the time limit or cancelled; --resume goes on */
    long epochs, steps; /* done, of all calls */
    double loss;        /* of the last whole epoch; NaN before the first */
    double error;       /* Å, validation: paper MAE before the fit, rows in order, all counts */
    double exact_count; /* share of validation structures with the right number of atoms */
} deepstruc_train_result;

/* Trains on the data set's training structures and writes PATH (safetensors), PATH.checkpoint (to resume) and PATH.csv
 * (one line per epoch). Each file appears whole or not at all, whatever kills the process. The same settings and data
 * give the same bytes for any number of threads and however often the training was stopped and resumed. NUMERIC when
 * loss or gradient leave the finite numbers: the checkpoint then holds the last good state. Ranks share each batch: N
 * ranks follow the curve of one within rounding, and any number may resume. */
deepstruc_status deepstruc_train(const deepstruc_dataset *dataset, const char *path, bool force,
                                 const deepstruc_train_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_train_result *result, deepstruc_diag *diag);

/* How long an epoch's steps take: n estimates in seconds, each from another n-th of the epoch, and beside each the time
 * of a product of two matrices of DEEPSTRUC_TRAIN_PRODUCT squared. Nothing is written. */
#define DEEPSTRUC_TRAIN_PRODUCT 1024
deepstruc_status deepstruc_train_pace(const deepstruc_dataset *dataset, const deepstruc_train_settings *settings,
                                      double *epoch_s, double *product_s, size_t n, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
