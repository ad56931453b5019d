/* An engine's inside: grids and tables that follow from the settings alone. The way from atoms to G(r), with the error
 * of each step, is section "Engine" of docs/theory-pdf.md: pairs -> cells of distances, each with its moments    kernel
 * `pairs`
 *         -> nodes, a uniform grid in r                    window 1
 *         -> the undamped F0(Q) on a uniform table         matrix 1
 *   F(Q_k) = F0(expansion Q_k) damped                      window 2 on the table
 *         -> G on coarse points                            matrix 2
 *         -> G on the r-grid                               window 3, unless the r-grid is coarse itself */
#ifndef PDF_ENGINE_PLAN_H
#define PDF_ENGINE_PLAN_H

#include "pdf/debye_window.h"
#include "pdf/kernels.h"
#include "pdf/settings.h"
#include "pdf/sines.h"

#define ENGINE_EXPANSION_MIN 0.8
#define ENGINE_EXPANSION_MAX 1.25

/* Closer pairs are no structure but may occur in one that is being made up; they are summed one by one, since 1/d is no
 * polynomial within their cells. Å */
#define ENGINE_CLOSE 0.25

enum {
    ENGINE_CELLS_PER_NODE = 2,
    ENGINE_TABLE_COEFFICIENTS = 9, /* of window 2's polynomials */
    ENGINE_OUTPUT_TAPS = 12        /* of window 3 */
};

/* Points of the r-grid that follow each other: point i stands at i rstep, or at r_high less that. */
typedef struct {
    size_t first, n;
    size_t column;                   /* of q_to_coarse: the first that they need */
    size_t first_in_block, n_blocks; /* where they start in the first coarse step, and how many they meet */
} engine_side;

struct deepstruc_engine {
    const kernels_set *kernels;
    deepstruc_pdf_settings settings;
    settings_grid grid;

    double cell; /* Å: width of a cell of distances */
    size_t n_cells;
    double (*source)[KERNELS_MOMENTS][KERNELS_MOMENTS]; /* n_cells: from moments of v to those of t, over r and over the
                                                           transform of window 2 at r */
    double spread[ENGINE_CELLS_PER_NODE][KERNELS_MOMENTS]
                 [KERNELS_TAPS];   /* window 1: what a cell's moments of t give its nodes */
    size_t n_nodes;                /* nodes 1 .. n_nodes carry weight */
    double table_step;             /* 1/Å */
    size_t n_table;                /* entries 0 .. n_table - 1 */
    sines_mirrored nodes_to_table; /* nodes from 1 on to entries 0 .. n_half / 2, whose images are n_half - entry */
    size_t n_half;
    double *table_scale; /* n_table: 1 / transform of window 1 */
    double table_window[ENGINE_TABLE_COEFFICIENTS * KERNELS_TAPS];
    debye_window source_window; /* window 2 itself, for close pairs */

    size_t n_q;                 /* Q values in use, uniform: Q_k = (k_min + k) qstep */
    engine_side here, there;    /* the r-grid below the middle of 0 .. r_high, and the image of what is above it */
    sines_mirrored q_to_coarse; /* F(Q_k) to coarse points */
    size_t per_coarse;          /* r-grid steps per coarse step; 0: the coarse points are the r-grid */
    size_t stride;              /* per_coarse rounded up to whole vectors */
    double *output;             /* ENGINE_OUTPUT_TAPS x stride: window 3 */
    double *envelope;           /* n_points: exp(-(qdamp r)^2 / 2); NULL when qdamp is 0 */
};

/* The engine of deepstruc_engine_create with a certain set of kernels, for tests. */
deepstruc_status engine_create_with(deepstruc_engine **out, const deepstruc_pdf_settings *settings,
                                    const kernels_set *kernels, deepstruc_diag *diag);

#endif
