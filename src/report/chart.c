#include "report/chart.h"

#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "report/marks.h"
#include "report/plots.h"

plot_colour chart_colour(size_t i)
{
    static const plot_colour colours[] = {{0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
                                          {0.80, 0.47, 0.65}, {0.90, 0.62, 0.00}, {0.34, 0.71, 0.91},
                                          {0.35, 0.35, 0.38}};
    return colours[i % (sizeof colours / sizeof *colours)];
}

static bool has_types(const plot_chart_subject *chart)
{
    for (size_t s = 0; s < chart->n_series; s++)
        if (chart->series[s].type)
            return true;
    return false;
}

static bool has_key(const plot_chart_subject *chart)
{
    bool named = has_types(chart);
    for (size_t s = 0; s < chart->n_series; s++)
        named = named || chart->series[s].name;
    return named;
}

static plot_axes axes_of(const plot_chart_subject *chart)
{
    plot_axes axes = plot_axes_for_points(PLOT_CHART_WIDTH, PLOT_CHART_HEIGHT, has_key(chart) ? 118 : 16);
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->series[s].n; i++) {
            const chart_series *series = &chart->series[s];
            double x = chart->n_labels > 0 ? (double)i : series->x[i];
            if (isfinite(x) && isfinite(series->y[i]))
                plot_axes_show(&axes, x, series->y[i]);
        }
    if (!(axes.x_max >= axes.x_min)) { /* nothing to show */
        plot_axes_show(&axes, 0, 0);
        plot_axes_show(&axes, 1, 1);
    }
    if (isfinite(chart->y_high))
        plot_axes_show(&axes, axes.x_min, chart->y_high);
    if (isfinite(chart->y_low))
        plot_axes_show(&axes, axes.x_min, chart->y_low);
    bool low_is_lowest = axes.y_min >= chart->y_low;
    plot_axes_air(&axes, 0.05, 1e-9, 1e-9);
    if (low_is_lowest) /* bars stand on the frame */
        axes.y_min = chart->y_low;
    if (chart->n_labels > 0) {
        axes.x_min = -0.6;
        axes.x_max = (double)chart->n_labels - 0.4;
        axes.x_is_named = true;
    }
    return axes;
}

static void draw_bars(cairo_t *cr, const plot_axes *axes, const chart_series *series, size_t which, size_t of)
{
    const double least = 0.8; /* of a bar's height: a value of 0 is seen beside one that is not there */
    double width = 0.8 / (double)of, zero = plot_y(axes, fmax(0, axes->y_min));
    plot_use(cr, series->colour);
    for (size_t i = 0; i < series->n; i++) {
        if (!isfinite(series->y[i]))
            continue;
        double left = plot_x(axes, (double)i - 0.4 + width * (double)which),
               right = plot_x(axes, (double)i - 0.4 + width * (double)(which + 1)),
               top = fmin(plot_y(axes, series->y[i]), zero - least);
        cairo_rectangle(cr, left + 0.5, top, right - left - 1, zero - top);
        cairo_fill(cr);
    }
}

static void draw_line(cairo_t *cr, const plot_axes *axes, const chart_series *series)
{
    plot_use(cr, series->colour);
    cairo_set_line_width(cr, 1.2);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < series->n; i++) {
        if (!isfinite(series->y[i])) {
            cairo_stroke(cr);
            continue;
        }
        cairo_line_to(cr, plot_x(axes, series->x ? series->x[i] : (double)i), plot_y(axes, series->y[i]));
    }
    cairo_stroke(cr);
}

static void draw_dots(cairo_t *cr, const plot_axes *axes, const chart_series *series, bool occurs[DEEPSTRUC_N_TYPES])
{
    for (size_t i = 0; i < series->n; i++) {
        double x = series->x ? series->x[i] : (double)i;
        if (!isfinite(series->y[i]) || !isfinite(x))
            continue;
        if (series->type) {
            occurs[series->type[i]] = true;
            report_mark_draw(cr, plot_x(axes, x), plot_y(axes, series->y[i]), 3.6, (deepstruc_type)series->type[i]);
            continue;
        }
        plot_use(cr, series->colour);
        cairo_arc(cr, plot_x(axes, x), plot_y(axes, series->y[i]), 2.4, 0, 2 * M_PI);
        cairo_fill(cr);
    }
}

static void draw_labels(cairo_t *cr, const plot_axes *axes, const plot_chart_subject *chart)
{
    plot_use(cr, plot_ink);
    bool crowded = chart->n_labels > 5; /* every second one stands lower */
    for (size_t i = 0; i < chart->n_labels; i++)
        plot_text(cr, plot_x(axes, (double)i), axes->top + axes->height + (crowded && i % 2 ? 16 : 5),
                  (plot_anchor){0.5, 0}, 9, chart->label[i]);
    if (chart->x_title)
        plot_text(cr, axes->left + axes->width / 2, axes->top + axes->height + 20, (plot_anchor){0.5, 0}, 11,
                  chart->x_title);
}

static void draw_key(cairo_t *cr, const plot_axes *axes, const plot_chart_subject *chart)
{
    double x = axes->left + axes->width + 12, y = axes->top + 10;
    for (size_t s = 0; s < chart->n_series; s++) {
        const chart_series *series = &chart->series[s];
        if (!series->name)
            continue;
        plot_use(cr, series->colour);
        if (series->how == CHART_LINE)
            cairo_rectangle(cr, x - 4, y - 1, 12, 2);
        else if (series->how == CHART_BARS)
            cairo_rectangle(cr, x - 2, y - 4, 8, 8);
        else
            cairo_arc(cr, x + 2, y, 2.6, 0, 2 * M_PI);
        cairo_fill(cr);
        plot_use(cr, plot_ink);
        plot_text(cr, x + 13, y, (plot_anchor){0, 0.5}, 9, series->name);
        y += 16;
    }
}

void plot_draw_chart(cairo_t *cr, const void *subject)
{
    const plot_chart_subject *chart = subject;
    plot_axes axes = axes_of(chart);
    bool occurs[DEEPSTRUC_N_TYPES] = {false};
    size_t n_bars = 0, bar = 0;
    for (size_t s = 0; s < chart->n_series; s++)
        n_bars += chart->series[s].how == CHART_BARS;
    plot_clip(cr, &axes);
    if (chart->diagonal) {
        double low = fmax(axes.x_min, axes.y_min), high = fmin(axes.x_max, axes.y_max);
        plot_use(cr, plot_grey);
        cairo_set_line_width(cr, 0.8);
        cairo_move_to(cr, plot_x(&axes, low), plot_y(&axes, low));
        cairo_line_to(cr, plot_x(&axes, high), plot_y(&axes, high));
        cairo_stroke(cr);
    }
    for (size_t s = 0; s < chart->n_series; s++) {
        const chart_series *series = &chart->series[s];
        if (series->how == CHART_BARS)
            draw_bars(cr, &axes, series, bar++, n_bars);
        else if (series->how == CHART_LINE)
            draw_line(cr, &axes, series);
        else
            draw_dots(cr, &axes, series, occurs);
    }
    cairo_restore(cr);
    plot_draw_axes(cr, &axes, chart->n_labels > 0 ? NULL : chart->x_title, chart->y_title);
    if (chart->n_labels > 0)
        draw_labels(cr, &axes, chart);
    if (has_types(chart))
        plot_draw_type_key(cr, &axes, occurs);
    else
        draw_key(cr, &axes, chart);
}

deepstruc_status chart_save(const plot_chart_subject *chart, const char *stem, deepstruc_diag *diag)
{
    static const struct {
        const char *ending;
        plot_format format;
    } formats[] = {{"svg", PLOT_SVG}, {"png", PLOT_PNG}};
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < 2 && status == DEEPSTRUC_OK; i++) {
        char path[4200];
        report_bytes bytes;
        snprintf(path, sizeof path, "%s.%s", stem, formats[i].ending);
        status =
            plot_render(&bytes, formats[i].format, PLOT_CHART_WIDTH, PLOT_CHART_HEIGHT, plot_draw_chart, chart, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        status = file_write(path, bytes.data, bytes.size, true, diag);
        report_bytes_free(&bytes);
    }
    return status;
}
