/* G(r) on another grid.
 *
 * A G(r) is a sine transform that ends at qmax. From points denser than pi/qmax it is known in between (Shannon), and
 * what the points hold above qmax is noise. Both follow from a regularised least-squares fit of waves with Q <= qmax to
 * the measured points of a window around each piece of the output; near the ends the window holds the points that are
 * there and no others. With more points than waves the waves are the unknowns; with fewer, their covariance
 * sin(q r)/(q r) is solved between the points (the same estimate, its dual form: Rasmussen and Williams, Gaussian
 * Processes for Machine Learning, 2006, section 2.2). Grids coarser than pi/qmax get a cubic through four points.
 */
#include <deepstruc/pdf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/resample.h"

enum {
    MAX_WINDOW_POINTS = 4096, /* finer data are thinned */
    EXTRA_WAVES = 3,          /* above qmax, so that the window represents the last ones */
    MAX_UNKNOWNS = 2000,      /* of a fit; more means a qmax that no measurement has */
};
static const double min_half_window = 1.0, max_half_window = 10; /* Å */
static const double noise = 1e-4;         /* of a point, relative to the signal: rounding in files, and no more */
static const double outside = 1e-6;       /* Å: a grid's rounding may lie that far outside of the data */
static const double nyquist_slack = 1.02; /* a grid "at pi/qmax" may be rounded upwards that much */

typedef struct {
    double centre, half_width; /* of the period's inside, Å */
    size_t first, stride, n;   /* the points */
} window;

typedef struct {
    double *matrix, *vector, *wave; /* workspace */
} workspace;

/* Index of the first point with r >= value. */
static size_t lower_bound(const double *r, size_t n, double value)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Points of [centre - half, centre + half], moved inwards at the ends of the data so that it keeps its length. */
static window make_window(const deepstruc_pdf *pdf, double centre, double half)
{
    double begin = pdf->r[0], end = pdf->r[pdf->n_points - 1];
    double low = fmax(begin, fmin(centre - half, end - 2 * half)), high = fmin(end, low + 2 * half);
    window w = {.centre = 0.5 * (low + high), .half_width = 0.5 * (high - low), .stride = 1};
    w.first = lower_bound(pdf->r, pdf->n_points, low - outside);
    size_t last = lower_bound(pdf->r, pdf->n_points, high + outside);
    w.n = last - w.first;
    if (w.n > MAX_WINDOW_POINTS) {
        w.stride = (w.n + MAX_WINDOW_POINTS - 1) / MAX_WINDOW_POINTS;
        w.n = (w.n + w.stride - 1) / w.stride;
    }
    return w;
}

/* Half the window for points `step` apart: long where the grid is hardly finer than pi/qmax. The numbers are those of
 * a Kaiser filter with 120 dB between qmax and its image at 2 pi/step - qmax. */
static double half_window(double step, double qmax)
{
    double gap = M_PI / step - qmax;
    double half = gap > 0 ? 12.3 / gap : INFINITY;
    return fmin(max_half_window, fmax(min_half_window, half));
}

/* ---- the two forms of the fit -------------------------------------------------------------------------------------
 */

/* cos and sin of k q x for k = 0 .. n_waves-1 as 2 n_waves numbers. */
static void fill_waves(double q, double x, size_t n_waves, double *out)
{
    for (size_t k = 0; k < n_waves; k++) {
        out[2 * k] = cos((double)k * q * x);
        out[2 * k + 1] = sin((double)k * q * x);
    }
}

static bool fit_waves(const deepstruc_pdf *pdf, const window *w, double q, size_t n_waves, double rmin, double rstep,
                      size_t n, double *g, workspace *work)
{
    size_t m = 2 * n_waves;
    memset(work->matrix, 0, m * m * sizeof *work->matrix);
    memset(work->vector, 0, m * sizeof *work->vector);
    for (size_t i = 0; i < w->n; i++) {
        size_t at = w->first + i * w->stride;
        fill_waves(q, pdf->r[at] - w->centre, n_waves, work->wave);
        for (size_t j = 0; j < m; j++) {
            for (size_t k = 0; k <= j; k++)
                work->matrix[j * m + k] += work->wave[j] * work->wave[k];
            work->vector[j] += work->wave[j] * pdf->g[at];
        }
    }
    for (size_t j = 0; j < m; j++)
        work->matrix[j * m + j] += noise * noise * (double)n_waves;
    if (!cholesky_solve(work->matrix, m, work->vector))
        return false;
    for (size_t i = 0; i < n; i++) {
        fill_waves(q, rmin + (double)i * rstep - w->centre, n_waves, work->wave);
        g[i] = 0;
        for (size_t j = 0; j < m; j++)
            g[i] += work->wave[j] * work->vector[j];
    }
    return true;
}

static double sinc(double x)
{
    return fabs(x) < 1e-8 ? 1 : sin(x) / x;
}

static bool fit_points(const deepstruc_pdf *pdf, const window *w, double band, double rmin, double rstep, size_t n,
                       double *g, workspace *work)
{
    size_t m = w->n;
    for (size_t i = 0; i < m; i++) {
        double r = pdf->r[w->first + i * w->stride];
        for (size_t j = 0; j < i; j++)
            work->matrix[i * m + j] = sinc(band * (r - pdf->r[w->first + j * w->stride]));
        work->matrix[i * m + i] = 1 + noise * noise;
        work->vector[i] = pdf->g[w->first + i * w->stride];
    }
    if (!cholesky_solve(work->matrix, m, work->vector))
        return false;
    for (size_t i = 0; i < n; i++) {
        g[i] = 0;
        for (size_t j = 0; j < m; j++)
            g[i] += sinc(band * (rmin + (double)i * rstep - pdf->r[w->first + j * w->stride])) * work->vector[j];
    }
    return true;
}

/* ---- pieces --------------------------------------------------------------------------------------------------------
 */

/* The cubic through the four points around r (Lagrange); fewer where the data have fewer. */
static double cubic(const deepstruc_pdf *pdf, double r)
{
    size_t n = pdf->n_points < 4 ? pdf->n_points : 4, at = lower_bound(pdf->r, pdf->n_points, r);
    size_t first = at < 2 ? 0 : at - 2;
    if (first + n > pdf->n_points)
        first = pdf->n_points - n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = 1;
        for (size_t j = 0; j < n; j++)
            if (j != i)
                weight *= (r - pdf->r[first + j]) / (pdf->r[first + i] - pdf->r[first + j]);
        sum += weight * pdf->g[first + i];
    }
    return sum;
}

/* n output points from rmin on, within one patch. */
static bool resample_patch(const deepstruc_pdf *pdf, double half, double qmax, double rmin, double rstep, size_t n,
                           double *g, workspace *work)
{
    window w = make_window(pdf, rmin + 0.5 * (double)(n - 1) * rstep, half);
    double step = w.n > 1 ? 2 * w.half_width / (double)(w.n - 1) : INFINITY;
    if (step > nyquist_slack * M_PI / qmax || w.n < 4) {
        for (size_t i = 0; i < n; i++)
            g[i] = cubic(pdf, rmin + (double)i * rstep);
        return true;
    }
    double q = M_PI / (2 * w.half_width); /* waves of a period twice the window */
    size_t n_waves = (size_t)(qmax / q) + 1 + EXTRA_WAVES;
    if (w.n >= 2 * n_waves)
        return fit_waves(pdf, &w, q, n_waves, rmin, rstep, n, g, work);
    double band = fmin(qmax + EXTRA_WAVES * q, fmax(qmax, M_PI / step));
    return fit_points(pdf, &w, band, rmin, rstep, n, g, work);
}

static deepstruc_status check(const deepstruc_pdf *pdf, double rmin, double rstep, size_t n, deepstruc_diag *diag)
{
    if (!(rstep > 0) || n < 1 || n > DEEPSTRUC_MAX_POINTS)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a grid of %zu points, %g Å apart; 1 to %d are possible", n,
                         rstep, DEEPSTRUC_MAX_POINTS);
    double begin = pdf->r[0], end = pdf->r[pdf->n_points - 1], rmax = rmin + (double)(n - 1) * rstep;
    if (!(rmin >= begin - outside && rmax <= end + outside))
        return diag_fail_at(diag, DEEPSTRUC_BAD_ARGUMENT, pdf->file, 0,
                            "%g to %g Å are wanted, measured are %g to %g Å; choose a range inside", rmin, rmax, begin,
                            end);
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_pdf_resample(const deepstruc_pdf *pdf, double rmin, double rstep, size_t n, double qmax,
                                        double *g, deepstruc_diag *diag)
{
    deepstruc_status status = check(pdf, rmin, rstep, n, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (!(qmax > 0 && isfinite(qmax)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "qmax = %g; a positive number is wanted", qmax);
    double length = pdf->r[pdf->n_points - 1] - pdf->r[0];
    double half = half_window(length / (double)(pdf->n_points - 1), qmax);
    size_t per_patch = (size_t)(0.25 * half / rstep) + 1;
    double unknowns = 4 * qmax * half / M_PI + 2 * (EXTRA_WAVES + 2); /* of either form, at most */
    if (!(unknowns < MAX_UNKNOWNS))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "qmax = %g is beyond any measurement's", qmax);
    size_t most = (size_t)unknowns + 1;
    workspace work = {memory_zeroed(most * most, sizeof(double)), memory_zeroed(most, sizeof(double)),
                      memory_zeroed(most, sizeof(double))};
    double *made = memory_zeroed(n, sizeof *made);
    status = work.matrix && work.vector && work.wave && made ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < n; i += per_patch) {
        size_t count = n - i < per_patch ? n - i : per_patch;
        if (!resample_patch(pdf, half, qmax, rmin + (double)i * rstep, rstep, count, made + i, &work))
            status = diag_fail(diag, DEEPSTRUC_NUMERIC, "resampling near r = %g failed", rmin + (double)i * rstep);
    }
    if (status == DEEPSTRUC_OK)
        memcpy(g, made, n * sizeof *g);
    free(work.matrix);
    free(work.vector);
    free(work.wave);
    free(made);
    return status;
}
