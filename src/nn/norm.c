#include <stdio.h>

#include "nn/layers.h"
#include "nn/vector.h"

enum { COLUMN_BLOCK = 64, SMALL = 1 << 14 };
static const double VARIANCE_FLOOR = 1e-5; /* PyTorch's */

nn_norm nn_norm_declare(nn_params *params, const char *name, size_t n_columns)
{
    char full[2 * NN_NAME_SIZE];
    nn_norm layer = {.n_columns = n_columns};
    snprintf(full, sizeof full, "%s.weight", name);
    layer.gain = nn_params_declare(params, full, n_columns, 0, NN_ONE, n_columns);
    snprintf(full, sizeof full, "%s.bias", name);
    layer.bias = nn_params_declare(params, full, n_columns, 0, NN_ZERO, n_columns);
    return layer;
}

NN_KERNEL void nn_norm_forward(const nn_params *params, const nn_norm *layer, real *y, real *stats, const real *x,
                               size_t n)
{
    size_t m = layer->n_columns;
    const real *gain = nn_value(params, layer->gain), *bias = nn_value(params, layer->bias);
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *xi = x + i * m;
        real sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < m; j++)
            sum += xi[j];
        real mean = sum / (real)m;
#pragma omp simd reduction(+ : squares)
        for (size_t j = 0; j < m; j++)
            squares += (xi[j] - mean) * (xi[j] - mean);
        real inverse = 1 / sqrt(squares / (real)m + (real)VARIANCE_FLOOR);
#pragma omp simd
        for (size_t j = 0; j < m; j++)
            y[i * m + j] = (xi[j] - mean) * inverse * gain[j] + bias[j];
        stats[2 * i] = mean;
        stats[2 * i + 1] = inverse;
    }
}

NN_KERNEL static void add_parameter_gradients(real *dgain, real *dbias, const real *dy, const real *x,
                                              const real *stats, size_t n, size_t m)
{
    size_t n_blocks = (m + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t block = 0; block < n_blocks; block++) {
        size_t first = block * COLUMN_BLOCK, last = first + COLUMN_BLOCK < m ? first + COLUMN_BLOCK : m;
        for (size_t i = 0; i < n; i++)
#pragma omp simd
            for (size_t j = first; j < last; j++) { /* y = (x - mean) inverse gain + bias */
                dgain[j] += dy[i * m + j] * (x[i * m + j] - stats[2 * i]) * stats[2 * i + 1];
                dbias[j] += dy[i * m + j];
            }
    }
}

NN_KERNEL void nn_norm_backward(nn_params *params, const nn_norm *layer, real *dx, const real *dy, const real *x,
                                const real *stats, size_t n)
{
    size_t m = layer->n_columns;
    const real *gain = nn_value(params, layer->gain);
    add_parameter_gradients(nn_gradient(params, layer->gain), nn_gradient(params, layer->bias), dy, x, stats, n, m);
    if (!dx)
        return;
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *xi = x + i * m, *dyi = dy + i * m;
        real mean = stats[2 * i], inverse = stats[2 * i + 1], sum = 0, dot = 0;
#pragma omp simd reduction(+ : sum, dot)
        for (size_t j = 0; j < m; j++) { /* c = (x - mean) inverse; dc = dy gain */
            sum += dyi[j] * gain[j];
            dot += dyi[j] * gain[j] * (xi[j] - mean) * inverse;
        }
#pragma omp simd
        for (size_t j = 0; j < m; j++) /* dx = inverse (dc - <dc> - c <dc c>) */
            dx[i * m + j] = inverse * (dyi[j] * gain[j] - sum / (real)m - (xi[j] - mean) * inverse * dot / (real)m);
    }
}
