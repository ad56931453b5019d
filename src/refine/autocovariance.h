/* How a residual is correlated along r. */
#ifndef REFINE_AUTOCOVARIANCE_H
#define REFINE_AUTOCOVARIANCE_H

#include <stddef.h>

enum { AUTOCOVARIANCE_MAX = 512 }; /* lags */

/* The autocovariance of n points, rstep apart, up to 3 Å or a quarter of the range, tapered by the Parzen window, which
 * keeps the covariance that it stands for positive; the divisor is n - n_free. Answers the number of lags. */
size_t autocovariance(const double *residual, size_t n, size_t n_free, double rstep, double out[AUTOCOVARIANCE_MAX]);

#endif
