#include "dataset/graph.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static deepstruc_status allocate(dataset_graph **out, size_t n_nodes, size_t max_edges, deepstruc_diag *diag)
{
    dataset_graph *graph = memory_zeroed(1, sizeof *graph);
    if (!graph)
        return diag_no_memory(diag);
    graph->n_nodes = n_nodes;
    graph->begin = memory_zeroed(n_nodes + 2, sizeof *graph->begin);
    graph->source = memory_zeroed(max_edges, sizeof *graph->source);
    graph->reverse = memory_zeroed(max_edges, sizeof *graph->reverse);
    if (!graph->begin || !graph->source || !graph->reverse) {
        dataset_graph_destroy(graph);
        return diag_no_memory(diag);
    }
    *out = graph;
    return DEEPSTRUC_OK;
}

/* Sorts each row and drops what stands there twice. */
static void tidy_rows(dataset_graph *graph)
{
    uint32_t n_kept = 0, first = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        uint32_t last = graph->begin[i + 1], row = n_kept;
        qsort(graph->source + first, last - first, sizeof *graph->source, by_value);
        for (uint32_t e = first; e < last; e++)
            if (n_kept == row || graph->source[n_kept - 1] != graph->source[e])
                graph->source[n_kept++] = graph->source[e];
        first = last;
        graph->begin[i + 1] = n_kept;
    }
    graph->n_edges = n_kept;
}

static void find_partners(dataset_graph *graph)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        for (uint32_t e = graph->begin[i]; e < graph->begin[i + 1]; e++) {
            uint32_t j = graph->source[e], *row = graph->source + graph->begin[j];
            uint32_t *partner = bsearch(&i, row, graph->begin[j + 1] - graph->begin[j], sizeof *row, by_value);
            graph->reverse[e] = (uint32_t)(partner - graph->source);
        }
}

deepstruc_status dataset_graph_from_edges(dataset_graph **out, size_t n_nodes, const uint32_t *from, const uint32_t *to,
                                          size_t n_edges, deepstruc_diag *diag)
{
    if (n_nodes == 0 || n_nodes > DATASET_MAX_NODES || n_edges > (size_t)1 << 28)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "a graph of %zu atoms and %zu edges; at most %d atoms are read",
                         n_nodes, n_edges, DATASET_MAX_NODES);
    for (size_t e = 0; e < n_edges; e++)
        if (from[e] >= n_nodes || to[e] >= n_nodes)
            return diag_fail(diag, DEEPSTRUC_BAD_INPUT, "edge %zu joins atoms %u and %u, but there are only %zu", e,
                             from[e], to[e], n_nodes);
    dataset_graph *graph = NULL;
    deepstruc_status status = allocate(&graph, n_nodes, n_nodes + 2 * n_edges, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    /* Counting sort into rows: begin[i + 2] counts row i, becomes its start at begin[i + 1], and its end by filling. */
    uint32_t *begin = graph->begin;
    for (size_t i = 0; i < n_nodes; i++)
        begin[i + 2] = 1;
    for (size_t e = 0; e < n_edges; e++) {
        begin[from[e] + 2]++;
        begin[to[e] + 2]++;
    }
    for (size_t i = 1; i < n_nodes + 2; i++)
        begin[i] += begin[i - 1];
    for (uint32_t i = 0; i < n_nodes; i++)
        graph->source[begin[i + 1]++] = i;
    for (size_t e = 0; e < n_edges; e++) {
        graph->source[begin[from[e] + 1]++] = to[e];
        graph->source[begin[to[e] + 1]++] = from[e];
    }
    tidy_rows(graph);
    find_partners(graph);
    *out = graph;
    return DEEPSTRUC_OK;
}

static bool near(const double *a, const double *b, double cutoff)
{
    double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return x * x + y * y + z * z < cutoff * cutoff;
}

deepstruc_status dataset_graph_create(dataset_graph **out, const double *xyz, size_t n, double cutoff,
                                      deepstruc_diag *diag)
{
    if (n == 0 || n > DATASET_MAX_NODES || !(cutoff > 0 && isfinite(cutoff)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a graph wants 1 to %d atoms and a cutoff above 0, not %zu and %g", DATASET_MAX_NODES, n,
                         cutoff);
    uint32_t *from = NULL, *to = NULL;
    size_t n_edges = 0, from_capacity = 0, to_capacity = 0;
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (!near(xyz + 3 * i, xyz + 3 * j, cutoff))
                continue;
            if (!MEMORY_GROW(&from, &from_capacity, n_edges + 1) || !MEMORY_GROW(&to, &to_capacity, n_edges + 1)) {
                status = diag_no_memory(diag);
                break;
            }
            from[n_edges] = (uint32_t)i;
            to[n_edges++] = (uint32_t)j;
        }
    if (status == DEEPSTRUC_OK)
        status = dataset_graph_from_edges(out, n, from, to, n_edges, diag);
    free(from);
    free(to);
    return status;
}

void dataset_graph_destroy(dataset_graph *graph)
{
    if (!graph)
        return;
    free(graph->begin);
    free(graph->source);
    free(graph->reverse);
    free(graph);
}
