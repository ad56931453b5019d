#include <stdio.h>
#include <string.h>

#include "nn/layers.h"
#include "nn/vector.h"

enum { COLUMN_BLOCK = 64, SMALL = 1 << 15 };

nn_linear nn_linear_declare(nn_params *params, const char *name, size_t n_in, size_t n_out, nn_init init)
{
    char full[2 * NN_NAME_SIZE];
    nn_linear layer = {.n_in = n_in, .n_out = n_out};
    snprintf(full, sizeof full, "%s.weight", name);
    layer.weight = nn_params_declare(params, full, n_out, n_in, init, n_in);
    snprintf(full, sizeof full, "%s.bias", name);
    layer.bias = nn_params_declare(params, full, n_out, 0, init == NN_UNIFORM ? NN_UNIFORM : NN_ZERO, n_in);
    return layer;
}

void nn_linear_forward(const nn_params *params, const nn_linear *layer, real *y, const real *x, size_t n)
{
    size_t n_in = layer->n_in, n_out = layer->n_out;
    const real *weight = nn_value(params, layer->weight), *bias = nn_value(params, layer->bias);
    nn_fill_rows(y, bias, n, n_out);
    real_gemm(false, true, n, n_out, n_in, x, n_in, weight, n_in, 1, y, n_out); /* y = b + x W^T */
}

void nn_fill_rows(real *y, const real *row, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++)
        memcpy(y + i * m, row, m * sizeof *y);
}

/* Rows in order; threads share out the columns. */
NN_KERNEL void nn_add_column_sums(real *sum, const real *x, size_t n, size_t m)
{
    size_t n_blocks = (m + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t block = 0; block < n_blocks; block++) {
        size_t first = block * COLUMN_BLOCK, last = first + COLUMN_BLOCK < m ? first + COLUMN_BLOCK : m;
        for (size_t i = 0; i < n; i++)
#pragma omp simd
            for (size_t j = first; j < last; j++)
                sum[j] += x[i * m + j];
    }
}

void nn_linear_backward(nn_params *params, const nn_linear *layer, real *dx, const real *dy, const real *x, size_t n)
{
    size_t n_in = layer->n_in, n_out = layer->n_out;
    const real *weight = nn_value(params, layer->weight);
    real *dweight = nn_gradient(params, layer->weight), *dbias = nn_gradient(params, layer->bias);
    /* y = x W^T + b */
    real_gemm(true, false, n_out, n_in, n, dy, n_out, x, n_in, 1, dweight, n_in); /* dW += dy^T x */
    nn_add_column_sums(dbias, dy, n, n_out);                                      /* db += sum of rows of dy */
    if (dx)
        real_gemm(false, false, n, n_in, n_out, dy, n_out, weight, n_in, 0, dx, n_in); /* dx = dy W */
}

void nn_copy_columns(real *to, size_t to_width, const real *from, size_t from_width, size_t n, size_t m)
{
    for (size_t i = 0; i < n; i++)
        memcpy(to + i * to_width, from + i * from_width, m * sizeof *to);
}
