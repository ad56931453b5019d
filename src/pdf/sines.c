#include "pdf/sines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

void sines_fill(const kernels_matrix *matrix, long first_row, long stride, double row_step, const double *row_scale,
                long first_column, double column_step, const double *column_scale, size_t columns)
{
    for (size_t row = 0; row < matrix->rows; row++) {
        double a = (double)(first_row + (long)row * stride) * row_step;
        for (size_t column = 0; column < columns; column++)
            *entry(matrix, row, column) = (row_scale      ? row_scale[row * (size_t)stride]
                                           : column_scale ? column_scale[column]
                                                          : 1) *
                                          sin(a * ((double)(first_column + (long)column) * column_step));
    }
}

/* ---- mirrored --------------------------------------------------------------------------------------------------- */

/* Of n numbers from `first` on, how many are even. */
static size_t evens(long first, size_t n)
{
    return (n + (first % 2 == 0)) / 2;
}

deepstruc_status sines_mirrored_create(sines_mirrored *sines, long first_row, size_t n_rows, double row_step,
                                       const double *row_scale, long first_column, double column_step, size_t columns,
                                       deepstruc_diag *diag)
{
    size_t n_even = evens(first_row, n_rows);
    *sines = (sines_mirrored){.first_row = first_row};
    deepstruc_status status = sines_create(&sines->even, n_even, columns, diag);
    if (status == DEEPSTRUC_OK)
        status = sines_create(&sines->odd, n_rows - n_even, columns, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    long to_even = first_row % 2 != 0, to_odd = 1 - to_even;
    sines_fill(&sines->even, first_row + to_even, 2, row_step, row_scale ? row_scale + to_even : NULL, first_column,
               column_step, NULL, columns);
    sines_fill(&sines->odd, first_row + to_odd, 2, row_step, row_scale ? row_scale + to_odd : NULL, first_column,
               column_step, NULL, columns);
    return DEEPSTRUC_OK;
}

void sines_mirrored_free(sines_mirrored *sines)
{
    free(sines->even.at);
    free(sines->odd.at);
    *sines = (sines_mirrored){0};
}

size_t sines_mirrored_length(const sines_mirrored *sines)
{
    return sines->even.panels * KERNELS_PANEL;
}

/* Rows of even number to the front, those of odd number behind. */
static void sort_rows(double *weight, double *scratch, size_t n_rows, bool first_is_even, size_t n_even)
{
    memcpy(scratch, weight, n_rows * sizeof *weight);
    double *here = first_is_even ? weight : weight + n_even, *next = first_is_even ? weight + n_even : weight;
    for (size_t k = 0; k + 1 < n_rows; k += 2) {
        here[k / 2] = scratch[k];
        next[k / 2] = scratch[k + 1];
    }
    if (n_rows % 2)
        here[n_rows / 2] = scratch[n_rows - 1];
}

void sines_mirrored_apply(const sines_mirrored *sines, const kernels_set *kernels, double *const *here,
                          double *const *there, double *const *weight, double *scratch, size_t n_out, size_t n_rows)
{
    size_t n_even = evens(sines->first_row, n_rows), length = sines_mirrored_length(sines);
    const double *even[KERNELS_MOST_OUT] = {0}, *odd[KERNELS_MOST_OUT] = {0};
    for (size_t v = 0; v < n_out; v++) {
        sort_rows(weight[v], scratch, n_rows, sines->first_row % 2 == 0, n_even);
        even[v] = weight[v];
        odd[v] = weight[v] + n_even;
    }
    kernels->combine(here, even, n_out, &sines->even, n_even, sines->even.panels);
    kernels->combine(there, odd, n_out, &sines->odd, n_rows - n_even, sines->odd.panels);
    for (size_t v = 0; v < n_out; v++)
        for (size_t c = 0; c < length; c++) {
            double of_even = here[v][c], of_odd = there[v][c];
            here[v][c] = of_odd + of_even;
            there[v][c] = of_odd - of_even;
        }
}
