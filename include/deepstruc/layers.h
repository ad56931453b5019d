/* The model of stackings: a sequence of close-packed layers and the occupied sites of its columns from a clean PDF;
 * trained on simulated PDFs made on the fly. docs/model-stacking.md describes it. */
#ifndef DEEPSTRUC_LAYERS_H
#define DEEPSTRUC_LAYERS_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    long steps;                /* 30000 */
    long batch;                /* samples per step; 128 */
    double time_limit_s;       /* seconds of this call; 0: none */
    double learning_rate;      /* 1e-3, held, then lowered over the last `cooldown` of the steps */
    double cooldown;           /* share of the steps; 0.5 */
    double weight_decay;       /* 0.01 */
    double mixed;              /* share of samples with layers alike or not at will; 0.75 */
    bool spare;                /* a fifth of the other sequences is never drawn either, and scored by itself */
    bool all_sequences;        /* false: those held out by the protocol "stacking" are never drawn */
    long trunk, decoder, last; /* widths: 576, 512, 256 */
    bool resume;               /* go on from the checkpoint beside the output */
    long seed;                 /* 0 */
} deepstruc_layers_training;

deepstruc_layers_training deepstruc_layers_training_default(void);
extern const deepstruc_field deepstruc_layers_training_fields[];

/* Trains and writes `path` (safetensors) and `path`.checkpoint (to resume) every two minutes and at the end, and a line
 * of losses and scores per thousand steps to `path`.csv. Cancelling stops cleanly with both files written. A loss that
 * is no longer finite stops with NUMERIC; the files then hold the last good state. */
deepstruc_status deepstruc_layers_train(const char *path, const deepstruc_layers_training *settings, bool force,
                                        const deepstruc_progress *progress, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
