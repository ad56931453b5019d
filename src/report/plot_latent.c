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

/* The names beside their outermost rings, or inside where the frame ends. */
static void draw_place_name(cairo_t *cr, const plot_axes *axes, const deepstruc_latent_place *place)
{
    if (!place->name || !place->name[0])
        return;
    char *markup = g_markup_escape_text(place->name, -1);
    double top = plot_y(axes, place->mean[1] + n_rings * place->sigma[1]);
    bool inside = top < axes->top + 16;
    plot_use(cr, plot_ink);
    plot_text_over(cr, plot_x(axes, place->mean[0]), inside ? axes->top + 4 : top - 3,
                   (plot_anchor){0.5, inside ? 0 : 1}, 9.5, markup);
    g_free(markup);
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
    for (size_t i = 0; i < latent->n_places; i++)
        draw_place_name(cr, &axes, &latent->place[i]);
    plot_draw_axes(cr, &axes, "First latent axis", "Second latent axis");
    plot_draw_type_key(cr, &axes, occurs);
}

deepstruc_status deepstruc_report_latent(const deepstruc_latent_map *map, const deepstruc_latent_place *place,
                                         size_t n_places, const char *path, bool force, deepstruc_diag *diag)
{
    plot_latent_subject latent = {map, place, n_places};
    return plot_write(path, force, PLOT_LATENT_WIDTH, PLOT_LATENT_HEIGHT, plot_draw_latent, &latent, diag);
}
