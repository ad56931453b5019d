#include "pdf/peaks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/sines.h"

/* A peak ends this many standard deviations from its middle: 2e-7 of its height. */
static const double TAIL = 5.6;
/* Nodes per half period of qmax; with widening by 2 / qmax what lies beyond the nodes' own band is 1e-7 of a peak. */
static const double NODES_PER_HALF_PERIOD = 2, WIDENING = 2;
/* Å: nodes fine enough for peaks of variance 0.0005 Å² as they are (aliases below 1e-6 up to qmax 40). */
static const double FINE_STEP = 0.025;
/* Å: how far nodes go on beyond the pairs and below 0, for the tails. */
static const double NODE_MARGIN = 2.5;

struct deepstruc_band {
    deepstruc_pdf_settings settings;
    settings_grid grid;
    double step, smooth; /* Å, Å²: of the nodes; what every peak is widened by */
    long first;          /* node j is at (first + j) step */
    size_t n_nodes, n_q;
    kernels_matrix nodes_to_q, q_to_points;
    double *envelope; /* n_points */
};

static deepstruc_status fill_tables(peaks_band *band, deepstruc_diag *diag)
{
    const settings_grid *grid = &band->grid;
    deepstruc_status status = sines_create(&band->nodes_to_q, band->n_nodes, band->n_q, diag);
    if (!status)
        status = sines_create(&band->q_to_points, band->n_q, grid->n_points, diag);
    double *scale = memory_aligned(band->n_q + 1, sizeof *scale);
    band->envelope = memory_aligned(grid->n_points, sizeof *band->envelope);
    if (!status && (!scale || !band->envelope))
        status = diag_no_memory(diag);
    if (!status) {
        for (size_t k = 0; k < band->n_q; k++) {
            double q = (double)(grid->k_min + k) * grid->qstep;
            scale[k] = band->step * exp(band->smooth * q * q / 2);
        }
        sines_fill(&band->nodes_to_q, band->first, 1, band->step, NULL, (long)grid->k_min, grid->qstep, scale,
                   band->n_q);
        for (size_t k = 0; k < band->n_q; k++)
            scale[k] = 2 / M_PI * grid->qstep * settings_cell(&band->settings, grid, grid->k_min + k);
        sines_fill(&band->q_to_points, (long)grid->k_min, 1, grid->qstep, scale, grid->first, grid->rstep, NULL,
                   grid->n_points);
        for (size_t i = 0; i < grid->n_points; i++) {
            double damped = band->settings.qdamp * peaks_r(band, i);
            band->envelope[i] = exp(-damped * damped / 2);
        }
    }
    free(scale);
    return status;
}

deepstruc_status peaks_band_create(peaks_band **out, const deepstruc_pdf_settings *settings, peaks_kind kind, int finer,
                                   deepstruc_diag *diag)
{
    deepstruc_status status = settings_check(settings, diag);
    if (status)
        return status;
    peaks_band *band = memory_zeroed(1, sizeof *band);
    if (!band)
        return diag_no_memory(diag);
    band->settings = *settings;
    status = settings_make_grid(&band->grid, settings, diag);
    if (!status) {
        settings_refine_q(&band->grid, settings, finer);
        double widening = WIDENING / settings->qmax;
        band->n_q = band->grid.n_q - band->grid.k_min;
        band->smooth = kind == PEAKS_ANY_WIDTH ? widening * widening : 0;
        band->step = kind == PEAKS_ANY_WIDTH ? M_PI / (NODES_PER_HALF_PERIOD * settings->qmax) : FINE_STEP;
        band->first = -(long)ceil(NODE_MARGIN / band->step);
        band->n_nodes = (size_t)(ceil((band->grid.r_high + NODE_MARGIN) / band->step) - (double)band->first) + 1;
        status = fill_tables(band, diag);
    }
    if (status) {
        peaks_band_destroy(band);
        return status;
    }
    *out = band;
    return DEEPSTRUC_OK;
}

void peaks_band_destroy(peaks_band *band)
{
    if (!band)
        return;
    free(band->nodes_to_q.at);
    free(band->q_to_points.at);
    free(band->envelope);
    free(band);
}

size_t peaks_n_points(const peaks_band *band)
{
    return band->grid.n_points;
}

size_t peaks_n_nodes(const peaks_band *band)
{
    return band->n_nodes;
}

double peaks_node(const peaks_band *band, size_t i_node)
{
    return (double)(band->first + (long)i_node) * band->step;
}

double peaks_r(const peaks_band *band, size_t i_point)
{
    return (double)(band->grid.first + (long)i_point) * band->grid.rstep;
}

double peaks_reach(const peaks_band *band)
{
    return band->grid.r_high;
}

const deepstruc_pdf_settings *peaks_settings(const peaks_band *band)
{
    return &band->settings;
}

void peaks_add(const peaks_band *band, double *nodes, size_t n_columns, const peaks_peak *peak, const peaks_peak *slope)
{
    enum { MOST = 64 };
    double v = peak->variance + band->smooth, tail = TAIL * sqrt(v), step = band->step;
    double from = ceil((peak->r - tail) / step) - (double)band->first,
           to = (peak->r + tail) / step - (double)band->first;
    if (!(v > 0 && to >= 0 && from < (double)band->n_nodes) || n_columns > MOST)
        return;
    size_t begin = from > 0 ? (size_t)from : 0, end = (size_t)fmin(to + 1, (double)band->n_nodes);
    /* d(w gauss(u, v)), u = node - r: gauss (dw + w u/v dr + w (u²/v - 1)/(2v) dv), a parabola in u for each column */
    double a[MOST] = {peak->weight}, b[MOST] = {0}, c[MOST] = {0};
    for (size_t k = 1; k < n_columns; k++) {
        const peaks_peak *d = &slope[k - 1];
        a[k] = d->weight - peak->weight * d->variance / (2 * v);
        b[k] = peak->weight * d->r / v;
        c[k] = peak->weight * d->variance / (2 * v * v);
    }
    /* a Gaussian on a uniform grid: its ratio from node to node changes by a constant factor */
    double u = peaks_node(band, begin) - peak->r, gauss = exp(-u * u / (2 * v)) / sqrt(2 * M_PI * v);
    double ratio = exp(-step * (2 * u + step) / (2 * v)), ratio_of_ratios = exp(-step * step / v);
    for (size_t j = begin; j < end; j++, u += step) {
        double *node = nodes + j * n_columns;
        for (size_t k = 0; k < n_columns; k++)
            node[k] += gauss * (a[k] + u * (b[k] + u * c[k]));
        gauss *= ratio;
        ratio *= ratio_of_ratios;
    }
}

/* ---- nodes -> curves -------------------------------------------------------------------------------------------- */

deepstruc_status peaks_work_create(peaks_work *out, const peaks_band *band, deepstruc_diag *diag)
{
    size_t n_f = band->nodes_to_q.panels * KERNELS_PANEL, n_out = band->q_to_points.panels * KERNELS_PANEL;
    size_t n_node = (band->n_nodes + KERNELS_LANES - 1) / KERNELS_LANES * KERNELS_LANES;
    peaks_work work = {.memory = memory_aligned(KERNELS_MOST_OUT * (n_node + n_f + n_out), sizeof *work.memory)};
    if (!work.memory)
        return diag_no_memory(diag);
    double *next = work.memory;
    for (size_t v = 0; v < KERNELS_MOST_OUT; v++) {
        work.node[v] = next;
        work.f[v] = next + n_node;
        work.out[v] = next + n_node + n_f;
        next += n_node + n_f + n_out;
    }
    *out = work;
    return DEEPSTRUC_OK;
}

void peaks_work_destroy(peaks_work *work)
{
    free(work->memory);
    *work = (peaks_work){0};
}

void peaks_curves(const peaks_band *band, peaks_work *work, const double *nodes, size_t n_columns, double *const *curve)
{
    const kernels_set *kernels = kernels_best();
    size_t n_points = band->grid.n_points;
    for (size_t first = 0; first < n_columns; first += KERNELS_MOST_OUT) {
        size_t some = n_columns - first < KERNELS_MOST_OUT ? n_columns - first : KERNELS_MOST_OUT;
        for (size_t v = 0; v < some; v++)
            for (size_t j = 0; j < band->n_nodes; j++)
                work->node[v][j] = nodes[j * n_columns + first + v];
        kernels->combine(work->f, (const double *const *)work->node, some, &band->nodes_to_q, band->n_nodes,
                         band->nodes_to_q.panels);
        kernels->combine(work->out, (const double *const *)work->f, some, &band->q_to_points, band->n_q,
                         band->q_to_points.panels);
        for (size_t v = 0; v < some; v++)
            for (size_t i = 0; i < n_points; i++)
                curve[first + v][i] = work->out[v][i] * band->envelope[i];
    }
}
