#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "model/sites.h"

const sites_unit sites_units[3] = {{0, 0.02}, {4.2, 1}, {-3.3, 0.6}};

sites_sizes sites_sizes_default(void)
{
    return (sites_sizes){.n_latent = 16, .n_trunk = 512, .n_decoder = 512, .n_last = 256};
}

sites_weights sites_weights_default(void)
{
    return (sites_weights){.kl = 0.02, .sites = 0.1, .facts = 0.2, .map = 0.1, .spread = 0.002};
}

/* ---- parameters ------------------------------------------------------------------------------------------------- */

static void declare_trunk(sites_model *m)
{
    size_t width = (size_t)m->sizes.n_trunk, latent = (size_t)m->sizes.n_latent, in = STREAM_INPUTS;
    for (int i = 0; i < SITES_TRUNK_BLOCKS; i++) {
        char name[32];
        snprintf(name, sizeof name, "trunk.%d", i);
        m->trunk[i] = sites_block_declare(&m->params, name, in, width);
        in = width;
    }
    m->prior = nn_linear_declare(&m->params, "prior", width, 2 * latent, NN_UNIFORM);
    m->facts = nn_linear_declare(&m->params, "facts", width, SITES_FACTS, NN_UNIFORM);
}

static void declare_encoder(sites_model *m)
{
    size_t width = (size_t)m->sizes.n_trunk, latent = (size_t)m->sizes.n_latent;
    size_t joined = FRAME_COUNT + width;
    if (!m->sizes.no_graph) {
        m->attention1 =
            nn_attention_declare(&m->params, "encoder.attention1", SITES_NODE_FEATURES, SITES_POOL / 2, NN_HE);
        m->attention2 = nn_attention_declare(&m->params, "encoder.attention2", SITES_POOL / 2, SITES_POOL, NN_HE);
        m->gate = nn_linear_declare(&m->params, "encoder.gate", SITES_POOL, 1, NN_UNIFORM);
        joined += SITES_POOL;
    }
    m->posterior_hidden = sites_block_declare(&m->params, "encoder.hidden", joined, (size_t)128);
    m->posterior = nn_linear_declare(&m->params, "encoder.posterior", 128, 2 * latent, NN_ZERO);
}

static void declare_decoder(sites_model *m)
{
    size_t latent = (size_t)m->sizes.n_latent, width = (size_t)m->sizes.n_decoder, last = (size_t)m->sizes.n_last;
    const size_t widths[SITES_DECODER_BLOCKS + 1] = {latent, width / 2, width, width, last};
    for (int i = 0; i < SITES_DECODER_BLOCKS; i++) {
        char name[32];
        snprintf(name, sizeof name, "decoder.%d", i);
        m->decoder[i] = sites_block_declare(&m->params, name, widths[i], widths[i + 1]);
    }
    m->frame_logits = nn_linear_declare(&m->params, "frames", last, FRAME_COUNT, NN_UNIFORM);
    for (int k = 0; k < FRAME_COUNT; k++) {
        char name[64];
        snprintf(name, sizeof name, "sites.%s", m->frames->frame[k].name);
        for (char *c = name; *c; c++)
            *c = *c == ' ' ? '_' : *c;
        m->site_logits[k] = nn_linear_declare(&m->params, name, last, m->frames->frame[k].n_sites, NN_UNIFORM);
    }
    m->map_hidden = nn_linear_declare(&m->params, "map.hidden", 2, SITES_MAP_HIDDEN, NN_HE);
    m->map_output = nn_linear_declare(&m->params, "map.output", SITES_MAP_HIDDEN, SITES_MAP_OUTPUTS, NN_UNIFORM);
    m->map_packing = nn_linear_declare(&m->params, "map.packing", 2, 1, NN_UNIFORM);
}

deepstruc_status sites_model_create(sites_model **out, const frame_set *frames, const sites_sizes *sizes, bool training,
                                    deepstruc_diag *diag)
{
    const long most = 1 << 14;
    if (!(sizes->n_latent >= 2 && sizes->n_latent <= 256 && sizes->n_trunk >= 8 && sizes->n_trunk <= most &&
          sizes->n_decoder >= 8 && sizes->n_decoder <= most && sizes->n_last >= 8 && sizes->n_last <= most))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a layer's width is outside of its range");
    sites_model *m = memory_zeroed(1, sizeof *m);
    if (!m)
        return diag_no_memory(diag);
    m->sizes = *sizes;
    m->frames = frames;
    declare_trunk(m);
    declare_encoder(m);
    declare_decoder(m);
    deepstruc_status status = nn_params_allocate(&m->params, training, diag);
    if (status == DEEPSTRUC_OK && !envelope_create(&m->envelope))
        status = diag_no_memory(diag);
    if (status != DEEPSTRUC_OK) {
        sites_model_destroy(m);
        return status;
    }
    *out = m;
    return DEEPSTRUC_OK;
}

void sites_model_destroy(sites_model *model)
{
    if (!model)
        return;
    nn_params_free(&model->params);
    envelope_destroy(model->envelope);
    free(model->map);
    free(model);
}

/* ---- buffers ---------------------------------------------------------------------------------------------------- */

static size_t most_sites(const sites_model *m)
{
    size_t most = 0;
    for (int k = 0; k < FRAME_COUNT; k++)
        most = m->frames->frame[k].n_sites > most ? m->frames->frame[k].n_sites : most;
    return most;
}

static void carve_inference(sites_buffers *b, const sites_model *m, bool training)
{
    nn_workspace *w = &b->workspace;
    size_t n = b->max_rows, latent = (size_t)m->sizes.n_latent;
    b->x = nn_carve(w, n, STREAM_INPUTS);
    for (int i = 0; i < SITES_TRUNK_BLOCKS; i++)
        b->trunk[i] = sites_block_carve(w, &m->trunk[i], n, training);
    for (int i = 0; i < SITES_DECODER_BLOCKS; i++)
        b->decoder[i] = sites_block_carve(w, &m->decoder[i], n, training);
    b->prior = nn_carve(w, n, 2 * latent);
    b->facts = nn_carve(w, n, SITES_FACTS);
    b->mean = nn_carve(w, n, latent);
    b->log_var = nn_carve(w, n, latent);
    b->z = nn_carve(w, n, latent);
    b->noise = nn_carve(w, n, latent);
    b->frame_logits = nn_carve(w, n, FRAME_COUNT);
    b->site_logits = nn_carve(w, n, most_sites(m));
    b->sorted = nn_carve(w, n, (size_t)m->sizes.n_last);
}

static void carve_graphs(sites_buffers *b, const sites_model *m)
{
    nn_workspace *w = &b->workspace;
    size_t n = b->max_graphs, nodes = b->max_nodes;
    b->node = nn_carve(w, nodes, SITES_NODE_FEATURES);
    b->hidden1 = nn_carve(w, nodes, SITES_POOL / 2);
    b->hidden2 = nn_carve(w, nodes, SITES_POOL);
    b->dhidden1 = nn_carve(w, nodes, SITES_POOL / 2);
    b->dhidden2 = nn_carve(w, nodes, SITES_POOL);
    b->gate = nn_carve(w, nodes, 1);
    b->dgate = nn_carve(w, nodes, 1);
    b->alpha = nn_carve(w, nodes, 1);
    b->pooled = nn_carve(w, n, SITES_POOL);
    b->dpooled = nn_carve(w, n, SITES_POOL);
    b->attention1 = nn_attention_carve(w, &m->attention1, nodes, b->max_edges, true);
    b->attention2 = nn_attention_carve(w, &m->attention2, nodes, b->max_edges, true);
}

static void carve_encoder(sites_buffers *b, const sites_model *m)
{
    nn_workspace *w = &b->workspace;
    size_t n = b->max_graphs, latent = (size_t)m->sizes.n_latent, joined = m->posterior_hidden.linear.n_in;
    if (!m->sizes.no_graph)
        carve_graphs(b, m);
    b->joined = nn_carve(w, n, joined);
    b->djoined = nn_carve(w, n, joined);
    b->posterior_hidden = sites_block_carve(w, &m->posterior_hidden, n, true);
    b->posterior = nn_carve(w, n, 2 * latent);
    b->dposterior = nn_carve(w, n, 2 * latent);
    real **latents[] = {&b->q_mean, &b->q_log_var, &b->dq_mean, &b->dq_log_var, &b->dp_mean, &b->dp_log_var};
    for (size_t i = 0; i < sizeof latents / sizeof *latents; i++)
        *latents[i] = nn_carve(w, n, latent);
}

static void carve_training(sites_buffers *b, const sites_model *m)
{
    nn_workspace *w = &b->workspace;
    size_t n = b->max_rows, latent = (size_t)m->sizes.n_latent;
    b->dsite_logits = nn_carve(w, n, most_sites(m));
    b->dsorted = nn_carve(w, n, (size_t)m->sizes.n_last);
    b->z_map = nn_carve(w, n, 2);
    b->dz_map = nn_carve(w, n, 2);
    b->packing = nn_carve(w, n, 1);
    b->dpacking = nn_carve(w, n, 1);
    b->dz_packing = nn_carve(w, n, 2);
    b->map_hidden = nn_carve(w, n, SITES_MAP_HIDDEN);
    b->map_silu = nn_carve(w, n, SITES_MAP_HIDDEN);
    b->map = nn_carve(w, n, SITES_MAP_OUTPUTS);
    b->dmap_hidden = nn_carve(w, n, SITES_MAP_HIDDEN);
    b->dmap_silu = nn_carve(w, n, SITES_MAP_HIDDEN);
    b->dmap = nn_carve(w, n, SITES_MAP_OUTPUTS);
    b->dprior = nn_carve(w, n, 2 * latent);
    b->dfacts = nn_carve(w, n, SITES_FACTS);
    b->dmean = nn_carve(w, n, latent);
    b->dlog_var = nn_carve(w, n, latent);
    b->dz = nn_carve(w, n, latent);
    b->dframe_logits = nn_carve(w, n, FRAME_COUNT);
    carve_encoder(b, m);
}

static void carve(sites_buffers *b, const sites_model *m, bool training)
{
    carve_inference(b, m, training);
    if (training)
        carve_training(b, m);
}

deepstruc_status sites_buffers_create(sites_buffers **out, const sites_model *model, size_t max_rows, bool training,
                                      deepstruc_diag *diag)
{
    const size_t most_atoms = 200; /* on average, of the graphs of a batch */
    sites_buffers *b = memory_zeroed(1, sizeof *b);
    if (!b)
        return diag_no_memory(diag);
    b->max_rows = max_rows;
    b->max_graphs = (max_rows + 1) / 2;
    b->max_nodes = b->max_graphs * most_atoms;
    b->max_edges = b->max_nodes * (FRAME_NEIGHBOURS + 1);
    carve(b, model, training);
    deepstruc_status status = nn_workspace_allocate(&b->workspace, diag);
    if (status != DEEPSTRUC_OK) {
        sites_buffers_destroy(b);
        return status;
    }
    carve(b, model, training);
    *out = b;
    return DEEPSTRUC_OK;
}

void sites_buffers_destroy(sites_buffers *buffers)
{
    if (!buffers)
        return;
    nn_workspace_free(&buffers->workspace);
    nn_graphs_free(&buffers->graphs);
    free(buffers);
}

/* ---- forward ---------------------------------------------------------------------------------------------------- */

real sites_log_var(real raw)
{
    return -3 + 4 * tanh(raw / 4);
}

real sites_log_var_slope(real log_var)
{
    real t = (log_var + 3) / 4;
    return 1 - t * t;
}

void sites_condition(const sites_model *m, sites_buffers *b, size_t n)
{
    const real *x = b->x;
    for (int i = 0; i < SITES_TRUNK_BLOCKS; i++) {
        sites_block_forward(&m->params, &m->trunk[i], &b->trunk[i], x, n);
        x = b->trunk[i].y;
    }
    nn_linear_forward(&m->params, &m->prior, b->prior, x, n);
    nn_linear_forward(&m->params, &m->facts, b->facts, x, n);
    size_t latent = (size_t)m->sizes.n_latent;
    nn_copy_columns(b->mean, latent, b->prior, 2 * latent, n, latent);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < latent; c++)
            b->log_var[i * latent + c] = sites_log_var(b->prior[(2 * i + 1) * latent + c]);
}

void sites_decode(const sites_model *m, sites_buffers *b, size_t n)
{
    const real *x = b->z;
    for (int i = 0; i < SITES_DECODER_BLOCKS; i++) {
        sites_block_forward(&m->params, &m->decoder[i], &b->decoder[i], x, n);
        x = b->decoder[i].y;
    }
    nn_linear_forward(&m->params, &m->frame_logits, b->frame_logits, x, n);
}

void sites_frame_logits(const sites_model *m, int k, const real *last, real *logits, size_t n)
{
    nn_linear_forward(&m->params, &m->site_logits[k], logits, last, n);
}
