/* The distances of a structure that may be stretched along an axis, shell by shell, and cut to a distribution of sizes:
 * counted into fine cells, from which the curve is made (docs/theory-refine.md, R7 to R10). */
#ifndef REFINE_DISTANCES_H
#define REFINE_DISTANCES_H

#include "refine/anatomy.h"

enum {
    DISTANCES_MODES = 3,                    /* displacements: along the axis, of the outer shell, of the second */
    DISTANCES_SLOPES = DISTANCES_MODES + 2, /* derivatives by those and by the two parameters of the sizes */
    DISTANCES_CLASSES = 6                   /* pairs of shells (0,0) (0,1) (1,1) (0,2) (1,2) (2,2) */
};

/* What a cell keeps of its pairs: weights are 1/r times the share of the particles that hold the pair. */
typedef struct {
    double weight, t, tt;           /* sums of w, w t and w t², t in [-1, 1] a distance's place in its cell */
    double slope[DISTANCES_SLOPES]; /* sums of w dr for the displacements, of dw for the sizes */
} distances_cell;

typedef struct {
    double mode[DISTANCES_MODES]; /* relative: 0.01 moves an atom by 1 % of its place */
    double size, spread;          /* Å; of ln size. NaN: one size, that of the structure */
} distances_shape;

typedef struct {
    size_t n_atoms;
    double *xyz; /* n_atoms x 3, Å, from the centroid */
    anatomy parts;
    bool by_shell; /* pairs are sorted by their shells; else all are class 0 */
    double reach;  /* Å: pairs that the undistorted structure has within it count */
    double cell;   /* Å */
    size_t n_cells;
    distances_cell *cells; /* n_classes x n_cells */
    size_t n_classes;
    double n_effective, d_effective[2]; /* atoms per particle, and by size and spread */
    double shortest;                    /* Å: of the undistorted structure */
    double *moved, *share; /* n_atoms x 3; n_atoms x 3: share of particles that hold an atom, and by size and spread */
} distances;

/* Pairs of `cluster` times `unit`, in cells of which several fit into the shortest wave, 2 pi / qmax. BAD_ARGUMENT for
 * fewer than two atoms. */
deepstruc_status distances_create(distances **out, const deepstruc_cluster *cluster, double unit, double reach,
                                  double qmax, bool by_shell, deepstruc_diag *diag);
void distances_destroy(distances *d);

/* Counts the pairs of the given shape. */
void distances_count(distances *d, const distances_shape *shape);

/* Where the atoms of the shape are, without its sizes: n_atoms x 3, Å, from the centroid. */
void distances_place(const distances *d, const distances_shape *shape, double *xyz);

#endif
