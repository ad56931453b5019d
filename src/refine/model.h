/* The curve of one structure under every term, and its derivatives: docs/theory-refine.md, "More terms". */
#ifndef REFINE_MODEL_H
#define REFINE_MODEL_H

#include "pdf/peaks.h"
#include "refine/distances.h"
#include "refine/terms.h"

/* What a fit varies: terms, then the amplitudes of the broad ligand term's waves. */
enum { MODEL_WAVES = 16, MODEL_MOST = TERM_N + MODEL_WAVES };

typedef struct {
    const refine_terms *terms;
    const peaks_band *band;
    distances *first, *second; /* of the structure, of the second phase (NULL: none) */
    bool counted;              /* distances that no term moves are counted once */
    double low[TERM_N], high[TERM_N];

    size_t n_free; /* free terms; behind them in every vector come n_waves amplitudes */
    term_id free[TERM_N];
    size_t n_waves;
    double wave_q[MODEL_WAVES]; /* 1/Å */

    size_t n_columns; /* of the nodes: the curve and its derivatives by `column` */
    term_id column[TERM_N];
    double *nodes, *curve[TERM_N + 1]; /* n_nodes x n_columns; n each */
    peaks_work work;
} structure_model;

/* For `cluster` times `unit`; `bond` (Å) says where the broad term ends. BAD_ARGUMENT where the structure does not
 * allow a term: axial without a unique axis. */
deepstruc_status model_create(structure_model **out, const refine_terms *terms, const peaks_band *band,
                              const deepstruc_cluster *cluster, double unit, double bond, deepstruc_diag *diag);
void model_destroy(structure_model *model);

/* Every term's value from those of the free ones. */
void model_values(const structure_model *model, const double *x, double value[TERM_N]);

/* g[n] at x[n_free + n_waves]; columns[k][n] (columns may be NULL) its derivative by x[k]. */
void model_evaluate(structure_model *model, const double *x, double *g, double *const *columns);

/* Wave k at r, with amplitude 1. */
double model_wave(const structure_model *model, size_t k, double r, double qdamp);

#endif
