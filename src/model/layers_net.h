/* The model of stackings: from a scale-free PDF to a sequence of close-packed layers and the occupied sites of its
 * columns (dataset/layers.h).
 *
 * The trunk makes features of x (PDF, mask, instrument). From them are read
 *   facts: bond length ratio, number of atoms, peak width, scale (model/sites.h);
 *   the sequence: the numbers that describe one, as a Gaussian with its covariance, so that a sequence is as likely as
 *   its numbers, whether it was seen in training or not;
 *   by a decoder the sites: a logit for each, given that its layer has its letter.
 *
 * Lengths are in bond lengths. */
#ifndef MODEL_LAYERS_NET_H
#define MODEL_LAYERS_NET_H

#include "dataset/layers.h"
#include "model/sites.h"

typedef struct {
    long n_trunk;   /* 576 */
    long n_decoder; /* 512 */
    long n_last;    /* 256 */
} layers_sizes;

layers_sizes layers_sizes_default(void);

/* Of the sequence head: means, and R, lower triangular, of a precision R^T R. Its diagonal is given by logarithms. */
enum { LAYERS_OUTPUTS = LAYERS_NUMBERS + LAYERS_NUMBERS * (LAYERS_NUMBERS + 1) / 2 };

/* What the trunk sees: x, and the PDF once more, divided by its own rms nearby. Far pairs are few and tell most. */
enum { LAYERS_INPUTS = STREAM_INPUTS + STREAM_POINTS };

enum { LAYERS_TRUNK_BLOCKS = 4, LAYERS_DECODER_BLOCKS = 2 };

typedef struct {
    layers_sizes sizes;
    const layers_set *set; /* not owned */
    nn_params params;
    sites_block trunk[LAYERS_TRUNK_BLOCKS], decoder[LAYERS_DECODER_BLOCKS];
    nn_linear facts, sequence, sites;
} layers_model;

deepstruc_status layers_model_create(layers_model **out, const layers_set *set, const layers_sizes *sizes,
                                     bool training, deepstruc_diag *diag);
void layers_model_destroy(layers_model *model);

/* Of one batch. */
typedef struct {
    size_t max_rows;
    nn_workspace workspace;
    real *x;    /* max_rows x STREAM_INPUTS */
    real *seen; /* rows x LAYERS_INPUTS, made from x */
    sites_block_buffers trunk[LAYERS_TRUNK_BLOCKS], decoder[LAYERS_DECODER_BLOCKS];
    real *facts;    /* rows x SITES_FACTS */
    real *sequence; /* rows x LAYERS_OUTPUTS */
    real *sites;    /* rows x sites of the table: logits */
    real *dfacts, *dsequence, *dsites;
} layers_buffers;

deepstruc_status layers_buffers_create(layers_buffers **out, const layers_model *model, size_t max_rows, bool training,
                                       deepstruc_diag *diag);
void layers_buffers_destroy(layers_buffers *buffers);

/* From buffers->x to facts, sequence and sites. */
void layers_forward(const layers_model *model, layers_buffers *buffers, size_t n);

/* ---- training --------------------------------------------------------------------------------------------------- */

typedef struct {
    size_t n_rows;
    const layers_structure **structure; /* n_rows */
    const bool *scale_is_right;         /* rows without: only the scale's logit is learned */
    const bool *is_near;                /* rows without: no structure is asked for */
    const float *fact[3];               /* as in sites_targets */
    const float *number;                /* n_rows x LAYERS_NUMBERS */
} layers_targets;

typedef struct {
    double total, sites, sequence, facts, scale; /* nats per row, unweighted but `total` */
} layers_loss;

/* Forward and backward: gradients are added to the arena. The caller fills x. */
deepstruc_status layers_train_batch(layers_model *model, layers_buffers *buffers, const layers_targets *targets,
                                    layers_loss *loss, deepstruc_diag *diag);

/* ---- answers ---------------------------------------------------------------------------------------------------- */

typedef struct {
    layers_structure structure;
    double log_probability; /* of its sequence */
} layers_answer;

/* The log-likelihood of each sequence's numbers, up to a constant. */
void layers_score(const layers_model *model, const layers_buffers *buffers, size_t i, double score[LAYERS_SEQUENCES]);

/* The `n` likeliest sequences of row i, each with its likeliest sites, given their logits and the number of atoms. A
 * structure is the largest connected part. Answers how many there are. */
size_t layers_read(const layers_model *model, const layers_buffers *buffers, size_t i, size_t n, layers_answer *out);

/* The one body of the protocol's kinds that numbers, sites and number of atoms together make likeliest, in one of the
 * likeliest sequences. */
void layers_read_likeliest(const layers_model *model, const layers_buffers *buffers, size_t i, layers_answer *out);

/* The `n` bodies of the protocol's kinds in one sequence that row i's site logits and number of atoms make likeliest.
 * Answers how many there are. */
size_t layers_read_bodies(const layers_model *model, const layers_buffers *buffers, size_t i, int sequence, size_t n,
                          layers_structure *out);

#ifndef NN_DOUBLE
deepstruc_status layers_save(const layers_model *model, const float *block, const char *facts, const char *path,
                             bool force, deepstruc_diag *diag);
deepstruc_status layers_load(layers_model **out, const layers_set *set, const char *path, deepstruc_diag *diag);
#endif

#endif
