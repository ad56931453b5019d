#include "nn/layers.h"

void nn_sample_forward(real *z, const real *mean, const real *log_var, const real *noise, real scale, size_t n)
{
    for (size_t i = 0; i < n; i++)
        z[i] = mean[i] + scale * exp(log_var[i] / 2) * noise[i];
}

void nn_sample_backward(real *dmean, real *dlog_var, const real *dz, const real *log_var, const real *noise, real scale,
                        size_t n)
{
    for (size_t i = 0; i < n; i++) { /* z = mean + scale exp(log_var / 2) noise */
        dlog_var[i] = dz[i] * scale * exp(log_var[i] / 2) * noise[i] / 2;
        dmean[i] = dz[i];
    }
}

double nn_kl_forward(const real *q_mean, const real *q_log_var, const real *p_mean, const real *p_log_var, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double p_center = p_mean ? (double)p_mean[i] : 0, p_log = p_log_var ? (double)p_log_var[i] : 0;
        double shift = (double)q_mean[i] - p_center, q_log = (double)q_log_var[i];
        sum += (p_log - q_log + exp(q_log - p_log) + shift * shift * exp(-p_log) - 1) / 2;
    }
    return sum;
}

void nn_kl_backward(real *dq_mean, real *dq_log_var, real *dp_mean, real *dp_log_var, const real *q_mean,
                    const real *q_log_var, const real *p_mean, const real *p_log_var, double dloss, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double p_center = p_mean ? (double)p_mean[i] : 0, p_log = p_log_var ? (double)p_log_var[i] : 0;
        double shift = (double)q_mean[i] - p_center, ratio = exp((double)q_log_var[i] - p_log), weight = exp(-p_log);
        /* KL = (log p - log q + ratio + shift^2 weight - 1) / 2 */
        dq_mean[i] = (real)(dloss * shift * weight);
        dq_log_var[i] = (real)(dloss * (ratio - 1) / 2);
        if (dp_mean)
            dp_mean[i] = (real)(-dloss * shift * weight);
        if (dp_log_var)
            dp_log_var[i] = (real)(dloss * (1 - ratio - shift * shift * weight) / 2);
    }
}
