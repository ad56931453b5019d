/* The plots of a report, each ready for plot_render. */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include <deepstruc/report.h>

#include "report/plot.h"

/* One fit: data (open circles at the points that were fitted), fit and difference (lines). */
typedef struct {
    const deepstruc_target *target;
    const deepstruc_candidate *candidate;
    size_t n; /* the lines' grid, finer than the target's */
    double rmin, rstep;
    const double *data, *calc; /* n */
} plot_fit_subject;

#define PLOT_FIT_WIDTH 504.0
#define PLOT_FIT_HEIGHT 330.0
plot_draw plot_draw_fit;

/* Rw against the number of atoms, by type. `subject` is a deepstruc_solution. */
#define PLOT_MAP_WIDTH 504.0
#define PLOT_MAP_HEIGHT 350.0
plot_draw plot_draw_rw_size;

/* The candidates that such a map shows: all of them, or, of more than REPORT_MAP_ALL, the best of each type and
 * number of atoms. `shown` gets their indices, n_candidates at most, best first. */
#define REPORT_MAP_ALL 4000
size_t report_map_points(const deepstruc_solution *solution, size_t *shown);

#endif
