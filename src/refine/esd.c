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

/* Å: the lag at which the window reaches zero. Long enough to resolve how the noise's spectrum changes with Q (about
 * 2 pi over it), short enough that the estimate of each covariance is a mean over many points. */
static const double largest_lag = 2.0;
enum { N_PARAMETERS = 3, MAX_LAGS = 256 };

static double parzen(double x)
{
    return x < 0.5 ? 1 - 6 * x * x * (1 - x) : 2 * (1 - x) * (1 - x) * (1 - x);
}

static double lagged(const double *a, const double *b, size_t n, size_t lag)
{
    double sum = 0;
    for (size_t i = 0; i + lag < n; i++)
        sum += a[i] * b[i + lag];
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

/* The sandwich's filling J'C J from the residual's autocovariance; its divisor takes the lost degrees of freedom out.
 */
static void filling(const double *residual, const double *const columns[], size_t n_free, size_t n, double rstep,
                    double out[N_PARAMETERS][N_PARAMETERS])
{
    size_t n_lags = (size_t)ceil(largest_lag / rstep);
    n_lags = n_lags > MAX_LAGS ? MAX_LAGS : n_lags > n ? n : n_lags;
    for (size_t a = 0; a < n_free; a++)
        for (size_t b = 0; b < n_free; b++)
            out[a][b] = 0;
    for (size_t lag = 0; lag < n_lags; lag++) {
        double covariance =
            lagged(residual, residual, n, lag) / (double)(n - n_free) * parzen((double)lag / (double)n_lags);
        for (size_t a = 0; a < n_free; a++)
            for (size_t b = 0; b < n_free; b++) {
                double pair = lagged(columns[a], columns[b], n, lag);
                out[a][b] += covariance * pair;
                if (lag > 0)
                    out[b][a] += covariance * pair;
            }
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
        length[n_free] = sqrt(lagged(column, column, n, 0));
        for (size_t i = 0; i < n; i++)
            column[i] /= length[n_free];
        columns[n_free] = column;
        which[n_free++] = k;
    }
    for (size_t i = 0; i < n; i++)
        refiner->esd_residual[i] = refiner->root_weight[i] * (target->g[i] - fit->scale * refiner->g[i]);
    for (size_t a = 0; a < n_free; a++)
        for (size_t b = 0; b < n_free; b++)
            normal[a][b] = lagged(columns[a], columns[b], n, 0);
    filling(refiner->esd_residual, columns, n_free, n, target->rstep, middle);
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
