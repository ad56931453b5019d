#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "nn/attention.h"

deepstruc_status nn_graphs_append(nn_graphs *batch, const dataset_graph *graph, deepstruc_diag *diag)
{
    size_t n_nodes = batch->n_nodes + graph->n_nodes, n_edges = batch->n_edges + graph->n_edges;
    if (n_edges > UINT32_MAX)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "a batch of more than %u edges; use smaller batches", UINT32_MAX);
    if (!MEMORY_GROW(&batch->graph_begin, &batch->graph_capacity, batch->n_graphs + 2) ||
        !MEMORY_GROW(&batch->begin, &batch->begin_capacity, n_nodes + 1) ||
        !MEMORY_GROW(&batch->source, &batch->source_capacity, n_edges) ||
        !MEMORY_GROW(&batch->reverse, &batch->reverse_capacity, n_edges))
        return diag_no_memory(diag);
    for (size_t i = 0; i <= graph->n_nodes; i++)
        batch->begin[batch->n_nodes + i] = (uint32_t)batch->n_edges + graph->begin[i];
    for (size_t e = 0; e < graph->n_edges; e++) {
        batch->source[batch->n_edges + e] = (uint32_t)batch->n_nodes + graph->source[e];
        batch->reverse[batch->n_edges + e] = (uint32_t)batch->n_edges + graph->reverse[e];
    }
    batch->graph_begin[batch->n_graphs] = (uint32_t)batch->n_nodes;
    batch->graph_begin[++batch->n_graphs] = (uint32_t)n_nodes;
    batch->n_nodes = n_nodes;
    batch->n_edges = n_edges;
    return DEEPSTRUC_OK;
}

void nn_graphs_clear(nn_graphs *batch)
{
    batch->n_graphs = batch->n_nodes = batch->n_edges = 0;
}

void nn_graphs_free(nn_graphs *batch)
{
    free(batch->graph_begin);
    free(batch->begin);
    free(batch->source);
    free(batch->reverse);
    *batch = (nn_graphs){0};
}
