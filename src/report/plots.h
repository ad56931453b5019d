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
    const char *label;         /* markup under Rw; NULL: the candidate's shape and size */
} plot_fit_subject;

#define PLOT_FIT_WIDTH 504.0
#define PLOT_FIT_HEIGHT 330.0
plot_draw plot_draw_fit;

/* Rw against the number of atoms, by type. */
typedef struct {
    const deepstruc_solution *solution;
    const size_t *shown; /* n candidates, of report_map_points */
    size_t n;
} plot_rw_size_subject;

#define PLOT_MAP_WIDTH 504.0
#define PLOT_MAP_HEIGHT 350.0
plot_draw plot_draw_rw_size;

/* The best candidate beside the best of another family: where in r the data prefer the one, and how much. */
typedef struct {
    plot_fit_subject best, other; /* on one grid */
} plot_next_subject;

#define PLOT_NEXT_WIDTH 504.0
#define PLOT_NEXT_HEIGHT 430.0
plot_draw plot_draw_next;

/* The first candidate of another family than the first; n_candidates where there is none. */
size_t report_next_family(const deepstruc_solution *solution);

/* A latent map with the places of PDFs. */
typedef struct {
    const deepstruc_latent_map *map;
    const deepstruc_latent_place *place;
    size_t n_places;
} plot_latent_subject;

#define PLOT_LATENT_WIDTH 504.0
#define PLOT_LATENT_HEIGHT 400.0
plot_draw plot_draw_latent;

#define PLOT_KEY_WIDTH 114.0
/* To the right of the frame: a mark and a name for each type that occurs. */
void plot_draw_type_key(cairo_t *cr, const plot_axes *axes, const bool occurs[DEEPSTRUC_N_TYPES]);

#endif
