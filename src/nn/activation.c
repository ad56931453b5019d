#include "nn/layers.h"

enum { SMALL = 1 << 14 };

/* Both tails without overflow: exp is taken of what is not positive. */
static inline real sigmoid(real x)
{
    real e = exp(-fabs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

void nn_leaky_relu_forward(real *y, const real *x, real leak, size_t n)
{
#pragma omp parallel for schedule(static) if (n > SMALL)
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? x[i] : leak * x[i];
}

void nn_leaky_relu_backward(real *dx, const real *dy, const real *y, real leak, size_t n)
{
#pragma omp parallel for schedule(static) if (n > SMALL)
    for (size_t i = 0; i < n; i++)
        dx[i] = y[i] > 0 ? dy[i] : leak * dy[i];
}

void nn_silu_forward(real *y, const real *x, size_t n)
{
#pragma omp parallel for schedule(static) if (n > SMALL)
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] * sigmoid(x[i]);
}

void nn_silu_backward(real *dx, const real *dy, const real *x, size_t n)
{
#pragma omp parallel for schedule(static) if (n > SMALL)
    for (size_t i = 0; i < n; i++) {
        real s = sigmoid(x[i]);
        dx[i] = dy[i] * s * (1 + x[i] * (1 - s)); /* y = x s(x), s' = s (1 - s) */
    }
}

void nn_softplus_forward(real *y, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] > 0 ? x[i] : 0) + log1p(exp(-fabs(x[i])));
}

void nn_softplus_backward(real *dx, const real *dy, const real *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dx[i] = dy[i] * sigmoid(x[i]);
}

void nn_add(real *sum, const real *x, size_t n)
{
#pragma omp parallel for schedule(static) if (n > SMALL)
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

void nn_gate_forward(real *y, const real *u, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *h = u + i * 2 * m, *g = h + m;
        for (size_t j = 0; j < m; j++)
            y[i * m + j] = h[j] * sigmoid(g[j]);
    }
}

void nn_gate_backward(real *du, const real *dy, const real *u, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++) {
        const real *h = u + i * 2 * m, *g = h + m, *dyi = dy + i * m;
        real *dh = du + i * 2 * m, *dg = dh + m;
        for (size_t j = 0; j < m; j++) {
            real s = sigmoid(g[j]);
            dg[j] = dyi[j] * h[j] * s * (1 - s); /* y = h s(g) */
            dh[j] = dyi[j] * s;
        }
    }
}
