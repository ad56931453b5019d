/* qmin and qmax read off the data. */
#include "pdf/edges.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

/* Where edges are looked for, 1/Å. */
static const double low_to = 3.2, low_stretch = 4.0, high_from = 5, high_to = 45;
static const double candidate_step = 0.04, coarse_step = 0.05;
static const double nyquist_part = 0.98; /* of pi/step: above it nothing is seen */
static const double low_lengths[] = {0.1, 0.2, 0.35}, high_lengths[] = {0.05, 0.1, 0.2};
static const double low_noises[] = {0.001, 0.003, 0.01, 0.03}, high_noises[] = {0.001, 0.01, 0.05};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ln-likelihood gains at which an edge is believed half. */
static const double low_gain = 6, high_gain = 8;

static double strength(double gain, double half)
{
    return gain > 0 ? gain / (gain + half) : 0;
}

static deepstruc_status find_low(const edges_piece *piece, double top, deepstruc_q_edges *out, deepstruc_diag *diag)
{
    double to = fmin(low_stretch, top);
    edges_search search = {.side = EDGES_LOW,
                           .q_to = to,
                           .step = candidate_step,
                           .n_candidates = (size_t)(fmin(low_to, to - 0.8) / candidate_step),
                           .lengths = low_lengths,
                           .n_lengths = COUNT(low_lengths),
                           .noises = low_noises,
                           .n_noises = COUNT(low_noises)};
    edges_found found;
    if (!(to > 1))
        return DEEPSTRUC_OK;
    deepstruc_status status = edges_find(piece, &search, &found, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    out->qmin_strength = strength(found.gain, low_gain);
    if (out->qmin_strength > 0)
        out->qmin = found.q;
    return DEEPSTRUC_OK;
}

/* The Q around which the power that is left falls deepest within `width`; NaN when it does not fall tenfold. */
static double deepest_fall(const edges_piece *piece, double width, double *power, size_t n)
{
    enum { HALF = 4 };
    size_t w = (size_t)(width / coarse_step);
    double *left = power + n, mean = 0, best = log(10), q = NAN;
    edges_transform(piece, high_from, coarse_step, n, power);
    for (size_t i = 0; i < n; i++)
        power[i] *= power[i], mean += power[i] / (double)n;
    for (size_t i = n; i-- > 0;) {
        double sum = 0;
        for (size_t k = i < HALF ? 0 : i - HALF; k <= i + HALF && k < n; k++)
            sum += power[k];
        left[i] = fmax(sum / (2 * HALF + 1), i + 1 < n ? left[i + 1] : 0);
    }
    for (size_t i = 0; i + w < n; i++) {
        double fall = log((left[i] + 1e-12 * mean) / (left[i + w] + 1e-12 * mean));
        if (fall > best) {
            best = fall;
            q = high_from + ((double)i + 0.5 * (double)w) * coarse_step;
        }
    }
    return q;
}

/* Data that begin behind 0 begin with a step, whose waves reach far in Q: a ramp keeps them near, and the fall wide. */
static const double missing_from = 0.05, ramp_length = 2; /* Å */

static deepstruc_status find_coarse(const deepstruc_pdf *pdf, double top, double width, double *q, deepstruc_diag *diag)
{
    size_t n = top > high_from ? (size_t)((top - high_from) / coarse_step) : 0;
    if ((double)n * coarse_step < 2 * width)
        return DEEPSTRUC_OK;
    edges_piece piece;
    double *power = memory_zeroed(2 * n, sizeof *power);
    deepstruc_status status = power ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = edges_piece_create(&piece, pdf, pdf->r[0] > missing_from ? ramp_length : 0, diag);
    if (status == DEEPSTRUC_OK) {
        *q = deepest_fall(&piece, width, power, n);
        edges_piece_clear(&piece);
    }
    free(power);
    return status;
}

static deepstruc_status find_high(const edges_piece *piece, double top, deepstruc_q_edges *out, deepstruc_diag *diag)
{
    double width = piece->begin > missing_from ? 2 : 1, coarse = NAN;
    deepstruc_status status = find_coarse(piece->pdf, top, width, &coarse, diag);
    if (status != DEEPSTRUC_OK || isnan(coarse))
        return status;
    edges_found found;
    double first = fmax(coarse - 1.4 * width, high_from), last = fmin(coarse + 0.6, top);
    edges_search search = {.side = EDGES_HIGH,
                           .q_from = coarse - 2 - 0.5 * width,
                           .q_to = fmin(coarse + 1.2, top),
                           .first = first,
                           .step = candidate_step,
                           .n_candidates = (size_t)((last - first) / candidate_step) + 1,
                           .lengths = high_lengths,
                           .n_lengths = COUNT(high_lengths),
                           .noises = high_noises,
                           .n_noises = COUNT(high_noises)};
    status = edges_find(piece, &search, &found, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    out->qmax_strength = strength(found.gain, high_gain);
    if (out->qmax_strength > 0)
        out->qmax = found.q;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_pdf_find_q_edges(const deepstruc_pdf *pdf, deepstruc_q_edges *out, deepstruc_diag *diag)
{
    edges_piece piece;
    deepstruc_q_edges edges = {.qmin = NAN, .qmax = NAN};
    deepstruc_status status = edges_piece_create(&piece, pdf, 0, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double step = (piece.end - piece.begin) / (double)(piece.n - 1);
    double top = fmin(high_to, nyquist_part * M_PI / step);
    if (piece.end - piece.begin > 3) {
        status = find_low(&piece, top, &edges, diag);
        if (status == DEEPSTRUC_OK)
            status = find_high(&piece, top, &edges, diag);
    }
    edges_piece_clear(&piece);
    if (status == DEEPSTRUC_OK)
        *out = edges;
    return status;
}
