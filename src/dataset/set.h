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
/* The graphs of all items that have none, from their atoms and bond lengths. */
deepstruc_status dataset_make_graphs(deepstruc_dataset *dataset, deepstruc_diag *diag);

/* The original's graph file, or a folder of them. */
deepstruc_status dataset_read_originals(deepstruc_dataset **out, const char *path, deepstruc_diag *diag);

#endif
