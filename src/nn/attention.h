/* Graph attention and attention pooling over a batch of graphs laid end to end. */
#ifndef NN_ATTENTION_H
#define NN_ATTENTION_H

#include "dataset/graph.h"
#include "nn/layers.h"

/* ---- a batch of graphs ---------------------------------------------------------------------------------------------
 */

/* As dataset_graph, with the nodes of graph g at graph_begin[g] .. graph_begin[g + 1]. */
typedef struct {
    size_t n_graphs, n_nodes, n_edges;
    uint32_t *graph_begin, *begin, *source, *reverse;
    size_t graph_capacity, begin_capacity, source_capacity, reverse_capacity;
} nn_graphs; /* {0} is an empty batch */

deepstruc_status nn_graphs_append(nn_graphs *batch, const dataset_graph *graph, deepstruc_diag *diag);
void nn_graphs_clear(nn_graphs *batch); /* keeps the memory for the next batch */
void nn_graphs_free(nn_graphs *batch);

/* ---- graph attention (GAT, one head; Velickovic et al. 2018, arXiv 1710.10903) -------------------------------- */

/* h_i = W x_i,  s_ij = LeakyReLU_0.2(a_source . h_j + a_target . h_i), alpha_ij = softmax over j in row i of s_ij,
 * y_i = sum_j alpha_ij h_j + b;  row i holds the neighbours of i and i itself. The attention acts on the narrower
 * side: where the layer widens, y = (A x) W^T + b with a . h = (W^T a) . x. */
typedef struct {
    int weight, source, target, bias; /* NAME.weight [n_out x n_in], NAME.att_src, NAME.att_dst, NAME.bias [n_out] */
    size_t n_in, n_out;
} nn_attention;

/* What backward needs of forward, and its scratch; carved for at most n nodes and n_edges edges. */
typedef struct {
    real *narrow;                    /* n x min(n_in, n_out): A x, or h */
    real *score;                     /* n x 2: a_source . h_i, a_target . h_i */
    real *alpha;                     /* n_edges */
    real *dnarrow, *dscore, *dalpha; /* as the above, for backward */
    real *vector;                    /* 4 x n_in: W^T a_source, W^T a_target and their gradients */
} nn_attention_buffers;

nn_attention nn_attention_declare(nn_params *params, const char *name, size_t n_in, size_t n_out, nn_init init);
nn_attention_buffers nn_attention_carve(nn_workspace *workspace, const nn_attention *layer, size_t n, size_t n_edges,
                                        bool training);
/* y[n x n_out] from x[n x n_in], n = graphs->n_nodes. */
void nn_attention_forward(const nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers,
                          real *y, const real *x, const nn_graphs *graphs);
void nn_attention_backward(nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers, real *dx,
                           const real *dy, const real *x, const nn_graphs *graphs);

/* ---- attention pooling (Li et al. 2016, arXiv 1511.05493) ------------------------------------------------------ */

/* y_g = sum over i in graph g of alpha_i x_i, alpha = softmax of logit within the graph. A dense layer on the values
 * commutes with the weighted mean, so callers apply it to y, to n_graphs rows instead of n_nodes. */
void nn_pool_forward(real *y, real *alpha, const real *x, const real *logit, const nn_graphs *graphs, size_t m);
void nn_pool_backward(real *dx, real *dlogit, const real *dy, const real *y, const real *alpha, const real *x,
                      const nn_graphs *graphs, size_t m);

#endif
