/* Pieces of resampling. */
#ifndef PDF_RESAMPLE_H
#define PDF_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>

/* Solves A x = b for a symmetric positive definite A (n x n, row-major, only the lower triangle is read) by Cholesky's
 * decomposition, which overwrites A; x overwrites b. False when A is not positive definite. */
bool cholesky_solve(double *a, size_t n, double *b);

#endif
