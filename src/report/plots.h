/* The plots of a report, each ready for plot_render. */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include <deepstruc/report.h>

#include "report/plot.h"

/* One fit: data (open circles), fit (line), their difference below. `subject` is a plot_fit_subject. */
typedef struct {
    const deepstruc_target *target;
    const double *gcalc; /* target->n */
    const deepstruc_candidate *candidate;
} plot_fit_subject;

#define PLOT_FIT_WIDTH 504.0
#define PLOT_FIT_HEIGHT 330.0
plot_draw plot_draw_fit;

#endif
