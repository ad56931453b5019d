/* The structure graph of a cluster: atoms closer than a cutoff, and each atom to itself, in compressed rows. */
#ifndef DATASET_GRAPH_H
#define DATASET_GRAPH_H

#include <deepstruc/deepstruc.h>

/* Edges run from `source` to the atom whose row they stand in; the graph is undirected: edge e = (j -> i) has its
 * partner (i -> j) at reverse[e], a self loop at itself. Rows are in rising order of the source. */
typedef struct {
    size_t n_nodes, n_edges;
    uint32_t *begin;   /* n_nodes + 1: row i is begin[i] .. begin[i + 1] */
    uint32_t *source;  /* n_edges */
    uint32_t *reverse; /* n_edges */
} dataset_graph;

#define DATASET_MAX_NODES 20000 /* pairs are visited one by one */

/* The published network joins atoms closer than this times the lattice constant of the file name. */
#define DATASET_PAPER_CUTOFF 1.02

/* Joins atoms of xyz[n x 3] closer than `cutoff` (both in one unit). */
deepstruc_status dataset_graph_create(dataset_graph **out, const double *xyz, size_t n, double cutoff,
                                      deepstruc_diag *diag);
/* From a list of n_edges pairs (from[e], to[e]), in any order, one or both directions, with or without self loops. */
deepstruc_status dataset_graph_from_edges(dataset_graph **out, size_t n_nodes, const uint32_t *from, const uint32_t *to,
                                          size_t n_edges, deepstruc_diag *diag);
void dataset_graph_destroy(dataset_graph *graph);

#endif
