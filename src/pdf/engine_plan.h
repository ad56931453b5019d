/* An engine's inside: grids and tables that follow from the settings alone. The way from atoms to G(r), with the error
 * of each step relative to a peak's height, is section "Engine" of docs/theory-pdf.md: pairs -> cells (count and two
 * moments)          pairs.h
 *         -> nodes, a uniform grid in r             window 1
 *         -> the undamped F0(Q) on a uniform table  sine matrix 1
 *   F(Q_k) = F0(expansion Q_k) damped               window 2 on the table
 *         -> G on coarse points                     sine matrix 2
 *         -> G on the r-grid                        window 3, unless the r-grid is coarse itself */
#ifndef PDF_ENGINE_PLAN_H
#define PDF_ENGINE_PLAN_H

#include "pdf/debye_window.h"
#include "pdf/settings.h"

#define ENGINE_EXPANSION_MIN 0.8
#define ENGINE_EXPANSION_MAX 1.25

enum {
    ENGINE_CELLS_PER_NODE = 32, /* window 1 is tabulated on both edges and the middle of each cell */
    ENGINE_FINE_PER_NODE = 2 * ENGINE_CELLS_PER_NODE,
    ENGINE_FRONT = DEBYE_WINDOW_TAPS / 2 /* places kept before index 0 for what a window spreads below it */
};

typedef struct {
    size_t rows, columns, stride; /* stride: columns rounded up to whole cache lines */
    double *at;                   /* rows x stride */
} engine_matrix;

struct deepstruc_engine {
    deepstruc_pdf_settings settings;
    settings_grid grid;

    double cell; /* Å: width of a cell of distances */
    size_t n_cells;
    double *source;   /* 2 n_cells + 1 edges and middles: 1/r over the transform of window 2 at r */
    double node_step; /* Å */
    size_t n_nodes;   /* nodes 1 .. n_nodes carry weight */
    double spread[ENGINE_FINE_PER_NODE][DEBYE_WINDOW_TAPS];

    double table_step;            /* 1/Å */
    size_t n_table;               /* table entries 0 .. n_table - 1 */
    engine_matrix nodes_to_table; /* row m: what node m + 1 adds to every entry */
    debye_window_polynomial table_window;

    size_t n_q;                /* Q values in use */
    double *q;                 /* n_q */
    engine_matrix q_to_coarse; /* row k: what F(Q_k) adds to every coarse point */
    long per_coarse;           /* r-grid steps per coarse step; 0: coarse points are the r-grid */
    long coarse_first;         /* number of the first coarse step */
    int output_taps;
    double *output;   /* output_taps x per_coarse: window 3 */
    double *envelope; /* n_points: exp(-(qdamp r)^2 / 2); NULL when qdamp is 0 */
};

/* out[i] = sum over k of weight[k] * matrix row k at i, i < columns. */
void engine_combine(double *out, const engine_matrix *matrix, size_t columns, const double *weight, size_t n_rows);

#endif
