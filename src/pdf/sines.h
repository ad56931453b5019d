/* Tables of sines, packed for the kernel `combine`: sums over one uniform grid become values on another. */
#ifndef PDF_SINES_H
#define PDF_SINES_H

#include <deepstruc/deepstruc.h>

#include "pdf/kernels.h"

/* A zeroed matrix; TOO_LARGE above 2^26 entries (512 MiB). free() frees matrix->at. */
deepstruc_status sines_create(kernels_matrix *matrix, size_t rows, size_t columns, deepstruc_diag *diag);

/* matrix(row, column) = scale sin(a step_a b step_b) for row numbers a = first_row + row * stride and column numbers
 * b = first_column + column; scale is row_scale[row * stride] or, where that is NULL, column_scale[column] (1 where
 * that is, too). */
void sines_fill(const kernels_matrix *matrix, long first_row, long stride, double row_step, const double *row_scale,
                long first_column, double column_step, const double *column_scale, size_t columns);

/* Sums of sines that are wanted at columns b and at their mirror images m - b, where row_step * column_step * m = pi:
 * sin(a(m - b)) is sin(ab) for odd a and -sin(ab) for even a, so the rows of either kind, summed apart over half of the
 * places, give both halves. */
typedef struct {
    long first_row;
    kernels_matrix even, odd; /* rows of even and of odd number */
} sines_mirrored;

/* Row numbers a = first_row ... first_row + n_rows - 1, each times row_scale (NULL: 1). sines_mirrored_free frees. */
deepstruc_status sines_mirrored_create(sines_mirrored *sines, long first_row, size_t n_rows, double row_step,
                                       const double *row_scale, long first_column, double column_step, size_t columns,
                                       deepstruc_diag *diag);
void sines_mirrored_free(sines_mirrored *sines);
/* The length of `here`, of `there` and of their sums: columns in whole panels. */
size_t sines_mirrored_length(const sines_mirrored *sines);
/* here[v][c] = sum over the first n_rows rows of weight[v][row] sin(...) at column c; there[v][c] the same at its
 * image. The weights, n_rows + 1 places, come back sorted by kind. */
void sines_mirrored_apply(const sines_mirrored *sines, const kernels_set *kernels, double *const *here,
                          double *const *there, double *const *weight, double *scratch, size_t n_out, size_t n_rows);

#endif
