/* The figures, from the parts' data. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/report.h>

#include "base/diag.h"
#include "base/memory.h"
#include "report/chart.h"
#include "report/marks.h"
#include "study/reproduce.h"

enum { MAX_SERIES = 10, MAX_LABELS = 16 };

/* Numbers of a chart, freed together. */
typedef struct {
    size_t n;
    void *block[4 * MAX_SERIES];
    bool bad;
} store;

static void *keep(store *s, size_t n, size_t size)
{
    void *block = s->n < 4 * MAX_SERIES ? memory_zeroed(n + 1, size) : NULL;
    s->bad = s->bad || !block;
    if (block)
        s->block[s->n++] = block;
    return block;
}

static deepstruc_status finish(const plot_chart_subject *chart, const reproduction *r, const char *name, store *s,
                               deepstruc_diag *diag)
{
    char stem[4200];
    snprintf(stem, sizeof stem, "%s/%s", r->dir, name);
    deepstruc_status status = s->bad ? diag_no_memory(diag) : chart_save(chart, stem, diag);
    while (s->n > 0)
        free(s->block[--s->n]);
    return status;
}

static double number_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static double *list_of(store *s, const json_t *list, double factor, double shift)
{
    size_t n = json_array_size(list);
    double *x = keep(s, n, sizeof *x);
    for (size_t i = 0; x && i < n; i++)
        x[i] = number_of(json_array_get(list, i)) * factor + shift;
    return x;
}

/* ---- one figure each -----------------------------------------------------------------------------------------------
 */

deepstruc_status draw_types(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    store s = {0};
    const char *label[MAX_LABELS], *name;
    json_t *types = json_object_get(data, "types"), *count;
    double *y = keep(&s, MAX_LABELS, sizeof *y);
    size_t n = 0;
    json_object_foreach(types, name, count)
    {
        if (y && n < MAX_LABELS) {
            label[n] = name;
            y[n++] = number_of(count);
        }
    }
    const chart_series bars = {NULL, CHART_BARS, chart_colour(0), n, NULL, y, NULL};
    const plot_chart_subject chart = {NULL, "structures", 1, &bars, n, label, 0, NAN, false};
    return finish(&chart, r, "types", &s, diag);
}

deepstruc_status draw_pdfs(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    store s = {0};
    chart_series series[MAX_SERIES];
    const json_t *curves = json_object_get(data, "curves");
    size_t n = json_array_size(curves);
    n = n < MAX_SERIES ? n : MAX_SERIES;
    for (size_t k = 0; k < n; k++) {
        const json_t *curve = json_array_get(curves, k), *g = json_object_get(curve, "g");
        const char *type = json_string_value(json_object_get(curve, "type"));
        double top = 0;
        for (size_t i = 0; i < json_array_size(g); i++)
            top = fmax(top, number_of(json_array_get(g, i)));
        series[k] = (chart_series){type,
                                   CHART_LINE,
                                   report_mark_of(deepstruc_type_from_name(type)).colour,
                                   json_array_size(g),
                                   list_of(&s, json_object_get(curve, "r"), 1, 0),
                                   list_of(&s, g, 1 / top, (double)(n - 1 - k)),
                                   NULL};
    }
    const plot_chart_subject chart = {
        "<i>r</i> (Å)", "<i>G</i>(<i>r</i>), scaled and shifted", n, series, 0, NULL, NAN, NAN, false};
    return finish(&chart, r, "fig1b-pdfs", &s, diag);
}

deepstruc_status draw_fit(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    store s = {0};
    const json_t *list = json_object_get(data, "data");
    size_t n = json_array_size(list);
    double rmin = number_of(json_object_get(data, "rmin")), step = number_of(json_object_get(data, "rstep"));
    double *x = keep(&s, n, sizeof *x), *difference = keep(&s, n, sizeof *difference);
    double *y = list_of(&s, list, 1, 0), *fit = list_of(&s, json_object_get(data, "fit"), 1, 0), low = 0;
    for (size_t i = 0; !s.bad && i < n; i++) {
        x[i] = rmin + step * (double)i;
        low = fmin(low, y[i]);
    }
    for (size_t i = 0; !s.bad && i < n; i++)
        difference[i] = y[i] - fit[i] + 1.3 * low;
    const chart_series series[] = {{"simulated", CHART_DOTS, plot_data, n, x, y, NULL},
                                   {"decoded, fitted", CHART_LINE, plot_fit, n, x, fit, NULL},
                                   {"difference", CHART_LINE, plot_difference, n, x, difference, NULL}};
    const plot_chart_subject chart = {
        "<i>r</i> (Å)", "<i>G</i>(<i>r</i>) (Å<sup>−2</sup>)", 3, series, 0, NULL, NAN, NAN, false};
    return finish(&chart, r, "fig1c-reconstruction", &s, diag);
}

/* A map of points [x, y, type, atoms, ...] with places of PDFs. */
static deepstruc_status save_map(const json_t *points, const deepstruc_latent_place *place, size_t n_places,
                                 const reproduction *r, const char *name, deepstruc_diag *diag)
{
    static const char *const endings[] = {"svg", "png"};
    size_t n = json_array_size(points);
    if (n == 0)
        return DEEPSTRUC_OK;
    deepstruc_latent_map map = {.n_points = n,
                                .x = memory_zeroed(n, sizeof *map.x),
                                .y = memory_zeroed(n, sizeof *map.y),
                                .type = memory_zeroed(n, sizeof *map.type),
                                .n_atoms = memory_zeroed(n, sizeof *map.n_atoms)};
    deepstruc_status status = map.x && map.y && map.type && map.n_atoms ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        const json_t *one = json_array_get(points, i);
        const char *type = json_string_value(json_array_get(one, 2));
        map.x[i] = (float)number_of(json_array_get(one, 0));
        map.y[i] = (float)number_of(json_array_get(one, 1));
        map.type[i] = (unsigned char)deepstruc_type_from_name(type ? type : "");
        map.n_atoms[i] = (int32_t)json_integer_value(json_array_get(one, 3));
    }
    for (size_t k = 0; k < 2 && status == DEEPSTRUC_OK; k++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/%s.%s", r->dir, name, endings[k]);
        status = deepstruc_report_latent(&map, place, n_places, path, true, diag);
    }
    free(map.x);
    free(map.y);
    free(map.type);
    free(map.n_atoms);
    return status;
}

deepstruc_status draw_map(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    deepstruc_status status = save_map(json_object_get(data, "default-model"), NULL, 0, r, "fig2-latent-map", diag);
    return status == DEEPSTRUC_OK
               ? save_map(json_object_get(data, "deepstruc-2023"), NULL, 0, r, "fig2-latent-map-deepstruc-2023", diag)
               : status;
}

deepstruc_status draw_stacking_map(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    return save_map(json_object_get(data, "points"), NULL, 0, r, "stacking-latent-map", diag);
}

/* ---- scores by type -------------------------------------------------------------------------------------------------
 */

/* Mean of the strict error of one method's cases of one type; NaN when there is none. */
static double mean_strict(const json_t *cases, const char *method, const char *type)
{
    double sum = 0;
    size_t n = 0, i;
    const json_t *one;
    json_array_foreach(cases, i, one)
    {
        double strict = number_of(json_array_get(one, 4));
        if (strcmp(json_string_value(json_array_get(one, 0)), method) == 0 && isfinite(strict) &&
            strcmp(json_string_value(json_array_get(one, 1)), type) == 0) {
            sum += strict;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : NAN;
}

static bool occurs(const json_t *cases, const char *type)
{
    size_t i;
    const json_t *one;
    json_array_foreach(cases, i, one)
    {
        if (strcmp(json_string_value(json_array_get(one, 1)), type) == 0)
            return true;
    }
    return false;
}

deepstruc_status draw_paper(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    static const char *const all[] = {"sc", "bcc", "fcc", "hcp", "icosahedron", "decahedron", "octahedron"};
    enum { N_TYPES = 7 };
    const char *types[N_TYPES];
    store s = {0};
    chart_series series[MAX_SERIES];
    size_t n_types = 0;
    for (size_t t = 0; t < N_TYPES; t++) /* a limited run may have no case of some */
        if (occurs(json_object_get(data, "cases"), all[t]))
            types[n_types++] = all[t];
    const json_t *rows = json_object_get(json_object_get(data, "evaluation"), "rows"), *row;
    size_t n = 0, i;
    json_array_foreach(rows, i, row)
    {
        double *y = keep(&s, N_TYPES, sizeof *y);
        const char *method = json_string_value(json_object_get(row, "method"));
        if (json_object_get(row, "missing") || !y || n == MAX_SERIES)
            continue;
        for (size_t t = 0; t < n_types; t++)
            y[t] = mean_strict(json_object_get(data, "cases"), method, types[t]);
        series[n] = (chart_series){method, CHART_BARS, chart_colour(n), n_types, NULL, y, NULL};
        n++;
    }
    const plot_chart_subject chart = {NULL, "strict MAE after the fit (Å), mean", n, series, n_types, types, 0, 0.1,
                                      false};
    return finish(&chart, r, "fig3-reconstruction", &s, diag);
}

deepstruc_status draw_large(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    store s = {0};
    const json_t *cases = json_object_get(data, "cases"), *one;
    size_t n = json_array_size(cases), used = 0, i;
    double *x = keep(&s, n, sizeof *x), *y = keep(&s, n, sizeof *y);
    unsigned char *type = keep(&s, n, sizeof *type);
    json_array_foreach(cases, i, one)
    {
        double found = number_of(json_array_get(one, 3));
        if (s.bad || !isfinite(found))
            continue;
        x[used] = cbrt(number_of(json_array_get(one, 2)));
        y[used] = cbrt(found);
        type[used++] = (unsigned char)deepstruc_type_from_name(json_string_value(json_array_get(one, 1)));
    }
    const chart_series dots = {NULL, CHART_DOTS, plot_ink, used, x, y, type};
    const plot_chart_subject chart = {
        "true size, <i>N</i><sup>1/3</sup>", "found size, <i>N</i><sup>1/3</sup>", 1, &dots, 0, NULL, NAN, NAN, true};
    return finish(&chart, r, "fig4-sizes", &s, diag);
}

/* ---- lattice change, experiments ------------------------------------------------------------------------------------
 */

static double mean_of(const json_t *list)
{
    double sum = 0;
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++)
        sum += number_of(json_array_get(list, i));
    return n > 0 ? sum / (double)n : NAN;
}

deepstruc_status draw_lattice(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    static const char *const methods[] = {"default-model", "plain-cvae", "deepstruc-2023"};
    store s = {0};
    chart_series series[6];
    const json_t *steps = json_object_get(data, "steps");
    size_t n = json_array_size(steps), n_series = 0;
    for (size_t m = 0; m < 3; m++) {
        double *x = keep(&s, n, sizeof *x), *y = keep(&s, n, sizeof *y);
        bool any = false;
        for (size_t i = 0; !s.bad && i < n; i++) {
            const json_t *one = json_array_get(steps, i);
            x[i] = 100 * number_of(json_object_get(one, "change"));
            y[i] = mean_of(json_object_get(json_object_get(one, "strict"), methods[m]));
            any = any || isfinite(y[i]);
        }
        if (any) {
            series[n_series++] = (chart_series){methods[m], CHART_LINE, chart_colour(m), n, x, y, NULL};
            series[n_series++] = (chart_series){NULL, CHART_DOTS, chart_colour(m), n, x, y, NULL};
        }
    }
    const plot_chart_subject chart = {
        "change of all lengths (%)", "strict MAE after the fit (Å), mean", n_series, series, 0, NULL, 0, 0.1, false};
    return finish(&chart, r, "figS8-lattice-change", &s, diag);
}

/* Best Rw, or fitted Biso, of every method on every whole file. */
static deepstruc_status draw_by_sample(const json_t *results, const reproduction *r, const char *key, const char *title,
                                       const char *name, deepstruc_diag *diag)
{
    store s = {0};
    chart_series series[MAX_SERIES];
    const char *label[MAX_LABELS], *method[MAX_SERIES];
    double *value[MAX_SERIES];
    size_t n_labels = 0, n = 0, i;
    const json_t *one;
    json_array_foreach(results, i, one)
    {
        const char *sample = json_string_value(json_object_get(one, "sample"));
        const char *by = json_string_value(json_object_get(one, "method"));
        size_t at = 0, row = 0;
        if (strcmp(json_string_value(json_object_get(one, "variant")), "whole") != 0 ||
            number_of(json_object_get(one, "sigma")) > 3.5)
            continue;
        while (at < n_labels && strcmp(label[at], sample) != 0)
            at++;
        while (row < n && strcmp(method[row], by) != 0)
            row++;
        if (at == MAX_LABELS || row == MAX_SERIES)
            continue;
        if (at == n_labels)
            label[n_labels++] = sample;
        if (row == n) {
            method[n] = by;
            value[n] = keep(&s, MAX_LABELS, sizeof **value);
            for (size_t k = 0; value[n] && k < MAX_LABELS; k++)
                value[n][k] = NAN;
            n++;
        }
        if (value[row])
            value[row][at] = number_of(json_object_get(one, key));
    }
    for (size_t k = 0; k < n; k++)
        series[k] = (chart_series){method[k], CHART_BARS, chart_colour(k), n_labels, NULL, value[k], NULL};
    const plot_chart_subject chart = {NULL, title, n, series, n_labels, label, 0, NAN, false};
    return finish(&chart, r, name, &s, diag);
}

deepstruc_status draw_experiments(const json_t *data, const reproduction *r, deepstruc_diag *diag)
{
    enum { MOST = 16 };
    const json_t *places = json_object_get(data, "places"), *results = json_object_get(data, "results");
    deepstruc_latent_place place[MOST];
    size_t n = json_array_size(places);
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(places, i), *mean = json_object_get(one, "mean"),
                     *sigma = json_object_get(one, "sigma");
        place[i].name = json_string_value(json_object_get(one, "sample"));
        for (size_t d = 0; d < 2; d++) {
            place[i].mean[d] = number_of(json_array_get(mean, d));
            place[i].sigma[d] = number_of(json_array_get(sigma, d));
        }
    }
    char path[4200];
    snprintf(path, sizeof path, "%s/data/map.json", r->dir);
    json_t *map = json_load_file(path, 0, NULL);
    deepstruc_status status =
        save_map(json_object_get(map, "default-model"), place, n, r, "fig5-experiments-map", diag);
    json_decref(map);
    if (status == DEEPSTRUC_OK)
        status = draw_by_sample(results, r, "rw", "best <i>R</i><sub>w</sub>", "fig5-experiments-rw", diag);
    if (status == DEEPSTRUC_OK)
        status = draw_by_sample(results, r, "biso", "<i>B</i><sub>iso</sub> of the best fit (Å<sup>2</sup>)",
                                "experiments-biso", diag);
    return status;
}
