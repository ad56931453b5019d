#include "pdf/sines.h"

#include <math.h>

#include "base/diag.h"
#include "base/memory.h"

static const size_t MAX_MATRIX = (size_t)1 << 26; /* entries: 512 MiB */

deepstruc_status sines_create(kernels_matrix *matrix, size_t rows, size_t columns, deepstruc_diag *diag)
{
    *matrix = (kernels_matrix){.rows = rows, .panels = (columns + KERNELS_PANEL - 1) / KERNELS_PANEL};
    if (rows > MAX_MATRIX / (matrix->panels * KERNELS_PANEL))
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE,
                         "a sine table of %zu x %zu is too large: lower rmax or qmax, or raise rstep", rows, columns);
    matrix->at = memory_aligned(rows * matrix->panels * KERNELS_PANEL + 1, sizeof *matrix->at);
    return matrix->at ? DEEPSTRUC_OK : diag_no_memory(diag);
}

static double *entry(const kernels_matrix *matrix, size_t row, size_t column)
{
    return &matrix->at[(column / KERNELS_PANEL * matrix->rows + row) * KERNELS_PANEL + column % KERNELS_PANEL];
}

void sines_fill(const kernels_matrix *matrix, long first_row, double row_step, const double *row_scale,
                long first_column, double column_step, const double *column_scale, size_t columns)
{
    for (size_t row = 0; row < matrix->rows; row++)
        for (size_t column = 0; column < columns; column++)
            *entry(matrix, row, column) =
                (row_scale ? row_scale[row] : column_scale[column]) *
                sin((double)(first_row + (long)row) * row_step * ((double)(first_column + (long)column) * column_step));
}
