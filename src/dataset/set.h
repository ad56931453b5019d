/* A data set in memory. */
#ifndef DATASET_SET_H
#define DATASET_SET_H

#include <deepstruc/dataset.h>

#include "dataset/graph.h"

typedef struct {
    char name[80], element[4];
    deepstruc_type type;
    deepstruc_split split;
    size_t n_atoms, first_atom; /* its rows of xyz */
    double bond_length;         /* Å: what it was built with */
    dataset_graph *graph;       /* atoms closer than DATASET_PAPER_CUTOFF bond lengths */
} dataset_item;

struct deepstruc_dataset {
    char protocol[32];
    size_t n, n_atoms; /* structures; atoms of all of them */
    dataset_item *item;
    double *xyz; /* n_atoms x 3, Å */
    float *pdf;  /* n x n_points: G(r) at rmin + i rstep, 1/Å² */
    size_t n_points;
    double rmin, rstep;
    double qmin, qmax, qdamp, biso; /* NaN where the file does not say */
};

/* n items with room for n_atoms atoms and n_points points each, zeroed. */
deepstruc_status dataset_allocate(deepstruc_dataset **out, size_t n, size_t n_atoms, size_t n_points,
                                  deepstruc_diag *diag);
/* What a thread needs to write items: a loaded structure's workspace and a curve. */
typedef struct {
    deepstruc_scatter *scatter;
    double *g; /* n_points */
} dataset_pen;
/* Atoms and simulated PDF of item i. */
deepstruc_status dataset_place(deepstruc_dataset *dataset, size_t i, const deepstruc_cluster *cluster, dataset_pen *pen,
                               deepstruc_diag *diag);
/* Writes every step-th item of first .. last - 1 by `one`, which finds its structure in `source`; threads share them.
 */
typedef deepstruc_status dataset_place_one(deepstruc_dataset *dataset, size_t i, const void *source, dataset_pen *pen,
                                           deepstruc_diag *diag);
deepstruc_status dataset_place_range(deepstruc_dataset *dataset, size_t first, size_t last, size_t step,
                                     const deepstruc_engine *engine, dataset_place_one *one, const void *source,
                                     deepstruc_diag *diag);

/* The graphs of all items that have none, from their atoms and bond lengths. */
deepstruc_status dataset_make_graphs(deepstruc_dataset *dataset, deepstruc_diag *diag);

/* A fingerprint of everything that a file of the data set holds. */
uint64_t dataset_sum(const deepstruc_dataset *dataset);

/* The original's graph file, or a folder of them. */
deepstruc_status dataset_read_originals(deepstruc_dataset **out, const char *path, deepstruc_diag *diag);

#endif
