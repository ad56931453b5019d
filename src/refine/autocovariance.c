#include "refine/autocovariance.h"

#include <math.h>

/* Å: the lag at which the window reaches zero, at most this fraction of the fit range. Long enough to resolve how the
 * noise's spectrum changes with Q (about 2 pi over it), short enough that each covariance is a mean over many points.
 * With 3 Å the pulls of bench_pulls come out nearest to 1. */
static const double largest_lag = 3.0, largest_lag_fraction = 0.25;

static double parzen(double x)
{
    return x < 0.5 ? 1 - 6 * x * x * (1 - x) : 2 * (1 - x) * (1 - x) * (1 - x);
}

size_t autocovariance(const double *residual, size_t n, size_t n_free, double rstep, double out[AUTOCOVARIANCE_MAX])
{
    double longest = fmin(largest_lag, largest_lag_fraction * (double)n * rstep);
    size_t n_lags = (size_t)ceil(longest / rstep);
    n_lags = n_lags > AUTOCOVARIANCE_MAX ? AUTOCOVARIANCE_MAX : n_lags;
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
