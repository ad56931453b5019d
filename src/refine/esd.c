/* Standard deviations of a fit whose residual is correlated (docs/theory-refine.md).
 *
 * The points of G are not independent: noise of F(Q) has its own spectrum, the grid is finer than pi/Qmax, and a
 * model's error is a curve and not noise. With J the derivatives of the curve by the free parameters and C the
 * covariance of the residual, the covariance of the least-squares estimate is (J'J)^-1 J'C J (J'J)^-1 (White,
 * Econometrica 48, 817, 1980, doi 10.2307/1912934). C is taken as stationary: its autocovariance is that of the
 * residual, tapered by the Parzen window, which keeps J'C J positive (Newey, West, Econometrica 55, 703, 1987,
 * doi 10.2307/1913610). */
#include <math.h>

#include "refine/refiner.h"

/* Å: the lag at which the window reaches zero, at most this fraction of the fit range. Long enough to resolve how the
 * noise's spectrum changes with Q (about 2 pi over it), short enough that each covariance is a mean over many points.
 * With 3 Å the pulls of bench_pulls come out nearest to 1. */
static const double largest_lag = 3.0, largest_lag_fraction = 0.25;
enum { N_PARAMETERS = 3, MAX_LAGS = 512 };

static double parzen(double x)
{
    return x < 0.5 ? 1 - 6 * x * x * (1 - x) : 2 * (1 - x) * (1 - x) * (1 - x);
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Inverse of a symmetric positive 1 x 1 to 3 x 3 matrix by Gauss-Jordan; false when it is singular. */
static bool invert(size_t n, double a[N_PARAMETERS][N_PARAMETERS], double inverse[N_PARAMETERS][N_PARAMETERS])
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            inverse[i][j] = i == j;
    for (size_t i = 0; i < n; i++) {
        double pivot = a[i][i];
        if (!(pivot > 1e-12)) /* columns are scaled to length 1: less is rounding */
            return false;
        for (size_t j = 0; j < n; j++) {
            a[i][j] /= pivot;
            inverse[i][j] /= pivot;
        }
        for (size_t k = 0; k < n; k++) {
            double factor = a[k][i];
            for (size_t j = 0; j < n && k != i; j++) {
                a[k][j] -= factor * a[i][j];
                inverse[k][j] -= factor * inverse[i][j];
            }
        }
    }
    return true;
}

/* Tapered autocovariance of the residual up to the largest lag; its divisor takes the lost degrees of freedom out. */
static size_t autocovariance(const double *residual, size_t n, size_t n_free, double rstep, double out[MAX_LAGS])
{
    double longest = fmin(largest_lag, largest_lag_fraction * (double)n * rstep);
    size_t n_lags = (size_t)ceil(longest / rstep);
    n_lags = n_lags > MAX_LAGS ? MAX_LAGS : n_lags;
    for (size_t lag = 0; lag < n_lags; lag++)
        out[lag] = 0;
    for (size_t i = 0; i < n; i++) {
        size_t end = n - i < n_lags ? n - i : n_lags;
        for (size_t lag = 0; lag < end; lag++)
            out[lag] += residual[i] * residual[i + lag];
    }
    for (size_t lag = 0; lag < n_lags; lag++)
        out[lag] *= parzen((double)lag / (double)n_lags) / (double)(n - n_free);
    return n_lags;
}

/* C times a vector, C the Toeplitz matrix of an autocovariance. */
static void times_covariance(const double *covariance, size_t n_lags, const double *x, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = covariance[0] * x[i];
    for (size_t lag = 1; lag < n_lags; lag++) {
        double c = covariance[lag];
        for (size_t i = 0; i + lag < n; i++)
            out[i] += c * x[i + lag];
        for (size_t i = lag; i < n; i++)
            out[i] += c * x[i - lag];
    }
}

void refiner_standard_deviations(deepstruc_refiner *refiner, deepstruc_fit *fit, const bool free_parameter[3])
{
    const deepstruc_target *target = refiner->target;
    size_t n = target->n, n_free = 0;
    double *const esd[N_PARAMETERS] = {&fit->esd_scale, &fit->esd_expansion, &fit->esd_biso};
    double length[N_PARAMETERS], normal[N_PARAMETERS][N_PARAMETERS], inverse[N_PARAMETERS][N_PARAMETERS],
        middle[N_PARAMETERS][N_PARAMETERS];
    const double *columns[N_PARAMETERS];
    size_t which[N_PARAMETERS];
    for (size_t k = 0; k < N_PARAMETERS; k++) {
        *esd[k] = NAN;
        if (!free_parameter[k] || !(fit->scale > 0))
            continue;
        const double *from = k == 0 ? refiner->g : refiner->dg[k - 1];
        double *column = refiner->esd_columns + n_free * n, factor = k == 0 ? 1 : fit->scale;
        for (size_t i = 0; i < n; i++)
            column[i] = refiner->root_weight[i] * factor * from[i];
        length[n_free] = sqrt(dot(column, column, n));
        for (size_t i = 0; i < n; i++)
            column[i] /= length[n_free];
        columns[n_free] = column;
        which[n_free++] = k;
    }
    for (size_t i = 0; i < n; i++)
        refiner->esd_residual[i] = refiner->root_weight[i] * (target->g[i] - fit->scale * refiner->g[i]);
    double covariance[MAX_LAGS], *product = refiner->fit_work;
    size_t n_lags = autocovariance(refiner->esd_residual, n, n_free, target->rstep, covariance);
    for (size_t a = 0; a < n_free; a++) {
        times_covariance(covariance, n_lags, columns[a], n, product);
        for (size_t b = 0; b < n_free; b++) {
            normal[a][b] = dot(columns[a], columns[b], n);
            middle[a][b] = dot(product, columns[b], n);
        }
    }
    if (!invert(n_free, normal, inverse))
        return;
    for (size_t a = 0; a < n_free; a++) {
        double variance = 0;
        for (size_t b = 0; b < n_free; b++)
            for (size_t c = 0; c < n_free; c++)
                variance += inverse[a][b] * middle[b][c] * inverse[c][a];
        *esd[which[a]] = sqrt(fmax(variance, 0)) / length[a];
    }
}
