/* The network of Kjaer, Anker et al., Digital Discovery 2023 (doi 10.1039/D2DD00086E): a conditional variational
 * autoencoder with a graph encoder. Architecture name "deepstruc-2023"; docs/model.md describes it and what training it
 * shows. */
#ifndef MODEL_DEEPSTRUC_2023_H
#define MODEL_DEEPSTRUC_2023_H

#include "model/stack.h"
#include "nn/attention.h"

#define DEEPSTRUC_2023_NAME "deepstruc-2023"
#define DEEPSTRUC_2023_PLAIN "plain-cvae"

typedef struct {
    size_t n_points;         /* of the PDF: 2800, r = 2 to 30 Å in steps of 0.01 */
    size_t n_atoms;          /* rows of the output: 200 */
    size_t n_latent;         /* 2 */
    size_t divisor;          /* 1; small trials and gradient checks divide the hidden widths by it */
    bool published_start;    /* PyTorch's and PyG's initial values, instead of He's */
    bool published_variance; /* log var = softplus(s), so sigma >= 1, instead of log var = s */
    double prior_weight;     /* of the reconstruction through the prior; published: 0 */
    bool plain;              /* the paper's baseline: a dense encoder of the rows in place of the graph's */
    double rmin, rstep;      /* Å: of the PDF; 2, 0.01 */
} deepstruc_2023_settings;

deepstruc_2023_settings deepstruc_2023_repaired(void);
deepstruc_2023_settings deepstruc_2023_published(void);
/* The paper's plain CVAE: 8 latent dimensions, no graph, 300 points from 0 in steps of 0.1 Å (the paper says 301; the
 * published PDFs end one step earlier). Otherwise as the repaired network. */
deepstruc_2023_settings deepstruc_2023_plain(void);

enum { DEEPSTRUC_2023_N_ATTENTION = 6 };

typedef struct {
    deepstruc_2023_settings settings;
    nn_params params;
    model_stack prior, branch, posterior, decoder;
    model_stack encoder; /* plain only, instead of attention and pool */
    nn_attention attention[DEEPSTRUC_2023_N_ATTENTION];
    nn_linear pool_gate, pool_value;

    nn_workspace workspace;
    bool training;
    size_t max_batch, max_nodes, max_edges;
    struct deepstruc_2023_buffers *buffers;
} deepstruc_2023;

/* One batch of n samples. */
typedef struct {
    size_t n;
    const real *pdf; /* n x n_points, each divided by its maximum */
    const nn_graphs *graphs;
    const real *nodes;  /* graphs->n_nodes x 3: coordinates from 0 up, in units of the training set's extents */
    const real *target; /* n x n_atoms x 3: the same; rows without an atom are DEEPSTRUC_2023_DUMMY */
    const real *weight; /* n x n_atoms x 3: 1, and DEEPSTRUC_2023_DUMMY_WEIGHT for rows without an atom */
    const real *noise;  /* 2 x n x n_latent standard normals: for the posterior's and for the prior's sample */
} deepstruc_2023_batch;

#define DEEPSTRUC_2023_DUMMY (-1.0)
#define DEEPSTRUC_2023_DUMMY_WEIGHT 0.1
#define DEEPSTRUC_2023_ATOM_FROM (-0.2) /* a decoded row is an atom when its mean is at least this */

typedef struct {
    double reconstruction;       /* weighted mean squared error through the posterior */
    double prior_reconstruction; /* through the prior; 0 when its weight is 0 */
    double kl;                   /* mean over the batch, nats */
    double total;                /* reconstruction + prior_weight prior_reconstruction + beta kl */
} deepstruc_2023_loss;

/* Numbers that a network of these settings has; 0 when memory runs out over the count. */
size_t deepstruc_2023_n_values(const deepstruc_2023_settings *settings);
/* With initial values from `seed`; for batches up to the given sizes (max_nodes and max_edges 0: no encoder buffers,
 * for solving). Gradients only when `training`. */
deepstruc_status deepstruc_2023_create(deepstruc_2023 **out, const deepstruc_2023_settings *settings, uint64_t seed,
                                       size_t max_batch, size_t max_nodes, size_t max_edges, bool training,
                                       deepstruc_diag *diag);
void deepstruc_2023_destroy(deepstruc_2023 *model);

/* Loss of a batch and, for a model in training, its gradients added to the arena's. */
deepstruc_2023_loss deepstruc_2023_step(deepstruc_2023 *model, const deepstruc_2023_batch *batch, double beta);

/* Mean and log variance [n x n_latent] of the prior of n PDFs. */
void deepstruc_2023_prior(deepstruc_2023 *model, real *mean, real *log_var, const real *pdf, size_t n);
/* Rows [n x n_atoms x 3] decoded from z[n x n_latent]; they lie in the model until the next call. n <= 2 max_batch. */
const real *deepstruc_2023_decode(deepstruc_2023 *model, const real *z, size_t n);

#endif
