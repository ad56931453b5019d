/* The default model, `sites`: a conditional variational autoencoder from a scale-free PDF to occupied sites of parent
 * frames (dataset/frame.h).
 *
 *   trunk      x (PDF, mask, instrument)   -> features
 *   facts      features                    -> bond length ratio, number of atoms, peak width, each with its standard
 *                                             deviation, and whether the hypothesised bond length is right
 *   prior      features                    -> p(z | PDF), a diagonal Gaussian
 *   encoder    structure graph, features   -> q(z | structure, PDF), in training only
 *   decoder    z                           -> logits of the frames and of the sites of each frame
 *   map        z[0..1]                     -> family, number of atoms, hexagonality: keeps the first two axes readable
 *
 * All information about the structure passes through z. Lengths are in bond lengths. */
#ifndef MODEL_SITES_H
#define MODEL_SITES_H

#include "dataset/envelope.h"
#include "dataset/frame.h"
#include "dataset/stream_input.h"
#include "nn/attention.h"

enum {
    SITES_FACTS = 7,
    SITES_NODE_FEATURES = 5, /* x, y, z, distance from the origin, number of neighbours */
    SITES_POOL = 64,         /* what the encoder's graph says */
    SITES_MAP_HIDDEN = 32,
    SITES_MAP_OUTPUTS = FRAME_N_FAMILIES + 1,
    SITES_MAP_POINTS = 800,
    SITES_MAP_COLUMNS = 4, /* place on the two axes, deepstruc_type, number of atoms */
    SITES_CALIBRATION_POINTS = 8,
    SITES_DOUBT_QUARTERS = 4
};

/* Columns of the facts: a mean and the log of a standard deviation each, in the units of `sites_fact_scale`. */
enum { FACT_RATIO = 0, FACT_ATOMS = 2, FACT_WIDTH = 4, FACT_SCALE_LOGIT = 6 };
/* value = centre + scale * output, for FACT_RATIO, FACT_ATOMS, FACT_WIDTH. */
typedef struct {
    double centre, scale;
} sites_unit;
extern const sites_unit sites_units[3];

typedef struct {
    long n_latent;  /* 16 */
    long n_trunk;   /* 512 */
    long n_decoder; /* 512 */
    long n_last;    /* 256 */
    bool no_graph;  /* the encoder is told the frame alone: what the graph is worth (docs/model-sites.md) */
} sites_sizes;

sites_sizes sites_sizes_default(void);

/* y = x' + SiLU(LayerNorm(W x + b)), x' = x where the widths agree, else absent. */
typedef struct {
    nn_linear linear;
    nn_norm norm;
    bool residual;
} sites_block;

/* Of the samples of one quarter by the network's own log standard deviation of the count, up to log_sd: the log of the
 * factor on it for each quarter by doubt (model/sites_doubt.h), up to limit. */
typedef struct {
    float log_sd, limit[SITES_DOUBT_QUARTERS], log_factor[SITES_DOUBT_QUARTERS];
} sites_doubt_row;

enum { SITES_TRUNK_BLOCKS = 3, SITES_DECODER_BLOCKS = 4 };

typedef struct {
    sites_sizes sizes;
    const frame_set *frames; /* not owned */
    envelope *envelope;      /* for model/sites_beyond.h */
    long largest;            /* atoms of the largest body that was trained on, 0: not known */
    nn_params params;
    sites_block trunk[SITES_TRUNK_BLOCKS], decoder[SITES_DECODER_BLOCKS], posterior_hidden;
    nn_linear prior, facts, posterior, gate, frame_logits, site_logits[FRAME_COUNT];
    nn_linear map_hidden, map_output, map_packing;
    nn_attention attention1, attention2;
    size_t n_map; /* points of the latent map, stored with the weights for people; 0: none */
    float *map;   /* n_map x SITES_MAP_COLUMNS */
    /* What the network's standard deviation of log(number of atoms) is worth: pairs of its logarithm, rising, and the
     * logarithm of the factor that makes 68 % of simulated samples fall within. */
    size_t n_calibration; /* 0: not calibrated */
    float calibration[SITES_CALIBRATION_POINTS][2];
    bool has_doubt;
    sites_doubt_row doubt[SITES_DOUBT_QUARTERS]; /* the same, and by what the sites say: what is reported */
    char trained[160];                           /* of its training, for people */
} sites_model;

deepstruc_status sites_model_create(sites_model **out, const frame_set *frames, const sites_sizes *sizes, bool training,
                                    deepstruc_diag *diag);
void sites_model_destroy(sites_model *model);

/* ---- buffers of one batch --------------------------------------------------------------------------------------- */

typedef struct {
    real *linear, *stats, *norm, *y; /* outputs of the steps */
    real *dy, *scratch;              /* training only */
} sites_block_buffers;

typedef struct {
    size_t max_rows, max_graphs, max_nodes, max_edges;
    nn_workspace workspace;
    real *x; /* max_rows x STREAM_INPUTS */
    sites_block_buffers trunk[SITES_TRUNK_BLOCKS], decoder[SITES_DECODER_BLOCKS], posterior_hidden;
    real *prior, *facts;               /* rows x 2 n_latent (mean, raw log variance); rows x SITES_FACTS */
    real *mean, *log_var, *z, *noise;  /* rows x n_latent, what z is drawn from */
    real *frame_logits;                /* rows x FRAME_COUNT */
    real *map_hidden, *map_silu, *map; /* rows x ... */
    real *site_logits;                 /* sorted rows x sites of their frame, see sites_loss.c */
    /* encoder */
    nn_graphs graphs;
    real *node, *hidden1, *hidden2, *gate, *alpha, *pooled, *joined, *posterior, *q_mean, *q_log_var;
    nn_attention_buffers attention1, attention2;
    /* gradients, same shapes */
    real *dprior, *dfacts, *dmean, *dlog_var, *dz, *dframe_logits, *dmap_hidden, *dmap_silu, *dmap, *dsite_logits;
    real *dhidden1, *dhidden2, *dgate, *dpooled, *djoined, *dposterior, *dq_mean, *dq_log_var, *dp_mean, *dp_log_var;
    real *sorted, *dsorted; /* rows x n_last: the last hidden layer, rows in the order of their frames */
    real *z_map, *packing;  /* rows x 2, rows: of the map, and the hexagonality that it shows */
    real *dz_map, *dz_packing, *dpacking;
} sites_buffers;

deepstruc_status sites_buffers_create(sites_buffers **out, const sites_model *model, size_t max_rows, bool training,
                                      deepstruc_diag *diag);
void sites_buffers_destroy(sites_buffers *buffers);

/* ---- the parts -------------------------------------------------------------------------------------------------- */

/* From buffers->x: trunk, facts, prior; mean and log_var are the prior's. */
void sites_condition(const sites_model *model, sites_buffers *buffers, size_t n);
/* From buffers->z: last hidden layer of the decoder and frame logits. */
void sites_decode(const sites_model *model, sites_buffers *buffers, size_t n);
/* Site logits of frame k for rows `last` [n x n_last] of the decoder's last layer. */
void sites_frame_logits(const sites_model *model, int k, const real *last, real *logits, size_t n);
static inline const real *sites_last(const sites_buffers *buffers)
{
    return buffers->decoder[SITES_DECODER_BLOCKS - 1].y;
}

/* Log variances are kept in (-7, 1), for the gradients of narrow Gaussians are steep: log_var = -3 + 4 tanh(raw / 4).
 */
real sites_log_var(real raw);
real sites_log_var_slope(real log_var);

/* ---- training --------------------------------------------------------------------------------------------------- */

/* What a batch should have answered. Rows [0, n_posterior) draw z from the posterior and pay its distance from the
 * prior; the others draw from the prior, as in use. */
typedef struct {
    size_t n_rows, n_posterior;
    const frame_shape **shape;  /* n_rows */
    const bool *scale_is_right; /* rows without count for FACT_SCALE_LOGIT only */
    const float *fact[3];       /* n_rows each: log ratio, log atoms, log width */
} sites_targets;

typedef struct {
    double kl;     /* beta: weight of KL(posterior || prior); 0.02 */
    double sites;  /* of the sites' cross-entropy, per nat; 0.1 */
    double facts;  /* of the facts and of the scale's logit; 0.2: sharp regressions shake the trunk */
    double map;    /* of what the map's two axes know; 0.1 */
    double spread; /* of the prior means' squares: keeps z of order one; 0.002 */
} sites_weights;

sites_weights sites_weights_default(void);

typedef struct {
    double total, sites, frames, facts, scale, kl, map; /* nats per row, unweighted but `total` */
    double log_var;                                     /* mean of the prior's */
} sites_loss;

/* Forward and backward: gradients are added to the arena. The caller fills x and noise (standard normals,
 * n_posterior x n_latent). BAD_ARGUMENT when a batch does not fit. */
deepstruc_status sites_train_batch(sites_model *model, sites_buffers *buffers, const sites_targets *targets,
                                   const sites_weights *weights, sites_loss *loss, deepstruc_diag *diag);

/* Of one row's facts y[SITES_FACTS]: Gaussian log scores of three, asked for where the bond length is `right`, and the
 * cross-entropy of the scale's logit, in nats; fills dy with `scale` times the gradient. */
typedef struct {
    double facts, scale;
} sites_fact_loss;
sites_fact_loss sites_fact_row(const real *y, real *dy, bool right, const float fact[3], double scale);

/* The encoder alone (sites_encoder.c). */
deepstruc_status sites_encode(const sites_model *model, sites_buffers *buffers, const sites_targets *targets,
                              deepstruc_diag *diag);
void sites_encode_backward(sites_model *model, sites_buffers *buffers, real *dfeatures, size_t n);

/* Blocks (sites_block.c). */
sites_block sites_block_declare(nn_params *params, const char *name, size_t n_in, size_t n_out);
sites_block_buffers sites_block_carve(nn_workspace *workspace, const sites_block *block, size_t n, bool training);
void sites_block_forward(const nn_params *params, const sites_block *block, sites_block_buffers *buffers, const real *x,
                         size_t n);
/* dx may be NULL. */
void sites_block_backward(nn_params *params, const sites_block *block, sites_block_buffers *buffers, real *dx,
                          const real *x, size_t n);

#endif
