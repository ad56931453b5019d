/* The inner loops of the engine: one template (kernels_template.h), compiled once in plain C and once per vector unit,
 * chosen at run time. All variants agree to rounding. */
#ifndef PDF_KERNELS_H
#define PDF_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KERNELS_LANES = 8,               /* pairs, matrix columns or taps treated side by side */
    KERNELS_MOMENTS = 8,             /* of a cell: weighted sums of t^0 .. t^7 */
    KERNELS_SOURCE = 4,              /* terms of a smooth factor within a cell */
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
    double cells_per_unit; /* 1/Å: cell c holds the distances d with c <= d * cells_per_unit < c + 1 */
    double low, high;      /* Å: distances outside do not count */
    size_t n_cells;
} kernels_pairs;

/* A cell's moments, then zeros for terms that nobody has. */
typedef double kernels_moments[KERNELS_MOMENTS + KERNELS_SOURCE];

/* How cells act on a uniform grid of nodes: cell c is the (c % cells_per_node)-th between node c / cells_per_node and
 * the next. window[cell][m][p] is what moment m adds to tap p, after multiplication with the smooth factor source[c][k]
 * t^k. */
typedef struct {
    const double (*source)[KERNELS_SOURCE];
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
    /* Adds (1/d) t^m of all pairs i < j with begin <= i < end to moments[n_cells + KERNELS_LANES][KERNELS_MOMENTS],
     * 64-byte aligned; t in [-1/2, 1/2] is d's offset from its cell's middle in cells, and the last KERNELS_LANES cells
     * are scratch. True when a pair is closer than `low`, but not in one place. */
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
