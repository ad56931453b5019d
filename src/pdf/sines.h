/* Tables of sines, packed for the kernel `combine`: sums over one uniform grid become values on another. */
#ifndef PDF_SINES_H
#define PDF_SINES_H

#include <deepstruc/deepstruc.h>

#include "pdf/kernels.h"

/* A zeroed matrix; TOO_LARGE above 2^26 entries (512 MiB). free() frees matrix->at. */
deepstruc_status sines_create(kernels_matrix *matrix, size_t rows, size_t columns, deepstruc_diag *diag);

/* matrix(row, column) = scale sin(a step_a b step_b) for row numbers a = first_row + row and column numbers b likewise;
 * scale is that of the row or, where row_scale is NULL, of the column. */
void sines_fill(const kernels_matrix *matrix, long first_row, double row_step, const double *row_scale,
                long first_column, double column_step, const double *column_scale, size_t columns);

#endif
