/* fit.svg: data, fit and difference as the field draws them. */
#include <math.h>

#include "report/plots.h"

/* Where the difference stands: below everything else, with a little air between. */
static double difference_shift(const plot_fit_subject *fit, double *low, double *high)
{
    double below = INFINITY, above = -INFINITY, difference_top = -INFINITY, difference_bottom = INFINITY;
    for (size_t i = 0; i < fit->n; i++) {
        double difference = fit->data[i] - fit->calc[i];
        below = fmin(below, fmin(fit->data[i], fit->calc[i]));
        above = fmax(above, fmax(fit->data[i], fit->calc[i]));
        difference_top = fmax(difference_top, difference);
        difference_bottom = fmin(difference_bottom, difference);
    }
    double air = 0.06 * (above - below), shift = below - air - difference_top;
    *low = shift + difference_bottom - air;
    *high = above + air;
    return shift;
}

static void draw_curves(cairo_t *cr, const plot_axes *axes, const plot_fit_subject *fit, double shift)
{
    const deepstruc_target *target = fit->target;
    plot_clip(cr, axes);
    plot_zero_line(cr, axes, 0);
    plot_zero_line(cr, axes, shift);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    plot_use(cr, plot_data);
    cairo_set_line_width(cr, 0.75);
    double radius = fmin(2.0, fmax(1.0, 0.9 * axes->width / (double)target->n));
    for (size_t i = 0; i < target->n; i++) {
        cairo_arc(cr, plot_x(axes, target->rmin + target->rstep * (double)i), plot_y(axes, target->g[i]), radius, 0,
                  2 * M_PI);
        cairo_stroke(cr);
    }
    plot_use(cr, plot_fit);
    cairo_set_line_width(cr, 1.2);
    plot_curve(cr, axes, fit->rmin, fit->rstep, fit->calc, fit->n, 0);
    plot_use(cr, plot_difference);
    cairo_set_line_width(cr, 1.0);
    for (size_t i = 0; i < fit->n; i++)
        cairo_line_to(cr, plot_x(axes, fit->rmin + fit->rstep * (double)i),
                      plot_y(axes, fit->data[i] - fit->calc[i] + shift));
    cairo_stroke(cr);
    cairo_restore(cr);
}

/* Rw and the structure in the upper right corner, the three marks under them. */
static void draw_legend(cairo_t *cr, const plot_axes *axes, const plot_fit_subject *fit)
{
    static const char *const name[] = {"data", "fit", "difference"};
    const plot_colour *const colour[] = {&plot_data, &plot_fit, &plot_difference};
    double right = axes->left + axes->width - 10, y = axes->top + 8;
    char text[160];
    plot_use(cr, plot_ink);
    snprintf(text, sizeof text, "<i>R</i><sub>w</sub> = %.3f", fit->candidate->fit.rw);
    plot_text(cr, right, y, (plot_anchor){1, 0}, 13, text);
    if (fit->label) {
        snprintf(text, sizeof text, "%s", fit->label);
    } else {
        const deepstruc_cluster *cluster = fit->candidate->cluster;
        const char *shape = cluster->shape[0] ? cluster->shape : deepstruc_type_name(cluster->type);
        snprintf(text, sizeof text, "%s, %zu atoms", shape, cluster->n_atoms);
    }
    plot_text(cr, right, y + 20, (plot_anchor){1, 0}, 9.5, text);
    for (int i = 0; i < 3; i++) {
        double line = y + 44 + 14 * i;
        plot_use(cr, plot_ink);
        plot_text(cr, right - 26, line, (plot_anchor){1, 0.5}, 9.5, name[i]);
        plot_use(cr, *colour[i]);
        cairo_set_line_width(cr, i == 0 ? 0.75 : 1.3);
        if (i == 0) {
            cairo_arc(cr, right - 10, line, 2, 0, 2 * M_PI);
        } else {
            cairo_move_to(cr, right - 20, line);
            cairo_line_to(cr, right, line);
        }
        cairo_stroke(cr);
    }
}

void plot_draw_fit(cairo_t *cr, const void *subject)
{
    const plot_fit_subject *fit = subject;
    const deepstruc_target *target = fit->target;
    plot_axes axes = {.left = 52, .top = 10, .width = PLOT_FIT_WIDTH - 64, .height = PLOT_FIT_HEIGHT - 54};
    double shift = difference_shift(fit, &axes.y_min, &axes.y_max);
    axes.x_min = target->rmin;
    axes.x_max = target->rmin + target->rstep * (double)(target->n - 1);
    draw_curves(cr, &axes, fit, shift);
    plot_draw_axes(cr, &axes, "<i>r</i> (Å)", "<i>G</i> (Å<sup>−2</sup>)");
    draw_legend(cr, &axes, fit);
}
