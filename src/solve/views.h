/* The data as the search sees them, beside the fit's own target. */
#ifndef SOLVE_VIEWS_H
#define SOLVE_VIEWS_H

#include "solve/plan.h"

typedef struct {
    deepstruc_target *whole; /* over their whole range, up to where any instrument damps them away */
    deepstruc_target *still; /* freed of correlated motion, from the fit's start to its end or the particle's */
    size_finding size;
} data_views;

/* `target` is the fit's own and gets a note of what was found; `refine` are its settings, q range included. */
deepstruc_status data_views_create(data_views *out, deepstruc_target *target, const deepstruc_pdf *pdf,
                                   const deepstruc_refine_settings *refine, const deepstruc_solve_settings *settings,
                                   const solve_plan *plan, const deepstruc_progress *progress, deepstruc_diag *diag);
void data_views_clear(data_views *views);

/* Settings for a target over the whole range of the data, at the target's Q range, that refines `terms` (NULL: the
 * three parameters) and nothing else of what the user asked for. */
deepstruc_refine_settings views_whole(const deepstruc_refine_settings *refine, const deepstruc_target *target,
                                      const deepstruc_pdf *pdf, const char *terms);

/* Twice the farthest atom's distance from the centroid: no pair is farther apart. */
double views_extent(const deepstruc_cluster *cluster);

#endif
