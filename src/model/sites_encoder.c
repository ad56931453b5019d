#include <string.h>

#include "base/diag.h"
#include "model/sites.h"

/* The graph of a shape from its frame's neighbour lists: rows rise in the site's number, each atom in its own row too.
 */
static void shape_graph(const frame *f, const frame_shape *shape, dataset_graph *graph)
{
    uint32_t node_of[FRAME_MAX_SITES], seen[FRAME_MAX_SITES] = {0};
    memset(node_of, 0xff, sizeof node_of);
    for (size_t i = 0; i < shape->n_atoms; i++)
        node_of[shape->site[i]] = (uint32_t)i;
    graph->n_nodes = shape->n_atoms;
    graph->n_edges = 0;
    for (size_t i = 0; i < shape->n_atoms; i++) {
        const uint16_t *list = f->neighbour + shape->site[i] * FRAME_NEIGHBOURS;
        bool self = false;
        graph->begin[i] = (uint32_t)graph->n_edges;
        for (size_t k = 0; k < FRAME_NEIGHBOURS && list[k] != FRAME_NOWHERE; k++) {
            if (node_of[list[k]] == UINT32_MAX)
                continue;
            if (!self && node_of[list[k]] > i) {
                graph->source[graph->n_edges++] = (uint32_t)i;
                self = true;
            }
            graph->source[graph->n_edges++] = node_of[list[k]];
        }
        if (!self)
            graph->source[graph->n_edges++] = (uint32_t)i;
    }
    graph->begin[shape->n_atoms] = (uint32_t)graph->n_edges;
    /* Rows are visited in rising order, so the partners in row j are met in rising order too. */
    for (size_t i = 0; i < shape->n_atoms; i++)
        for (uint32_t e = graph->begin[i]; e < graph->begin[i + 1]; e++) {
            uint32_t j = graph->source[e];
            graph->reverse[e] = graph->begin[j] + seen[j]++;
        }
}

static deepstruc_status append_shapes(sites_buffers *b, const frame_set *frames, const sites_targets *targets,
                                      deepstruc_diag *diag)
{
    uint32_t begin[FRAME_MAX_SITES + 1], source[FRAME_MAX_SITES * (FRAME_NEIGHBOURS + 1)],
        reverse[FRAME_MAX_SITES * (FRAME_NEIGHBOURS + 1)];
    dataset_graph graph = {.begin = begin, .source = source, .reverse = reverse};
    nn_graphs_clear(&b->graphs);
    for (size_t g = 0; g < targets->n_posterior; g++) {
        const frame_shape *shape = targets->shape[g];
        const frame *f = &frames->frame[shape->frame];
        shape_graph(f, shape, &graph);
        if (b->graphs.n_nodes + graph.n_nodes > b->max_nodes || b->graphs.n_edges + graph.n_edges > b->max_edges)
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a batch of graphs with more than %zu atoms", b->max_nodes);
        for (size_t i = 0; i < shape->n_atoms; i++) {
            const double *r = f->site[shape->site[i]];
            real *node = b->node + (b->graphs.n_nodes + i) * SITES_NODE_FEATURES;
            for (int c = 0; c < 3; c++)
                node[c] = (real)(r[c] / 3);
            node[3] = (real)(sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) / 3);
            node[4] = (real)((begin[i + 1] - begin[i] - 1) / 12.0);
        }
        deepstruc_status status = nn_graphs_append(&b->graphs, &graph, diag);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

static const real *features(const sites_buffers *b)
{
    return b->trunk[SITES_TRUNK_BLOCKS - 1].y;
}

/* The shapes' graphs, each pooled to SITES_POOL numbers. */
static deepstruc_status pool_graphs(const sites_model *m, sites_buffers *b, const sites_targets *targets,
                                    deepstruc_diag *diag)
{
    deepstruc_status status = append_shapes(b, m->frames, targets, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const nn_params *p = &m->params;
    size_t nodes = b->graphs.n_nodes;
    nn_attention_forward(p, &m->attention1, &b->attention1, b->hidden1, b->node, &b->graphs);
    nn_leaky_relu_forward(b->hidden1, b->hidden1, NN_LEAK, nodes * (SITES_POOL / 2));
    nn_attention_forward(p, &m->attention2, &b->attention2, b->hidden2, b->hidden1, &b->graphs);
    nn_leaky_relu_forward(b->hidden2, b->hidden2, NN_LEAK, nodes * SITES_POOL);
    nn_linear_forward(p, &m->gate, b->gate, b->hidden2, nodes);
    nn_pool_forward(b->pooled, b->alpha, b->hidden2, b->gate, &b->graphs, SITES_POOL);
    return DEEPSTRUC_OK;
}

static void pool_graphs_backward(sites_model *m, sites_buffers *b)
{
    nn_params *p = &m->params;
    size_t nodes = b->graphs.n_nodes;
    nn_pool_backward(b->dhidden2, b->dgate, b->dpooled, b->pooled, b->alpha, b->hidden2, &b->graphs, SITES_POOL);
    /* The gate reads hidden2 too; its share of the gradient is the outer product of dgate and the gate's weights. */
    nn_linear_backward(p, &m->gate, NULL, b->dgate, b->hidden2, nodes);
    const real *weight = nn_value(p, m->gate.weight);
    for (size_t i = 0; i < nodes; i++)
        for (size_t c = 0; c < SITES_POOL; c++)
            b->dhidden2[i * SITES_POOL + c] += b->dgate[i] * weight[c];
    nn_leaky_relu_backward(b->dhidden2, b->dhidden2, b->hidden2, NN_LEAK, nodes * SITES_POOL);
    nn_attention_backward(p, &m->attention2, &b->attention2, b->dhidden1, b->dhidden2, b->hidden1, &b->graphs);
    nn_leaky_relu_backward(b->dhidden1, b->dhidden1, b->hidden1, NN_LEAK, nodes * (SITES_POOL / 2));
    nn_attention_backward(p, &m->attention1, &b->attention1, NULL, b->dhidden1, b->node, &b->graphs);
}

/* What the posterior reads, in its columns' order: the graph (unless the model has none), the frame, the PDF. */
static size_t graph_columns(const sites_model *m)
{
    return m->sizes.no_graph ? 0 : SITES_POOL;
}

deepstruc_status sites_encode(const sites_model *m, sites_buffers *b, const sites_targets *targets,
                              deepstruc_diag *diag)
{
    size_t n = targets->n_posterior, latent = (size_t)m->sizes.n_latent, width = (size_t)m->sizes.n_trunk,
           joined = m->posterior_hidden.linear.n_in, graph = graph_columns(m);
    deepstruc_status status = graph ? pool_graphs(m, b, targets, diag) : DEEPSTRUC_OK;
    if (status != DEEPSTRUC_OK)
        return status;
    memset(b->joined, 0, n * joined * sizeof *b->joined);
    if (graph)
        nn_copy_columns(b->joined, joined, b->pooled, graph, n, graph);
    for (size_t i = 0; i < n; i++)
        b->joined[i * joined + graph + (size_t)targets->shape[i]->frame] = 1;
    nn_copy_columns(b->joined + graph + FRAME_COUNT, joined, features(b), width, n, width);
    sites_block_forward(&m->params, &m->posterior_hidden, &b->posterior_hidden, b->joined, n);
    nn_linear_forward(&m->params, &m->posterior, b->posterior, b->posterior_hidden.y, n);
    /* The posterior says what to change in the prior: it starts as the prior. */
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < latent; c++) {
            size_t mean = 2 * i * latent + c, raw = mean + latent;
            b->q_mean[i * latent + c] = b->prior[mean] + b->posterior[mean];
            b->q_log_var[i * latent + c] = sites_log_var(b->prior[raw] + b->posterior[raw]);
        }
    return DEEPSTRUC_OK;
}

void sites_encode_backward(sites_model *m, sites_buffers *b, real *dfeatures, size_t n)
{
    size_t width = (size_t)m->sizes.n_trunk, joined = m->posterior_hidden.linear.n_in, graph = graph_columns(m);
    nn_linear_backward(&m->params, &m->posterior, b->posterior_hidden.dy, b->dposterior, b->posterior_hidden.y, n);
    sites_block_backward(&m->params, &m->posterior_hidden, &b->posterior_hidden, b->djoined, b->joined, n);
    for (size_t i = 0; i < n; i++)
        nn_add(dfeatures + i * width, b->djoined + i * joined + graph + FRAME_COUNT, width);
    if (!graph)
        return;
    nn_copy_columns(b->dpooled, graph, b->djoined, joined, n, graph);
    pool_graphs_backward(m, b);
}
