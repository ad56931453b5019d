#include "nn/layers.h"

static double weight_of(const real *weight, size_t i)
{
    return weight ? (double)weight[i] : 1;
}

double nn_mse_forward(const real *y, const real *target, const real *weight, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double difference = (double)y[i] - (double)target[i];
        sum += weight_of(weight, i) * difference * difference;
    }
    return sum / (double)n;
}

void nn_mse_backward(real *dy, const real *y, const real *target, const real *weight, double dloss, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dy[i] = (real)(dloss * 2 * weight_of(weight, i) * ((double)y[i] - (double)target[i]) / (double)n);
}

double nn_bce_forward(const real *y, const real *target, const real *weight, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)y[i];
        sum += weight_of(weight, i) * (fmax(x, 0) + log1p(exp(-fabs(x))) - (double)target[i] * x);
    }
    return sum / (double)n;
}

void nn_bce_backward(real *dy, const real *y, const real *target, const real *weight, double dloss, size_t n)
{
    for (size_t i = 0; i < n; i++) { /* softplus' = sigmoid */
        double e = exp(-fabs((double)y[i])), sigmoid = (y[i] >= 0 ? 1 : e) / (1 + e);
        dy[i] = (real)(dloss * weight_of(weight, i) * (sigmoid - (double)target[i]) / (double)n);
    }
}

void nn_softmax(real *p, const real *y, size_t n, size_t m)
{
    for (size_t i = 0; i < n; i++) {
        const real *yi = y + i * m;
        real *pi = p + i * m, top = yi[0], sum = 0;
        for (size_t j = 1; j < m; j++)
            top = yi[j] > top ? yi[j] : top;
        for (size_t j = 0; j < m; j++)
            sum += pi[j] = exp(yi[j] - top);
        for (size_t j = 0; j < m; j++)
            pi[j] /= sum;
    }
}

double nn_cross_entropy_forward(const real *y, const int *target, const real *weight, size_t n, size_t m)
{
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        if (target[i] < 0)
            continue;
        const real *yi = y + i * m;
        double top = (double)yi[0], sum = 0;
        for (size_t j = 1; j < m; j++)
            top = fmax(top, (double)yi[j]);
        for (size_t j = 0; j < m; j++)
            sum += exp((double)yi[j] - top);
        loss += weight_of(weight, i) * (log(sum) + top - (double)yi[target[i]]);
    }
    return loss / (double)n;
}

void nn_cross_entropy_backward(real *dy, const real *y, const int *target, const real *weight, double dloss, size_t n,
                               size_t m)
{
    nn_softmax(dy, y, n, m);
    for (size_t i = 0; i < n; i++) { /* d -log softmax(y)[t] = softmax(y) - [j = t] */
        real factor = (real)(target[i] < 0 ? 0 : dloss * weight_of(weight, i) / (double)n);
        if (target[i] >= 0)
            dy[i * m + (size_t)target[i]] -= 1;
        for (size_t j = 0; j < m; j++)
            dy[i * m + j] *= factor;
    }
}
