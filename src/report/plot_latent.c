/* latent.svg: the model's map of the training structures, with the places of PDFs on it. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "report/marks.h"
#include "report/plots.h"

static const int n_rings = 3;

/* The points and the outermost rings, with a little air. */
static plot_axes axes_of(const plot_latent_subject *latent)
{
    plot_axes axes = plot_axes_for_points(PLOT_LATENT_WIDTH, PLOT_LATENT_HEIGHT, PLOT_KEY_WIDTH);
    for (size_t i = 0; i < latent->map->n_points; i++)
        plot_axes_show(&axes, latent->map->x[i], latent->map->y[i]);
    for (size_t i = 0; i < latent->n_places; i++) {
        const deepstruc_latent_place *place = &latent->place[i];
        double x = n_rings * place->sigma[0], y = n_rings * place->sigma[1];
        plot_axes_show(&axes, place->mean[0] - x, place->mean[1] - y);
        plot_axes_show(&axes, place->mean[0] + x, place->mean[1] + y);
    }
    plot_axes_air(&axes, 0.04, 1e-6, 1e-6);
    return axes;
}

static void draw_ring(cairo_t *cr, const plot_axes *axes, const deepstruc_latent_place *place, int n_sigma)
{
    double x = plot_x(axes, place->mean[0]), y = plot_y(axes, place->mean[1]);
    double a = plot_x(axes, place->mean[0] + n_sigma * place->sigma[0]) - x;
    double b = y - plot_y(axes, place->mean[1] + n_sigma * place->sigma[1]);
    if (!(a > 0 && b > 0))
        return;
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, a, b);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(cr); /* before the stroke, so that the pen stays round */
    cairo_stroke(cr);
}

/* White under black, so that rings and cross stand out on any crowd of points. */
static void draw_place(cairo_t *cr, const plot_axes *axes, const deepstruc_latent_place *place)
{
    double x = plot_x(axes, place->mean[0]), y = plot_y(axes, place->mean[1]);
    for (int over = 0; over < 2; over++) {
        plot_use(cr, over ? plot_ink : (plot_colour){1, 1, 1});
        for (int n_sigma = 1; n_sigma <= n_rings; n_sigma++) {
            cairo_set_line_width(cr, (over ? 0 : 1.6) + 1.6 - 0.35 * n_sigma);
            draw_ring(cr, axes, place, n_sigma);
        }
        cairo_set_line_width(cr, over ? 1.4 : 3);
        cairo_move_to(cr, x - 4, y), cairo_line_to(cr, x + 4, y);
        cairo_move_to(cr, x, y - 4), cairo_line_to(cr, x, y + 4);
        cairo_stroke(cr);
    }
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

enum { NAME_SPOTS = 12 };
static const double name_size = 9.5;

typedef struct {
    double left, top, right, bottom;
} box;

static bool overlap(const box *a, const box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* Where a name of this size may stand, the most wished for first: above its rings, below, right, left; then further and
 * further above. */
static box name_spot(const plot_axes *axes, const deepstruc_latent_place *place, double width, double height, int spot)
{
    const double air = 3;
    double x = plot_x(axes, place->mean[0]), y = plot_y(axes, place->mean[1]);
    double a = plot_x(axes, place->mean[0] + n_rings * place->sigma[0]) - x + air,
           b = y - plot_y(axes, place->mean[1] + n_rings * place->sigma[1]) + air;
    double left = x - width / 2, top = y - b - height;
    if (spot == 1)
        top = y + b;
    else if (spot == 2 || spot == 3) {
        left = spot == 2 ? x + a : x - a - width;
        top = y - height / 2;
    } else if (spot > 3)
        top -= (spot - 3) * height;
    return (box){left, top, left + width, top + height};
}

/* The first spot within the frame that is free of the names before; where there is none, above as it comes. */
static box name_box(const plot_axes *axes, const deepstruc_latent_place *place, double width, double height,
                    const box *taken, size_t n_taken)
{
    for (int spot = 0; spot < NAME_SPOTS; spot++) {
        box at = name_spot(axes, place, width, height, spot);
        bool is_free = at.left >= axes->left && at.right <= axes->left + axes->width && at.top >= axes->top &&
                       at.bottom <= axes->top + axes->height;
        for (size_t i = 0; i < n_taken && is_free; i++)
            is_free = !overlap(&at, &taken[i]);
        if (is_free)
            return at;
    }
    return name_spot(axes, place, width, height, 0);
}

static void draw_names(cairo_t *cr, const plot_axes *axes, const plot_latent_subject *latent)
{
    enum { MOST = 64 }; /* more are no longer readable; their names are drawn all the same */
    box taken[MOST];
    size_t n = 0;
    plot_use(cr, plot_ink);
    for (size_t i = 0; i < latent->n_places; i++) {
        const deepstruc_latent_place *place = &latent->place[i];
        if (!place->name || !place->name[0])
            continue;
        char *markup = g_markup_escape_text(place->name, -1);
        double width, height;
        plot_text_extent(cr, name_size, markup, &width, &height);
        box at = name_box(axes, place, width, height, taken, n);
        plot_text_over(cr, (at.left + at.right) / 2, at.top, (plot_anchor){0.5, 0}, name_size, markup);
        g_free(markup);
        if (n < MOST)
            taken[n++] = at;
    }
}

void plot_draw_latent(cairo_t *cr, const void *subject)
{
    const plot_latent_subject *latent = subject;
    const deepstruc_latent_map *map = latent->map;
    plot_axes axes = axes_of(latent);
    bool occurs[DEEPSTRUC_N_TYPES] = {false};
    plot_clip(cr, &axes);
    for (size_t i = 0; i < map->n_points; i++) {
        deepstruc_type type = map->type[i] < DEEPSTRUC_N_TYPES ? (deepstruc_type)map->type[i] : DEEPSTRUC_TYPE_UNKNOWN;
        occurs[type] = true;
        report_mark_draw(cr, plot_x(&axes, map->x[i]), plot_y(&axes, map->y[i]),
                         0.9 + 0.32 * cbrt((double)map->n_atoms[i]), type);
    }
    for (size_t i = 0; i < latent->n_places; i++)
        draw_place(cr, &axes, &latent->place[i]);
    cairo_restore(cr);
    draw_names(cr, &axes, latent);
    plot_draw_axes(cr, &axes, "First latent axis", "Second latent axis");
    plot_draw_type_key(cr, &axes, occurs);
}

deepstruc_status deepstruc_report_latent(const deepstruc_latent_map *map, const deepstruc_latent_place *place,
                                         size_t n_places, const char *path, bool force, deepstruc_diag *diag)
{
    plot_latent_subject latent = {map, place, n_places};
    return plot_write(path, force, PLOT_LATENT_WIDTH, PLOT_LATENT_HEIGHT, plot_draw_latent, &latent, diag);
}
