#include "report/marks.h"

#include <math.h>

#include "base/text.h"

typedef enum { REGULAR, POLYGON } outline_kind;

/* Regular polygons by corners, first angle (degrees, clockwise from up) and radius; others by their corners. */
typedef struct {
    plot_colour colour;
    outline_kind kind;
    int n_corners;
    double first_degree, radius;
    double corner[12][2];
} outline;

/* Colours after Okabe & Ito and Tol's "bright" set; fcc and its octahedra share the blues as they share the lattice. */
static const outline outlines[DEEPSTRUC_N_TYPES] = {
    [DEEPSTRUC_TYPE_SC] = {{0.45, 0.45, 0.48}, REGULAR, 4, 45, 1.0},
    [DEEPSTRUC_TYPE_BCC] = {{0.55, 0.40, 0.20},
                            POLYGON,
                            12,
                            .corner = {{-0.9, -0.55},
                                       {-0.55, -0.9},
                                       {0, -0.35},
                                       {0.55, -0.9},
                                       {0.9, -0.55},
                                       {0.35, 0},
                                       {0.9, 0.55},
                                       {0.55, 0.9},
                                       {0, 0.35},
                                       {-0.55, 0.9},
                                       {-0.9, 0.55},
                                       {-0.35, 0}}},
    [DEEPSTRUC_TYPE_FCC] = {{0.00, 0.40, 0.70}, REGULAR, 28, 0, 0.85},
    [DEEPSTRUC_TYPE_HCP] = {{0.00, 0.58, 0.42}, REGULAR, 6, 0, 0.95},
    [DEEPSTRUC_TYPE_ICOSAHEDRON] = {{0.62, 0.20, 0.55}, REGULAR, 3, 0, 1.0},
    [DEEPSTRUC_TYPE_DECAHEDRON] = {{0.80, 0.20, 0.07}, REGULAR, 5, 0, 1.0},
    [DEEPSTRUC_TYPE_OCTAHEDRON] = {{0.25, 0.70, 0.92}, REGULAR, 4, 0, 1.0},
    [DEEPSTRUC_TYPE_STACKING] = {{0.93, 0.53, 0.13},
                                 POLYGON,
                                 4,
                                 .corner = {{-0.95, -0.42}, {0.95, -0.42}, {0.95, 0.42}, {-0.95, 0.42}}},
    [DEEPSTRUC_TYPE_TWIN] = {{0.82, 0.66, 0.05},
                             POLYGON,
                             6,
                             .corner = {{-0.8, -0.85}, {0.8, -0.85}, {0.12, 0}, {0.8, 0.85}, {-0.8, 0.85}, {-0.12, 0}}},
    [DEEPSTRUC_TYPE_UNKNOWN] = {{0.62, 0.62, 0.65}, REGULAR, 16, 0, 0.6},
};

report_mark report_mark_of(deepstruc_type type)
{
    const outline *from = &outlines[(unsigned)type < DEEPSTRUC_N_TYPES ? type : DEEPSTRUC_TYPE_UNKNOWN];
    report_mark mark = {.colour = from->colour, .n_corners = from->n_corners};
    for (int i = 0; i < from->n_corners; i++) {
        double angle = (from->first_degree + 360.0 * i / from->n_corners) * M_PI / 180;
        mark.corner[i][0] = from->kind == REGULAR ? from->radius * sin(angle) : from->corner[i][0];
        mark.corner[i][1] = from->kind == REGULAR ? -from->radius * cos(angle) : from->corner[i][1];
    }
    return mark;
}

void report_mark_draw(cairo_t *cr, double x, double y, double radius, deepstruc_type type)
{
    report_mark mark = report_mark_of(type);
    cairo_new_path(cr);
    for (int i = 0; i < mark.n_corners; i++)
        cairo_line_to(cr, x + radius * mark.corner[i][0], y + radius * mark.corner[i][1]);
    cairo_close_path(cr);
    plot_use(cr, mark.colour);
    cairo_fill_preserve(cr);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 0.4);
    cairo_stroke(cr);
}

void report_mark_path(deepstruc_type type, char out[REPORT_MARK_PATH])
{
    report_mark mark = report_mark_of(type);
    text_copy(out, REPORT_MARK_PATH, "");
    for (int i = 0; i < mark.n_corners; i++)
        text_append(out, REPORT_MARK_PATH, "%c%.3f,%.3f", i == 0 ? 'M' : 'L', mark.corner[i][0], mark.corner[i][1]);
    text_append(out, REPORT_MARK_PATH, "Z");
}

void report_colour_text(plot_colour colour, char out[8])
{
    snprintf(out, 8, "#%02x%02x%02x", (unsigned)lround(255 * colour.red), (unsigned)lround(255 * colour.green),
             (unsigned)lround(255 * colour.blue));
}
