/* A structure in an engine. */
#ifndef PDF_ENGINE_SCATTER_H
#define PDF_ENGINE_SCATTER_H

#include "pdf/engine_orbits.h"
#include "pdf/engine_plan.h"

struct deepstruc_scatter {
    const deepstruc_engine *engine;
    size_t n_atoms, capacity; /* capacity: atoms that x, y, z hold, padding apart */
    double *positions;        /* x, y and z: a place in front, the atoms, KERNELS_LANES atoms far away */
    double *x, *y, *z;        /* Å: the first atom's */
    engine_orbits orbits;
    double diagonal;                     /* Å: no distance is larger */
    double *moments;                     /* n_cells + KERNELS_LANES cells */
    kernels_moments *total;              /* n_cells */
    double *node;                        /* node -(KERNELS_FRONT - 1) first */
    double *table;                       /* F0; entry -KERNELS_FRONT first */
    double *half[2];                     /* of the table, as its sines give it */
    double *place, *value, *slope;       /* n_q */
    double *f[KERNELS_MOST_OUT];         /* n_q: F and its derivatives by expansion and Biso */
    double *sorting;                     /* n_q or n_nodes: room to sort by kind */
    double *coarse[2][KERNELS_MOST_OUT]; /* here and there */
    double *dense;                       /* n_blocks x stride */
};

#endif
