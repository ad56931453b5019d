/* A chart of series: lines, marks or bars in one frame with a key. For the figures of a study; results of a solution
 * have plots of their own (plots.h). */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include <deepstruc/cluster.h>

#include "report/plot.h"

typedef enum { CHART_LINE, CHART_DOTS, CHART_BARS } chart_how;

typedef struct {
    const char *name; /* in the key; NULL: not there */
    chart_how how;
    plot_colour colour;
    size_t n;
    const double *x, *y;       /* not a number: left out. Bars: x is not used, bar i stands at label i */
    const unsigned char *type; /* of n dots: deepstruc_type, whose mark and colour they get; NULL: round ones */
} chart_series;

typedef struct {
    const char *x_title, *y_title; /* markup */
    size_t n_series;
    const chart_series *series;
    size_t n_labels; /* names under the frame at x = 0, 1, ... in place of numbers; 0: numbers */
    const char *const *label;
    double y_low, y_high; /* the frame reaches at least from and to these; NaN: where the data do */
    bool diagonal;        /* a dotted line y = x */
} plot_chart_subject;

#define PLOT_CHART_WIDTH 504.0
#define PLOT_CHART_HEIGHT 350.0
plot_draw plot_draw_chart;

/* Okabe and Ito's colours in a fixed order, for series. */
plot_colour chart_colour(size_t i);

/* STEM.svg and STEM.png, replacing what is there. */
deepstruc_status chart_save(const plot_chart_subject *chart, const char *stem, deepstruc_diag *diag);

#endif
