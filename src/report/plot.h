/* Drawing scientific plots with cairo and pango: surfaces in memory, axes with ticks, text with markup. Lengths on the
 * page are points (1/72 inch), whatever the format. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include <cairo.h>

#include "report/bytes.h"

typedef enum { PLOT_SVG, PLOT_PNG, PLOT_PDF } plot_format;

typedef void plot_draw(cairo_t *cr, const void *subject);

/* Draws `subject` on a white page of width x height and returns the file's bytes. The same drawing gives the same
 * bytes: nothing in the file depends on the time or on what was drawn before. */
deepstruc_status plot_render(report_bytes *out, plot_format format, double width, double height, plot_draw *draw,
                             const void *subject, deepstruc_diag *diag);

/* The same into a file whose ending says the format: .svg, .png or .pdf; BAD_ARGUMENT for another. */
deepstruc_status plot_write(const char *path, bool force, double width, double height, plot_draw *draw,
                            const void *subject, deepstruc_diag *diag);

/* ---- colours: distinguishable with every common colour blindness (after Okabe & Ito and Tol) --------------------- */

typedef struct {
    double red, green, blue;
} plot_colour;

extern const plot_colour plot_ink, plot_grey, plot_data, plot_fit, plot_difference;

void plot_use(cairo_t *cr, plot_colour colour);

/* ---- text ----------------------------------------------------------------------------------------------------------
 */

/* Which point of the text's box stands at (x, y): 0 is left or top, 0.5 the middle, 1 right or bottom. */
typedef struct {
    double across, down;
} plot_anchor;

void plot_text(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup);
void plot_text_over(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup); /* haloed */
/* Width and height of the text's box. */
void plot_text_extent(cairo_t *cr, double size, const char *markup, double *width, double *height);
void plot_text_upwards(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup);

/* ---- axes ----------------------------------------------------------------------------------------------------------
 */

typedef struct {
    double left, top, width, height;   /* the frame on the page */
    double x_min, x_max, y_min, y_max; /* the data range that it shows */
    bool x_is_named;                   /* no ticks below and above: names stand there, no numbers */
} plot_axes;

/* The frame of a page of points: room for the numbers below and left, for a key of `right` on the right. It shows
 * nothing yet: plot_axes_show puts a point into its range, plot_axes_air widens that by a share, at least by `least_x`
 * and `least_y`. */
plot_axes plot_axes_for_points(double page_width, double page_height, double right);
void plot_axes_show(plot_axes *axes, double x, double y);
void plot_axes_air(plot_axes *axes, double share, double least_x, double least_y);

double plot_x(const plot_axes *axes, double x);
double plot_y(const plot_axes *axes, double y);

/* A round step (1, 2 or 5 times a power of ten) that divides `range` into about `wanted` parts. */
double plot_tick_step(double range, int wanted);

/* Frame, ticks and their numbers, and the two axis titles (markup). No x title: no numbers there either, as in a panel
 * above another. */
void plot_draw_axes(cairo_t *cr, const plot_axes *axes, const char *x_title, const char *y_title);
/* Restricts drawing to the frame until cairo_restore. */
void plot_clip(cairo_t *cr, const plot_axes *axes);
/* A dotted line across the frame at y. */
void plot_zero_line(cairo_t *cr, const plot_axes *axes, double y);
/* A line through n points; x_i = x0 + i*step. */
void plot_curve(cairo_t *cr, const plot_axes *axes, double x0, double step, const double *y, size_t n, double shift);

#endif
