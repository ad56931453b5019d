/* How each structure type is marked in every plot: a colour and a shape, so that neither print nor colour blindness
 * hides it. The shapes recall the particles: a pentagon is a decahedron, a hexagon hcp, a diamond an octahedron. */
#ifndef REPORT_MARKS_H
#define REPORT_MARKS_H

#include <deepstruc/cluster.h>

#include "report/plot.h"

#define REPORT_MARK_CORNERS 32

typedef struct {
    plot_colour colour;
    int n_corners;
    double corner[REPORT_MARK_CORNERS][2]; /* a polygon about the origin, within the unit circle; y points down */
} report_mark;

report_mark report_mark_of(deepstruc_type type);

/* Fills the mark at (x, y) with the given radius; a thin white edge parts it from its neighbours. */
void report_mark_draw(cairo_t *cr, double x, double y, double radius, deepstruc_type type);

/* The polygon as SVG path data, "M0,-1L...Z"; the colour as "#rrggbb". */
#define REPORT_MARK_PATH 600
void report_mark_path(deepstruc_type type, char out[REPORT_MARK_PATH]);
void report_colour_text(plot_colour colour, char out[8]);

#endif
