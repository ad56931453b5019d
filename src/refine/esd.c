/* Standard deviations of a fit whose residual is correlated (docs/theory-refine.md).
 *
 * The points of G are not independent: noise of F(Q) has its own spectrum, the grid is finer than pi/Qmax, and a
 * model's error is a curve and not noise. With J the derivatives of the curve by the free parameters and C the
 * covariance of the residual, the covariance of the least-squares estimate is (J'J)^-1 J'C J (J'J)^-1 (White,
 * Econometrica 48, 817, 1980, doi 10.2307/1912934). C is taken as stationary: its autocovariance is that of the
 * residual, tapered by the Parzen window, which keeps J'C J positive (Newey, West, Econometrica 55, 703, 1987,
 * doi 10.2307/1913610). */
#include <math.h>

#include "refine/esd.h"

#include "refine/autocovariance.h"

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Inverse of a symmetric positive n x n matrix by Gauss-Jordan; false when it is singular. */
static bool invert(size_t n, double a[ESD_MOST][ESD_MOST], double inverse[ESD_MOST][ESD_MOST])
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

bool esd_sandwich(double *esd, double *textbook, double *columns, size_t n_free, const double *residual, size_t n,
                  double rstep, double *work)
{
    double length[ESD_MOST], normal[ESD_MOST][ESD_MOST], inverse[ESD_MOST][ESD_MOST], middle[ESD_MOST][ESD_MOST],
        covariance[AUTOCOVARIANCE_MAX];
    for (size_t k = 0; k < n_free; k++) {
        double *column = columns + k * n;
        esd[k] = NAN;
        if (textbook)
            textbook[k] = NAN;
        length[k] = sqrt(dot(column, column, n));
        for (size_t i = 0; i < n; i++)
            column[i] /= length[k];
    }
    size_t n_lags = autocovariance(residual, n, n_free, rstep, covariance);
    for (size_t a = 0; a < n_free; a++) {
        times_covariance(covariance, n_lags, columns + a * n, n, work);
        for (size_t b = 0; b < n_free; b++) {
            normal[a][b] = dot(columns + a * n, columns + b * n, n);
            middle[a][b] = dot(work, columns + b * n, n);
        }
    }
    if (n_free > ESD_MOST || !invert(n_free, normal, inverse))
        return false;
    for (size_t a = 0; a < n_free; a++) {
        double variance = 0;
        for (size_t b = 0; b < n_free; b++)
            for (size_t c = 0; c < n_free; c++)
                variance += inverse[a][b] * middle[b][c] * inverse[c][a];
        esd[a] = sqrt(fmax(variance, 0)) / length[a];
        if (textbook)
            textbook[a] = sqrt(inverse[a][a] * dot(residual, residual, n) / (double)(n - n_free)) / length[a];
    }
    return true;
}
