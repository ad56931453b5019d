/* next-family.svg: what the best candidate explains that the best one of another family does not. Above, the data under
 * both fits, with the difference between the fits; below, how the misfit of each grows along r: Rw² is its end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/marks.h"
#include "report/plots.h"
#include "report/text.h"

size_t report_next_family(const deepstruc_solution *solution)
{
    const char *family = deepstruc_type_family(solution->candidate[0].cluster->type);
    size_t i = 1;
    while (i < solution->n_candidates &&
           strcmp(deepstruc_type_family(solution->candidate[i].cluster->type), family) == 0)
        i++;
    return i < solution->n_candidates ? i : solution->n_candidates;
}

static plot_colour colour_of(const plot_fit_subject *fit)
{
    return report_mark_of(fit->candidate->cluster->type).colour;
}

/* The range of data and fits, with room below for the difference of the fits; its zero is returned. */
static double heights(const plot_next_subject *next, double *low, double *high)
{
    const plot_fit_subject *best = &next->best, *other = &next->other;
    double below = INFINITY, above = -INFINITY, least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < best->n; i++) {
        below = fmin(below, fmin(best->data[i], fmin(best->calc[i], other->calc[i])));
        above = fmax(above, fmax(best->data[i], fmax(best->calc[i], other->calc[i])));
        least = fmin(least, best->calc[i] - other->calc[i]);
        most = fmax(most, best->calc[i] - other->calc[i]);
    }
    double air = 0.06 * (above - below), zero = below - air - most;
    *low = zero + least - air;
    *high = above + air;
    return zero;
}

static void draw_fits(cairo_t *cr, const plot_axes *axes, const plot_next_subject *next, double zero)
{
    const plot_fit_subject *best = &next->best, *other = &next->other;
    const deepstruc_target *target = best->target;
    plot_clip(cr, axes);
    plot_zero_line(cr, axes, 0);
    plot_zero_line(cr, axes, zero);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    plot_use(cr, plot_grey);
    cairo_set_line_width(cr, 0.75);
    for (size_t i = 0; i < target->n; i++) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, plot_x(axes, target->rmin + target->rstep * (double)i), plot_y(axes, target->g[i]), 1.8, 0,
                  2 * M_PI);
        cairo_stroke(cr);
    }
    cairo_set_line_width(cr, 1.2);
    plot_use(cr, colour_of(other));
    plot_curve(cr, axes, other->rmin, other->rstep, other->calc, other->n, 0);
    plot_use(cr, colour_of(best));
    plot_curve(cr, axes, best->rmin, best->rstep, best->calc, best->n, 0);
    plot_use(cr, plot_ink);
    cairo_set_line_width(cr, 0.9);
    for (size_t i = 0; i < best->n; i++)
        cairo_line_to(cr, plot_x(axes, best->rmin + best->rstep * (double)i),
                      plot_y(axes, zero + best->calc[i] - other->calc[i]));
    cairo_stroke(cr);
    cairo_restore(cr);
}

static double sum_of_squares(const double *value, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += value[i] * value[i];
    return sum;
}

static double misfit(const plot_fit_subject *fit)
{
    double sum = 0, whole = sum_of_squares(fit->data, fit->n);
    for (size_t i = 0; i < fit->n; i++)
        sum += (fit->data[i] - fit->calc[i]) * (fit->data[i] - fit->calc[i]);
    return whole > 0 ? sum / whole : 0;
}

static void draw_misfit(cairo_t *cr, const plot_axes *axes, const plot_fit_subject *fit)
{
    double whole = sum_of_squares(fit->data, fit->n), part = 0;
    plot_use(cr, colour_of(fit));
    cairo_set_line_width(cr, 1.3);
    for (size_t i = 0; i < fit->n && whole > 0; i++) {
        double difference = fit->data[i] - fit->calc[i];
        part += difference * difference / whole;
        cairo_line_to(cr, plot_x(axes, fit->rmin + fit->rstep * (double)i), plot_y(axes, part));
    }
    cairo_stroke(cr);
}

static void draw_name(cairo_t *cr, double right, double y, const plot_fit_subject *fit)
{
    const deepstruc_cluster *cluster = fit->candidate->cluster;
    char text[160];
    snprintf(text, sizeof text, "%s, %zu atoms, <i>R</i><sub>w</sub> = %.3f", report_shape(cluster), cluster->n_atoms,
             fit->candidate->fit.rw);
    plot_use(cr, plot_ink);
    plot_text(cr, right - 16, y, (plot_anchor){1, 0.5}, 9.5, text);
    report_mark_draw(cr, right - 5, y, 4.5, cluster->type);
}

void plot_draw_next(cairo_t *cr, const void *subject)
{
    const plot_next_subject *next = subject;
    const plot_fit_subject *best = &next->best, *other = &next->other;
    plot_axes above = {.left = 52, .top = 10, .width = PLOT_NEXT_WIDTH - 64, .height = 250};
    above.x_min = best->rmin;
    above.x_max = best->rmin + best->rstep * (double)(best->n - 1);
    double zero = heights(next, &above.y_min, &above.y_max);
    plot_axes below = above;
    below.top = above.top + above.height + 8;
    below.height = PLOT_NEXT_HEIGHT - 44 - below.top;
    below.y_min = 0;
    below.y_max = 1.08 * fmax(misfit(best), misfit(other));
    if (!(below.y_max > 0))
        below.y_max = 1;
    draw_fits(cr, &above, next, zero);
    plot_draw_axes(cr, &above, NULL, "<i>G</i> (Å<sup>−2</sup>)");
    draw_misfit(cr, &below, other);
    draw_misfit(cr, &below, best);
    plot_draw_axes(cr, &below, "<i>r</i> (Å)", "growth of <i>R</i><sub>w</sub>²");
    double right = above.left + above.width - 10;
    draw_name(cr, right, above.top + 14, best);
    draw_name(cr, right, above.top + 30, other);
    plot_use(cr, plot_ink);
    plot_text(cr, right, above.top + 46, (plot_anchor){1, 0.5}, 9.5, "black: the first fit less the second");
}
