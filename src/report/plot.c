#include "report/plot.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "report/png_image.h"

#define FONT_FAMILY "Helvetica, Arial, Liberation Sans, DejaVu Sans"
/* Sharp on screens and slides; more would spend most of a report's time on packing pixels. Print has SVG and PDF. */
#define PIXELS_PER_POINT (200.0 / 72.0)

const plot_colour plot_ink = {0.13, 0.13, 0.15};
const plot_colour plot_grey = {0.55, 0.55, 0.58};
const plot_colour plot_data = {0.0, 0.45, 0.70};
const plot_colour plot_fit = {0.80, 0.20, 0.07};
const plot_colour plot_difference = {0.0, 0.62, 0.45};

void plot_use(cairo_t *cr, plot_colour colour)
{
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

/* ---- surfaces ------------------------------------------------------------------------------------------------------
 */

static cairo_status_t take_bytes(void *closure, const unsigned char *data, unsigned length)
{
    report_bytes *bytes = closure;
    return fwrite(data, 1, length, bytes->stream) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *make_surface(plot_format format, double width, double height, report_bytes *bytes)
{
    cairo_surface_t *surface;
    switch (format) {
    case PLOT_SVG:
        surface = cairo_svg_surface_create_for_stream(take_bytes, bytes, width, height);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT);
        return surface;
    case PLOT_PDF:
        surface = cairo_pdf_surface_create_for_stream(take_bytes, bytes, width, height);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
        return surface;
    case PLOT_PNG:
        break;
    }
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * PIXELS_PER_POINT),
                                         (int)lround(height * PIXELS_PER_POINT));
    cairo_surface_set_device_scale(surface, PIXELS_PER_POINT, PIXELS_PER_POINT);
    return surface;
}

/* cairo numbers its surfaces through the life of the process and writes that number into SVG as an id that nothing
 * refers to: made 0 in place, so that a file does not depend on how many came before it. */
static void fix_surface_number(report_bytes *bytes)
{
    char *id = bytes->data ? strstr(bytes->data, "<g id=\"surface") : NULL;
    if (!id)
        return;
    for (char *digit = id + strlen("<g id=\"surface"); *digit >= '0' && *digit <= '9'; digit++)
        *digit = '0';
}

deepstruc_status plot_render(report_bytes *out, plot_format format, double width, double height, plot_draw *draw,
                             const void *subject, deepstruc_diag *diag)
{
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    cairo_surface_t *surface = make_surface(format, width, height, &bytes);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    draw(cr, subject);
    cairo_status_t drawn = cairo_status(cr);
    cairo_destroy(cr);
    if (format == PLOT_PNG && drawn == CAIRO_STATUS_SUCCESS)
        status = report_png_write(surface, PIXELS_PER_POINT, &bytes, diag);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (drawn != CAIRO_STATUS_SUCCESS)
        status = diag_fail(diag, DEEPSTRUC_NO_MEMORY, "a plot cannot be drawn: %s", cairo_status_to_string(drawn));
    if (status != DEEPSTRUC_OK) {
        report_bytes_free(&bytes);
        return status;
    }
    status = report_bytes_end(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (format == PLOT_SVG)
        fix_surface_number(&bytes);
    *out = bytes;
    return DEEPSTRUC_OK;
}

deepstruc_status plot_write(const char *path, bool force, double width, double height, plot_draw *draw,
                            const void *subject, deepstruc_diag *diag)
{
    static const struct {
        const char *ending;
        plot_format format;
    } formats[] = {{".svg", PLOT_SVG}, {".png", PLOT_PNG}, {".pdf", PLOT_PDF}};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (length < 5 || strcmp(path + length - 4, formats[i].ending) != 0)
            continue;
        report_bytes bytes;
        deepstruc_status status = plot_render(&bytes, formats[i].format, width, height, draw, subject, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        status = file_write(path, bytes.data, bytes.size, force, diag);
        report_bytes_free(&bytes);
        return status;
    }
    return diag_fail_at(diag, DEEPSTRUC_BAD_ARGUMENT, path, 0, "a picture ends in .svg, .png or .pdf");
}

/* ---- text ----------------------------------------------------------------------------------------------------------
 */

static PangoLayout *make_layout(cairo_t *cr, double size, const char *markup)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE); /* or SVG and PNG would be set differently */
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
    cairo_font_options_destroy(options);
    PangoFontDescription *font = pango_font_description_from_string(FONT_FAMILY);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_markup(layout, markup, -1);
    return layout;
}

static void show_text(cairo_t *cr, double x, double y, double angle, plot_anchor anchor, double size,
                      const char *markup)
{
    PangoLayout *layout = make_layout(cr, size, markup);
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, angle);
    cairo_move_to(cr, -anchor.across * width / PANGO_SCALE, -anchor.down * height / PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
    cairo_restore(cr);
    cairo_new_path(cr); /* pango leaves a point that the next line would start from */
    g_object_unref(layout);
}

void plot_text(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup)
{
    show_text(cr, x, y, 0, anchor, size, markup);
}

void plot_text_extent(cairo_t *cr, double size, const char *markup, double *width, double *height)
{
    PangoLayout *layout = make_layout(cr, size, markup);
    int across, down;
    pango_layout_get_size(layout, &across, &down);
    *width = (double)across / PANGO_SCALE;
    *height = (double)down / PANGO_SCALE;
    g_object_unref(layout);
}

void plot_text_over(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup)
{
    cairo_save(cr);
    cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
    for (int i = 0; i < 8; i++)
        plot_text(cr, x + 1.2 * cos(i * M_PI / 4), y + 1.2 * sin(i * M_PI / 4), anchor, size, markup);
    cairo_restore(cr);
    plot_text(cr, x, y, anchor, size, markup);
}

void plot_text_upwards(cairo_t *cr, double x, double y, plot_anchor anchor, double size, const char *markup)
{
    show_text(cr, x, y, -M_PI / 2, anchor, size, markup);
}

/* ---- axes ----------------------------------------------------------------------------------------------------------
 */

#define TICK 4.0
#define MINOR_TICK 2.2
#define NUMBER_SIZE 9.5
#define TITLE_SIZE 11.5

plot_axes plot_axes_for_points(double page_width, double page_height, double right)
{
    const double left = 52, top = 10, bottom = 44;
    return (plot_axes){.left = left,
                       .top = top,
                       .width = page_width - left - right,
                       .height = page_height - top - bottom,
                       .x_min = INFINITY,
                       .x_max = -INFINITY,
                       .y_min = INFINITY,
                       .y_max = -INFINITY};
}

void plot_axes_show(plot_axes *axes, double x, double y)
{
    axes->x_min = fmin(axes->x_min, x);
    axes->x_max = fmax(axes->x_max, x);
    axes->y_min = fmin(axes->y_min, y);
    axes->y_max = fmax(axes->y_max, y);
}

void plot_axes_air(plot_axes *axes, double share, double least_x, double least_y)
{
    double x = fmax(least_x, share * (axes->x_max - axes->x_min)),
           y = fmax(least_y, share * (axes->y_max - axes->y_min));
    axes->x_min -= x;
    axes->x_max += x;
    axes->y_min -= y;
    axes->y_max += y;
}

double plot_x(const plot_axes *axes, double x)
{
    return axes->left + axes->width * (x - axes->x_min) / (axes->x_max - axes->x_min);
}

double plot_y(const plot_axes *axes, double y)
{
    return axes->top + axes->height * (axes->y_max - y) / (axes->y_max - axes->y_min);
}

double plot_tick_step(double range, int wanted)
{
    if (!(range > 0 && isfinite(range)) || wanted < 1)
        return 1;
    double rough = range / wanted, power = pow(10, floor(log10(rough))), lead = rough / power;
    return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

/* A tick's number with as many decimals as the step needs, a true minus sign, and no negative zero. */
static void number_text(char *out, size_t size, double value, double step)
{
    int decimals = (int)fmax(0, -floor(log10(step) + 1e-9));
    if (fabs(value) < 0.5 * step)
        value = 0;
    snprintf(out, size, "%s%.*f", value < 0 ? "\u2212" : "", decimals, fabs(value));
}

/* Ticks point into the frame, on both sides; numbers stand outside, left and below. */
static void draw_x_ticks(cairo_t *cr, const plot_axes *axes, bool numbers)
{
    double step = plot_tick_step(axes->x_max - axes->x_min, (int)(axes->width / 60)), minor = step / 5;
    double bottom = axes->top + axes->height;
    for (long i = (long)ceil(axes->x_min / minor - 1e-6); (double)i * minor <= axes->x_max + 1e-6 * step; i++) {
        double x = plot_x(axes, (double)i * minor), length = i % 5 == 0 ? TICK : MINOR_TICK;
        cairo_move_to(cr, x, bottom);
        cairo_line_to(cr, x, bottom - length);
        cairo_move_to(cr, x, axes->top);
        cairo_line_to(cr, x, axes->top + length);
        cairo_stroke(cr);
        if (i % 5 == 0 && numbers) {
            char text[32];
            number_text(text, sizeof text, (double)i * minor, step);
            plot_text(cr, x, bottom + 4, (plot_anchor){0.5, 0}, NUMBER_SIZE, text);
        }
    }
}

static void draw_y_ticks(cairo_t *cr, const plot_axes *axes)
{
    double step = plot_tick_step(axes->y_max - axes->y_min, (int)(axes->height / 36)), minor = step / 5;
    double right = axes->left + axes->width;
    for (long i = (long)ceil(axes->y_min / minor - 1e-6); (double)i * minor <= axes->y_max + 1e-6 * step; i++) {
        double y = plot_y(axes, (double)i * minor), length = i % 5 == 0 ? TICK : MINOR_TICK;
        cairo_move_to(cr, axes->left, y);
        cairo_line_to(cr, axes->left + length, y);
        cairo_move_to(cr, right, y);
        cairo_line_to(cr, right - length, y);
        cairo_stroke(cr);
        if (i % 5 == 0) {
            char text[32];
            number_text(text, sizeof text, (double)i * minor, step);
            plot_text(cr, axes->left - 5, y, (plot_anchor){1, 0.5}, NUMBER_SIZE, text);
        }
    }
}

void plot_draw_axes(cairo_t *cr, const plot_axes *axes, const char *x_title, const char *y_title)
{
    cairo_save(cr);
    plot_use(cr, plot_ink);
    cairo_set_line_width(cr, 0.8);
    cairo_rectangle(cr, axes->left, axes->top, axes->width, axes->height);
    cairo_stroke(cr);
    cairo_set_line_width(cr, 0.7);
    if (!axes->x_is_named)
        draw_x_ticks(cr, axes, x_title != NULL);
    draw_y_ticks(cr, axes);
    if (x_title)
        plot_text(cr, axes->left + axes->width / 2, axes->top + axes->height + 20, (plot_anchor){0.5, 0}, TITLE_SIZE,
                  x_title);
    plot_text_upwards(cr, axes->left - 36, axes->top + axes->height / 2, (plot_anchor){0.5, 1}, TITLE_SIZE, y_title);
    cairo_restore(cr);
}

void plot_clip(cairo_t *cr, const plot_axes *axes)
{
    cairo_save(cr);
    cairo_rectangle(cr, axes->left, axes->top, axes->width, axes->height);
    cairo_clip(cr);
}

void plot_zero_line(cairo_t *cr, const plot_axes *axes, double y)
{
    cairo_save(cr);
    plot_use(cr, plot_grey);
    cairo_set_line_width(cr, 0.7);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cr, (const double[]){0, 2.6}, 2, 0); /* round caps on dashes of length 0: dots */
    cairo_move_to(cr, axes->left, plot_y(axes, y));
    cairo_line_to(cr, axes->left + axes->width, plot_y(axes, y));
    cairo_stroke(cr);
    cairo_restore(cr);
}

void plot_curve(cairo_t *cr, const plot_axes *axes, double x0, double step, const double *y, size_t n, double shift)
{
    for (size_t i = 0; i < n; i++)
        cairo_line_to(cr, plot_x(axes, x0 + step * (double)i), plot_y(axes, y[i] + shift));
    cairo_stroke(cr);
}
