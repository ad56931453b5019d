#include "model/deepstruc_2023.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

#define N_ATTENTION DEEPSTRUC_2023_N_ATTENTION

/* Letters of shapes: n samples, N nodes of the batch, k latent dimensions, p = 256 (the encoder's width). */
typedef struct deepstruc_2023_buffers {
    model_stack_buffers prior, branch, posterior, decoder, encoder;
    nn_attention_buffers attention[N_ATTENTION];
    real *y[N_ATTENTION];                    /* N x width: after LeakyReLU (none after the last) */
    real *dwide, *dwide_too;                 /* N x the widest layer: gradients of y, in turns */
    real *logit, *dlogit, *alpha;            /* N */
    real *mixed, *dmixed, *pooled, *dpooled; /* n x p: before and after the pool's value layer */
    real *joined, *djoined, *dbranch;        /* n x 2p, n x 2p, n x p: pooled || branch */
    real *mean, *log_var, *dmean, *dlog_var; /* 2n x k: rows of q, then of p */
    real *kl_mean, *kl_log_var;              /* 2n x k: the KL term's share of the gradients */
    real *z, *dz;                            /* 2n x k */
    real *dhead;                             /* 2n x 2k: gradients of (mean | s) as the stacks give them */
    real *drows;                             /* 2n x n_atoms x 3 */
} buffers;

static const size_t ATTENTION_WIDTH[N_ATTENTION] = {1024, 512, 256, 128, 64, 256};

deepstruc_2023_settings deepstruc_2023_repaired(void)
{
    return (deepstruc_2023_settings){
        .n_points = 2800, .n_atoms = 200, .n_latent = 2, .divisor = 1, .prior_weight = 1, .rmin = 2, .rstep = 0.01};
}

deepstruc_2023_settings deepstruc_2023_published(void)
{
    return (deepstruc_2023_settings){.n_points = 2800,
                                     .n_atoms = 200,
                                     .n_latent = 2,
                                     .divisor = 1,
                                     .published_start = true,
                                     .published_variance = true,
                                     .rmin = 2,
                                     .rstep = 0.01};
}

deepstruc_2023_settings deepstruc_2023_plain(void)
{
    deepstruc_2023_settings plain = deepstruc_2023_repaired();
    plain.plain = true;
    plain.n_latent = 8;
    plain.n_points = 300;
    plain.rmin = 0;
    plain.rstep = 0.1;
    return plain;
}

/* ---- making --------------------------------------------------------------------------------------------------- */

static size_t hidden(const deepstruc_2023_settings *settings, size_t width)
{
    return width / settings->divisor > 3 ? width / settings->divisor : 3;
}

static void declare_graph_encoder(deepstruc_2023 *model, size_t p, nn_init dense)
{
    nn_params *params = &model->params;
    nn_init graph = model->settings.published_start ? NN_GLOROT : NN_HE;
    for (size_t l = 0, n_in = 3; l < N_ATTENTION; n_in = model->attention[l++].n_out) {
        char name[NN_NAME_SIZE];
        snprintf(name, sizeof name, "encoder.%zu", l);
        model->attention[l] =
            nn_attention_declare(params, name, n_in, hidden(&model->settings, ATTENTION_WIDTH[l]), graph);
    }
    model->pool_gate = nn_linear_declare(params, "pool.gate", p, 1, dense);
    model->pool_value = nn_linear_declare(params, "pool.value", p, p, dense);
}

static void declare_layers(deepstruc_2023 *model)
{
    const deepstruc_2023_settings *s = &model->settings;
    nn_params *params = &model->params;
    nn_init dense = s->published_start ? NN_UNIFORM : NN_HE;
    const size_t p = hidden(s, 256), pdf[] = {s->n_points, hidden(s, 384), hidden(s, 192), hidden(s, 24)};
    const size_t prior[] = {pdf[0], pdf[1], pdf[2], pdf[3], 2 * s->n_latent},
                 branch[] = {pdf[0], pdf[1], pdf[2], pdf[3], p};
    const size_t posterior[] = {2 * p, p, hidden(s, 128), hidden(s, 64), 2 * s->n_latent};
    const size_t decoder[] = {s->n_latent,    hidden(s, 32),  hidden(s, 64),   hidden(s, 128),
                              hidden(s, 256), hidden(s, 512), hidden(s, 1024), 3 * s->n_atoms};
    model->prior = model_stack_declare(params, "prior", true, prior, 4, dense);
    model->branch = model_stack_declare(params, "branch", true, branch, 4, dense);
    const size_t rows[] = {3 * s->n_atoms, hidden(s, 512), hidden(s, 256), p};
    if (s->plain)
        model->encoder = model_stack_declare(params, "encoder", false, rows, 3, dense);
    else
        declare_graph_encoder(model, p, dense);
    model->posterior = model_stack_declare(params, "posterior", false, posterior, 4, dense);
    model->decoder = model_stack_declare(params, "decoder", false, decoder, 7, dense);
}

static void carve_graph_encoder(deepstruc_2023 *model, buffers *b, size_t n, size_t p)
{
    nn_workspace *ws = &model->workspace;
    size_t N = model->max_nodes, widest = 0;
    bool training = model->training;
    for (size_t l = 0; l < N_ATTENTION; l++) {
        size_t m = model->attention[l].n_out;
        widest = m > widest ? m : widest;
        b->attention[l] = nn_attention_carve(ws, &model->attention[l], N, model->max_edges, training);
        b->y[l] = nn_carve(ws, N, m);
    }
    b->logit = nn_carve(ws, N, 1);
    b->alpha = nn_carve(ws, N, 1);
    b->mixed = nn_carve(ws, n, p);
    b->pooled = nn_carve(ws, n, p);
    if (!training)
        return;
    b->dwide = nn_carve(ws, N, widest);
    b->dwide_too = nn_carve(ws, N, widest);
    b->dlogit = nn_carve(ws, N, 1);
    b->dmixed = nn_carve(ws, n, p);
}

static void carve_encoder(deepstruc_2023 *model, buffers *b, size_t n, size_t p)
{
    nn_workspace *ws = &model->workspace;
    bool training = model->training;
    if (model->settings.plain)
        b->encoder = model_stack_carve(ws, &model->encoder, n, training);
    else
        carve_graph_encoder(model, b, n, p);
    b->joined = nn_carve(ws, n, 2 * p);
    b->branch = model_stack_carve(ws, &model->branch, n, training);
    b->posterior = model_stack_carve(ws, &model->posterior, n, training);
    if (!training)
        return;
    b->dpooled = nn_carve(ws, n, p);
    b->djoined = nn_carve(ws, n, 2 * p);
    b->dbranch = nn_carve(ws, n, p);
}

static size_t encoder_width(const deepstruc_2023 *model)
{
    return hidden(&model->settings, 256);
}

static void carve(deepstruc_2023 *model, buffers *b)
{
    nn_workspace *ws = &model->workspace;
    size_t n = model->max_batch, k = model->settings.n_latent;
    bool training = model->training;
    b->prior = model_stack_carve(ws, &model->prior, n, training);
    b->decoder = model_stack_carve(ws, &model->decoder, 2 * n, training);
    real **latent[] = {&b->mean, &b->log_var, &b->z, &b->dmean, &b->dlog_var, &b->dz, &b->kl_mean, &b->kl_log_var};
    for (size_t i = 0; i < (training ? 8u : 3u); i++)
        *latent[i] = nn_carve(ws, 2 * n, k);
    if (training) {
        b->dhead = nn_carve(ws, 2 * n, 2 * k);
        b->drows = nn_carve(ws, 2 * n, 3 * model->settings.n_atoms);
    }
    if (model->max_nodes > 0)
        carve_encoder(model, b, n, encoder_width(model));
}

size_t deepstruc_2023_n_values(const deepstruc_2023_settings *settings)
{
    deepstruc_2023 model = {.settings = *settings};
    size_t n = 0;
    declare_layers(&model);
    for (size_t i = 0; i < model.params.n_tensors; i++)
        n += model.params.tensor[i].n;
    bool counted = !model.params.out_of_memory;
    nn_params_free(&model.params);
    return counted ? n : 0;
}

deepstruc_status deepstruc_2023_create(deepstruc_2023 **out, const deepstruc_2023_settings *settings, uint64_t seed,
                                       size_t max_batch, size_t max_nodes, size_t max_edges, bool training,
                                       deepstruc_diag *diag)
{
    deepstruc_2023 *model = memory_zeroed(1, sizeof *model);
    if (!model)
        return diag_no_memory(diag);
    model->settings = *settings;
    model->training = training;
    model->max_batch = max_batch;
    model->max_nodes = max_nodes;
    model->max_edges = max_edges;
    declare_layers(model);
    deepstruc_status status = nn_params_allocate(&model->params, training, diag);
    if (status == DEEPSTRUC_OK && !(model->buffers = memory_zeroed(1, sizeof *model->buffers)))
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        carve(model, model->buffers); /* counts */
        status = nn_workspace_allocate(&model->workspace, diag);
    }
    if (status != DEEPSTRUC_OK) {
        deepstruc_2023_destroy(model);
        return status;
    }
    carve(model, model->buffers);
    nn_params_initialise(&model->params, seed);
    *out = model;
    return DEEPSTRUC_OK;
}

void deepstruc_2023_destroy(deepstruc_2023 *model)
{
    if (!model)
        return;
    nn_params_free(&model->params);
    nn_workspace_free(&model->workspace);
    free(model->buffers);
    free(model);
}

/* ---- forward -------------------------------------------------------------------------------------------------- */

/* (mean | s) [n x 2k] into mean and log variance. */
static void split_head(const deepstruc_2023 *model, real *mean, real *log_var, const real *head, size_t n)
{
    size_t k = model->settings.n_latent;
    nn_copy_columns(mean, k, head, 2 * k, n, k);
    nn_copy_columns(log_var, k, head + k, 2 * k, n, k);
    if (model->settings.published_variance)
        nn_softplus_forward(log_var, log_var, n * k);
}

void deepstruc_2023_prior(deepstruc_2023 *model, real *mean, real *log_var, const real *pdf, size_t n)
{
    const real *head = model_stack_forward(&model->params, &model->prior, &model->buffers->prior, pdf, n);
    split_head(model, mean, log_var, head, n);
}

const real *deepstruc_2023_decode(deepstruc_2023 *model, const real *z, size_t n)
{
    return model_stack_forward(&model->params, &model->decoder, &model->buffers->decoder, z, n);
}

/* The structures to one row each: pooled[n x p]. */
static const real *encode_forward(deepstruc_2023 *model, const deepstruc_2023_batch *batch)
{
    buffers *b = model->buffers;
    if (model->settings.plain)
        return model_stack_forward(&model->params, &model->encoder, &b->encoder, batch->target, batch->n);
    const real *x = batch->nodes;
    size_t n_nodes = batch->graphs->n_nodes, p = model->pool_value.n_in;
    for (size_t l = 0; l < N_ATTENTION; l++) {
        nn_attention_forward(&model->params, &model->attention[l], &b->attention[l], b->y[l], x, batch->graphs);
        if (l + 1 < N_ATTENTION)
            nn_leaky_relu_forward(b->y[l], b->y[l], NN_LEAK, n_nodes * model->attention[l].n_out);
        x = b->y[l];
    }
    nn_linear_forward(&model->params, &model->pool_gate, b->logit, x, n_nodes);
    nn_pool_forward(b->mixed, b->alpha, x, b->logit, batch->graphs, p);
    nn_linear_forward(&model->params, &model->pool_value, b->pooled, b->mixed, batch->n);
    return b->pooled;
}

static void posterior_forward(deepstruc_2023 *model, const deepstruc_2023_batch *batch)
{
    buffers *b = model->buffers;
    size_t n = batch->n, p = encoder_width(model);
    const real *pooled = encode_forward(model, batch);
    const real *branch = model_stack_forward(&model->params, &model->branch, &b->branch, batch->pdf, n);
    nn_copy_columns(b->joined, 2 * p, pooled, p, n, p);
    nn_copy_columns(b->joined + p, 2 * p, branch, p, n, p);
    const real *head = model_stack_forward(&model->params, &model->posterior, &b->posterior, b->joined, n);
    split_head(model, b->mean, b->log_var, head, n);
}

/* ---- backward ------------------------------------------------------------------------------------------------- */

static void encode_backward(deepstruc_2023 *model, const deepstruc_2023_batch *batch)
{
    buffers *b = model->buffers;
    nn_params *params = &model->params;
    if (model->settings.plain) {
        model_stack_backward(params, &model->encoder, &b->encoder, NULL, b->dpooled, batch->target, batch->n);
        return;
    }
    size_t n_nodes = batch->graphs->n_nodes, p = model->pool_value.n_in;
    const real *x = b->y[N_ATTENTION - 1];
    real *dy = b->dwide, *dx = b->dwide_too;
    nn_linear_backward(params, &model->pool_value, b->dmixed, b->dpooled, b->mixed, batch->n);
    nn_pool_backward(dy, b->dlogit, b->dmixed, b->mixed, b->alpha, x, batch->graphs, p);
    nn_linear_backward(params, &model->pool_gate, dx, b->dlogit, x, n_nodes);
    nn_add(dy, dx, n_nodes * p);
    for (size_t l = N_ATTENTION; l-- > 0;) {
        if (l + 1 < N_ATTENTION)
            nn_leaky_relu_backward(dy, dy, b->y[l], NN_LEAK, n_nodes * model->attention[l].n_out);
        nn_attention_backward(params, &model->attention[l], &b->attention[l], l > 0 ? dx : NULL, dy,
                              l > 0 ? b->y[l - 1] : batch->nodes, batch->graphs);
        real *swap = dy;
        dy = dx, dx = swap;
    }
}

/* Gradients of mean and log variance back into (mean | s), of n rows from `first` on. */
static real *join_head(const deepstruc_2023 *model, size_t first, size_t n)
{
    buffers *b = model->buffers;
    size_t k = model->settings.n_latent;
    real *dhead = b->dhead + first * 2 * k, *dlog_var = b->dlog_var + first * k;
    if (model->settings.published_variance) { /* log var = softplus(s) and softplus' = 1 - exp(-softplus) */
        const real *log_var = b->log_var + first * k;
        for (size_t i = 0; i < n * k; i++)
            dlog_var[i] *= 1 - exp(-log_var[i]);
    }
    nn_copy_columns(dhead, 2 * k, b->dmean + first * k, k, n, k);
    nn_copy_columns(dhead + k, 2 * k, dlog_var, k, n, k);
    return dhead;
}

static void posterior_backward(deepstruc_2023 *model, const deepstruc_2023_batch *batch)
{
    buffers *b = model->buffers;
    nn_params *params = &model->params;
    size_t n = batch->n, p = encoder_width(model);
    model_stack_backward(params, &model->posterior, &b->posterior, b->djoined, join_head(model, 0, n), b->joined, n);
    nn_copy_columns(b->dpooled, p, b->djoined, 2 * p, n, p);
    nn_copy_columns(b->dbranch, p, b->djoined + p, 2 * p, n, p);
    model_stack_backward(params, &model->branch, &b->branch, NULL, b->dbranch, batch->pdf, n);
    encode_backward(model, batch);
}

/* ---- the loss ------------------------------------------------------------------------------------------------- */

static void backward(deepstruc_2023 *model, const deepstruc_2023_batch *batch, const real *rows, size_t n_rows,
                     double beta)
{
    buffers *b = model->buffers;
    size_t n = batch->n, k = model->settings.n_latent, n_values = n * 3 * model->settings.n_atoms;
    double dloss[2] = {1, model->settings.prior_weight};
    for (size_t half = 0; half < n_rows / n; half++)
        nn_mse_backward(b->drows + half * n_values, rows + half * n_values, batch->target, batch->weight, dloss[half],
                        n_values);
    model_stack_backward(&model->params, &model->decoder, &b->decoder, b->dz, b->drows, b->z, n_rows);
    if (n_rows == n)
        memset(b->dz + n * k, 0, n * k * sizeof *b->dz); /* no sample of the prior was decoded */
    nn_sample_backward(b->dmean, b->dlog_var, b->dz, b->log_var, batch->noise, 1, 2 * n * k);
    nn_kl_backward(b->kl_mean, b->kl_log_var, b->kl_mean + n * k, b->kl_log_var + n * k, b->mean, b->log_var,
                   b->mean + n * k, b->log_var + n * k, beta / (double)n, n * k);
    nn_add(b->dmean, b->kl_mean, 2 * n * k);
    nn_add(b->dlog_var, b->kl_log_var, 2 * n * k);
    model_stack_backward(&model->params, &model->prior, &b->prior, NULL, join_head(model, n, n), batch->pdf, n);
    posterior_backward(model, batch);
}

deepstruc_2023_loss deepstruc_2023_step(deepstruc_2023 *model, const deepstruc_2023_batch *batch, double beta)
{
    buffers *b = model->buffers;
    const deepstruc_2023_settings *s = &model->settings;
    size_t n = batch->n, k = s->n_latent, n_values = n * 3 * s->n_atoms, n_rows = s->prior_weight > 0 ? 2 * n : n;
    posterior_forward(model, batch);
    deepstruc_2023_prior(model, b->mean + n * k, b->log_var + n * k, batch->pdf, n);
    nn_sample_forward(b->z, b->mean, b->log_var, batch->noise, 1, 2 * n * k);
    const real *rows = deepstruc_2023_decode(model, b->z, n_rows);
    deepstruc_2023_loss loss = {0};
    loss.reconstruction = nn_mse_forward(rows, batch->target, batch->weight, n_values);
    if (n_rows > n)
        loss.prior_reconstruction = nn_mse_forward(rows + n_values, batch->target, batch->weight, n_values);
    loss.kl = nn_kl_forward(b->mean, b->log_var, b->mean + n * k, b->log_var + n * k, n * k) / (double)n;
    loss.total = loss.reconstruction + s->prior_weight * loss.prior_reconstruction + beta * loss.kl;
    if (model->training)
        backward(model, batch, rows, n_rows, beta);
    return loss;
}
