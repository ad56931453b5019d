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

/* Å: many programs set G to a line or to zero at low r, and slow backgrounds live there; where the whole shows no edge,
 * what is left without that part may. */
static const double low_starts[] = {0, 1.5, 3}, high_starts[] = {0, 1.5};
static const double min_length = 3, latest_begin = 20; /* Å: of data in which anything can be seen */

/* ln-likelihood gains at which an edge is believed half. */
static const double low_gain = 6, high_gain = 12;

static double believe(double gain, double half)
{
    return gain > 0 ? gain / (gain + half) : 0;
}

static deepstruc_status find_low(const edges_piece *piece, double top, double *q, double *strength,
                                 deepstruc_diag *diag)
{
    double to = fmin(low_stretch, top);
    if (!(to > 1))
        return DEEPSTRUC_OK;
    edges_search search = {.side = EDGES_LOW,
                           .q_to = to,
                           .step = candidate_step,
                           .n_candidates = (size_t)(fmin(low_to, to - 0.8) / candidate_step),
                           .lengths = low_lengths,
                           .n_lengths = COUNT(low_lengths),
                           .noises = low_noises,
                           .n_noises = COUNT(low_noises)};
    edges_found found;
    deepstruc_status status = edges_find(piece, &search, &found, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *q = found.q;
    *strength = believe(found.gain, low_gain);
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

static deepstruc_status find_coarse(const deepstruc_pdf *pdf, double from, double top, double width, double *q,
                                    deepstruc_diag *diag)
{
    size_t n = top > high_from ? (size_t)((top - high_from) / coarse_step) : 0;
    if ((double)n * coarse_step < 2 * width)
        return DEEPSTRUC_OK;
    edges_piece piece;
    double *power = memory_zeroed(2 * n, sizeof *power);
    deepstruc_status status = power ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = edges_piece_create(&piece, pdf, from, from > missing_from ? ramp_length : 0, diag);
    if (status == DEEPSTRUC_OK) {
        *q = deepest_fall(&piece, width, power, n);
        edges_piece_clear(&piece);
    }
    free(power);
    return status;
}

static deepstruc_status find_high(const deepstruc_pdf *pdf, const edges_piece *piece, double top, double *q,
                                  double *strength, deepstruc_diag *diag)
{
    double width = piece->begin > missing_from ? 2 : 1, coarse = NAN;
    deepstruc_status status = find_coarse(pdf, piece->begin, top, width, &coarse, diag);
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
    *q = found.q;
    *strength = believe(found.gain, high_gain);
    return DEEPSTRUC_OK;
}

/* One try at one side, on the data from `from` on; a better edge than the one that is there replaces it. */
static deepstruc_status try_from(const deepstruc_pdf *pdf, double from, double top, edges_side side, double *q,
                                 double *strength, deepstruc_diag *diag)
{
    edges_piece piece;
    double found = NAN, belief = 0;
    if (!(pdf->r[pdf->n_points - 1] - fmax(from, pdf->r[0]) > min_length))
        return DEEPSTRUC_OK;
    deepstruc_status status = edges_piece_create(&piece, pdf, from, 0, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (piece.end - piece.begin > min_length)
        status = side == EDGES_LOW ? find_low(&piece, top, &found, &belief, diag)
                                   : find_high(pdf, &piece, top, &found, &belief, diag);
    edges_piece_clear(&piece);
    bool hump = side == EDGES_LOW && *q < EDGES_SMALL_ANGLE && found >= EDGES_SMALL_ANGLE && belief >= 0.5;
    if (status == DEEPSTRUC_OK && belief > 0 && (belief > *strength || hump)) {
        *q = found;
        *strength = belief;
    }
    return status;
}

deepstruc_status deepstruc_pdf_find_q_edges(const deepstruc_pdf *pdf, deepstruc_q_edges *out, deepstruc_diag *diag)
{
    if (pdf->n_points < 2)
        return diag_fail_at(diag, DEEPSTRUC_BAD_ARGUMENT, pdf->file, 0, "too few points to look for qmin and qmax");
    deepstruc_q_edges e = {.qmin = NAN, .qmax = NAN};
    deepstruc_status status = DEEPSTRUC_OK;
    if (pdf->r[0] > latest_begin) {
        *out = e;
        return DEEPSTRUC_OK;
    }
    double length = pdf->r[pdf->n_points - 1] - pdf->r[0];
    double top = fmin(high_to, nyquist_part * M_PI * (double)(pdf->n_points - 1) / length);
    for (size_t i = 0; i < COUNT(low_starts) && status == DEEPSTRUC_OK; i++)
        if ((i == 0 || low_starts[i] > pdf->r[0]) && !(e.qmin_strength >= 0.5 && e.qmin >= EDGES_SMALL_ANGLE))
            status = try_from(pdf, low_starts[i], top, EDGES_LOW, &e.qmin, &e.qmin_strength, diag);
    for (size_t i = 0; i < COUNT(high_starts) && status == DEEPSTRUC_OK; i++)
        if ((i == 0 || high_starts[i] > pdf->r[0]) && !(e.qmax_strength >= 0.5))
            status = try_from(pdf, high_starts[i], top, EDGES_HIGH, &e.qmax, &e.qmax_strength, diag);
    if (status == DEEPSTRUC_OK)
        *out = e;
    return status;
}
