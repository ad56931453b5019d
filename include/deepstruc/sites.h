/* The default model: generates structures from a PDF as occupied sites of parent frames; trained on simulated PDFs made
 * on the fly. docs/model.md describes it. */
#ifndef DEEPSTRUC_SITES_H
#define DEEPSTRUC_SITES_H

#include <deepstruc/pdf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- training ------------------------------------------------------------------------------------------------- */

typedef struct {
    long steps;                        /* 60000 */
    long batch;                        /* samples per step; 128 */
    double time_limit_s;               /* seconds of this call; 0: none */
    double learning_rate;              /* 1e-3, held, then lowered over the last `cooldown` of the steps */
    double cooldown;                   /* share of the steps; 0.25 */
    double weight_decay;               /* 0.01 */
    double kl;                         /* weight of the posterior's distance from the prior; 0.02 */
    double known_share;                /* of samples that are published shapes; 0.2 */
    double published_share;            /* of samples with the published instrument values, clean; 0.25 */
    double noise_max;                  /* 0.1 */
    double variant_share;              /* of random shapes that are published ones with a part missing; 0.25 */
    double large_share;                /* of random shapes with 300 to 1300 atoms; 0.1 */
    long max_atoms;                    /* of the other random shapes; 400 */
    bool all_shapes;                   /* false: the test shapes of deepstruc_split_shapes are held out */
    long latent, trunk, decoder, last; /* widths: 16, 512, 512, 256 */
    bool no_graph;                     /* the encoder is told the frame alone, not the atoms' graph: an ablation */
    bool calibrate;                    /* no training: what the file at `path` is sure of is measured anew */
    bool resume;                       /* go on from the checkpoint beside the output */
    const char *start;                 /* a model whose widths and weights are begun with; NULL: random weights */
    long seed;                         /* 0 */
} deepstruc_sites_training;

deepstruc_sites_training deepstruc_sites_training_default(void);
extern const deepstruc_field deepstruc_sites_training_fields[];

/* Trains and writes `path` (safetensors, what solving needs) and `path`.checkpoint (to resume) every two minutes and at
 * the end, and a line of losses and scores per hundred steps to `path`.csv. Cancelling, SIGINT in the program, stops
 * cleanly with both files written. A loss that is no longer finite stops with NUMERIC; the files then hold the last
 * good state. Ranks share each batch, 16 samples or more for each: they follow the curve of one within rounding. */
deepstruc_status deepstruc_sites_train(const char *path, const deepstruc_sites_training *settings, bool force,
                                       const deepstruc_progress *progress, deepstruc_diag *diag);

/* How long the training takes: n estimates, in seconds, for as many samples as an epoch of deepstruc-2023 has (2,246,
 * simulated as they are needed). Nothing is written. */
deepstruc_status deepstruc_sites_pace(const deepstruc_sites_training *settings, double *epoch_s, size_t n,
                                      deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
