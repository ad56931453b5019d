#include "nn/layers.h"
#include "nn/vector.h"

enum { SMALL = 1 << 14, CHUNK = 1 << 12 };

/* BODY for each i below n. The chunks are the same for any number of threads, and with them which elements fall into
 * the rest of a vector loop. */
#define NN_EACH(i, n, BODY)                                                                                            \
    _Pragma("omp parallel for schedule(static) if (n > SMALL)") for (size_t i##0 = 0; i##0 < n; i##0 += CHUNK)         \
    {                                                                                                                  \
        size_t i##1 = n - i##0 < CHUNK ? n : i##0 + CHUNK;                                                             \
        _Pragma("omp simd") for (size_t i = i##0; i < i##1; i++) BODY                                                  \
    }

NN_KERNEL void nn_leaky_relu_forward(real *y, const real *x, real leak, size_t n)
{
    NN_EACH(i, n, { y[i] = x[i] > 0 ? x[i] : leak * x[i]; });
}

NN_KERNEL void nn_leaky_relu_backward(real *dx, const real *dy, const real *y, real leak, size_t n)
{
    NN_EACH(i, n, { dx[i] = y[i] > 0 ? dy[i] : leak * dy[i]; });
}

NN_KERNEL void nn_silu_forward(real *y, const real *x, size_t n)
{
    NN_EACH(i, n, { y[i] = x[i] * nn_sigmoid(x[i]); });
}

NN_KERNEL void nn_silu_backward(real *dx, const real *dy, const real *x, size_t n)
{
    NN_EACH(i, n, {
        real s = nn_sigmoid(x[i]);
        dx[i] = dy[i] * s * (1 + x[i] * (1 - s)); /* y = x s(x), s' = s (1 - s) */
    });
}

void nn_softplus_forward(real *y, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] > 0 ? x[i] : 0) + log1p(exp(-fabs(x[i])));
}

void nn_softplus_backward(real *dx, const real *dy, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * nn_sigmoid(x[i]);
}

NN_KERNEL void nn_add(real *sum, const real *x, size_t n)
{
    NN_EACH(i, n, { sum[i] += x[i]; });
}

NN_KERNEL void nn_gate_forward(real *y, const real *u, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *h = u + i * 2 * m, *g = h + m;
#pragma omp simd
        for (size_t j = 0; j < m; j++)
            y[i * m + j] = h[j] * nn_sigmoid(g[j]);
    }
}

NN_KERNEL void nn_gate_backward(real *du, const real *dy, const real *u, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *h = u + i * 2 * m, *g = h + m, *dyi = dy + i * m;
        real *dh = du + i * 2 * m, *dg = dh + m;
#pragma omp simd
        for (size_t j = 0; j < m; j++) {
            real s = nn_sigmoid(g[j]);
            dg[j] = dyi[j] * h[j] * s * (1 - s); /* y = h s(g) */
            dh[j] = dyi[j] * s;
        }
    }
}
