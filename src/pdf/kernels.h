/* The inner loops of the engine: one template (kernels_template.h), compiled once in plain C and once per vector unit,
 * chosen at run time. All variants agree to rounding. */
#ifndef PDF_KERNELS_H
#define PDF_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KERNELS_LANES = 8,               /* pairs, matrix columns or taps treated side by side */
    KERNELS_MOMENTS = 8,             /* of a cell: sums of v^0 .. v^7 */
    KERNELS_TAPS = 16,               /* of the windows */
    KERNELS_PANEL = 32,              /* matrix columns that are stored together */
    KERNELS_MOST_OUT = 3,            /* vectors that one matrix is multiplied with at a time */
    KERNELS_FRONT = KERNELS_TAPS / 2 /* places kept before index 0 for what a window touches below it */
};

/* Atoms whose arrays have KERNELS_LANES more entries than atoms, all of them KERNELS_FAR_AWAY. */
#define KERNELS_FAR_AWAY 3e150
typedef struct {
    const double *x, *y, *z; /* Å */
    size_t n_atoms;
    double cell;      /* Å: the middle of cell c stands at (c + 1/2) cell */
    double low, high; /* Å: distances outside do not count */
    size_t n_cells;
} kernels_pairs;

/* The farthest that a distance lies from the middle of its cell, in cells: somewhat more than 1/2, because it is a
 * quick estimate of the root that chooses the cell. */
#define KERNELS_REACH 0.6

typedef double kernels_moments[KERNELS_MOMENTS];

/* How cells act on a uniform grid of nodes: cell c is the (c % cells_per_node)-th between node c / cells_per_node and
 * the next. source[c][m][k] is what its moment m, of v, adds to a moment k of t, the distance from the middle in cells;
 * window[cell][k][p] is what that moment adds to tap p. */
typedef struct {
    const double (*source)[KERNELS_MOMENTS][KERNELS_MOMENTS];
    const double (*window)[KERNELS_MOMENTS][KERNELS_TAPS];
    size_t cells_per_node;
} kernels_spread;

/* A matrix in panels of KERNELS_PANEL columns: entry (row, column) stands at
 * [(column / PANEL * rows + row) * PANEL + column % PANEL]. */
typedef struct {
    size_t rows, panels;
    double *at;
} kernels_matrix;

typedef struct {
    const char *name;
    /* Adds v^m of all pairs i < j with begin <= i < end to moments[n_cells + KERNELS_LANES][KERNELS_MOMENTS], 64-byte
     * aligned, the last KERNELS_LANES cells scratch: v = d^2 - middle^2, Å^2, for the distance d and the middle of its
     * cell. No root of full precision is taken: sin(Qd)/d is as smooth in d^2 as in d. True when a pair is closer than
     * `low`, but not in one place. */
    bool (*pairs)(const kernels_pairs *job, size_t begin, size_t end, double *moments);
    /* node[c / cells_per_node + p] += what the moments of every cell c < n_cells add to tap p. */
    void (*spread)(double *node, const kernels_moments *total, size_t n_cells, const kernels_spread *how);
    /* out[v][column] = sum over k < n_rows of weight[v][k] * matrix(k, column), for v < n_out and every column of the
     * first n_panels panels. */
    void (*combine)(double *const *out, const double *const *weight, size_t n_out, const kernels_matrix *matrix,
                    size_t n_rows, size_t n_panels);
    /* Reads a table at place[k] (>= 0, in steps) through a window of KERNELS_TAPS taps given as n_coefficients
     * polynomials (debye_window_fit over a whole step): value[k] and, unless NULL, slope[k] per step.
     * table[KERNELS_FRONT] is entry 0. */
    void (*read)(double *value, double *slope, const double *place, size_t n, const double *table,
                 const double *coefficient, size_t n_coefficients);
    /* out[b * stride + l] = sum over p < taps of from[b + p] * weight[p * stride + l], b < n_blocks; stride is a
     * multiple of KERNELS_LANES. */
    void (*refine)(double *out, const double *from, size_t n_blocks, const double *weight, size_t taps, size_t stride);
} kernels_set;

/* The fastest set that this processor runs. */
const kernels_set *kernels_best(void);
/* Every compiled set that this processor runs, the plain one first; NULL from `kernels_count` on. For tests. */
const kernels_set *kernels_nth(size_t n);

#endif
