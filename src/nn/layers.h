/* Layers as pairs X_forward / X_backward on batched row-major matrices: x[n x m] is n rows (samples or atoms) of m
 * numbers.
 *
 * Conventions of every backward function:
 *  - gradients are named `d` + the forward name: dy = d loss / d y comes in, dx goes out;
 *  - gradients of *parameters are added* to what stands in the arena (nn_params_zero_gradients clears it);
 *  - gradients of *inputs are overwritten*; where two layers read one tensor, add their dx with nn_add;
 *  - dx may be NULL where nobody needs it (the input is data), and that product is then not computed.
 * Every sum has a fixed order: the bytes do not depend on the number of threads. */
#ifndef NN_LAYERS_H
#define NN_LAYERS_H

#include "nn/params.h"

/* ---- dense layer: y[n x n_out] = x[n x n_in] W^T + b, W [n_out x n_in] as in PyTorch ------------------------------
 */

typedef struct {
    int weight, bias; /* tensors NAME.weight, NAME.bias */
    size_t n_in, n_out;
} nn_linear;

/* NN_HE: biases start at zero; NN_UNIFORM: as PyTorch; NN_ZERO: an output that starts silent. */
nn_linear nn_linear_declare(nn_params *params, const char *name, size_t n_in, size_t n_out, nn_init init);
void nn_linear_forward(const nn_params *params, const nn_linear *layer, real *y, const real *x, size_t n);
void nn_linear_backward(nn_params *params, const nn_linear *layer, real *dx, const real *dy, const real *x, size_t n);

/* ---- elementwise, n numbers; y may be x ----------------------------------------------------------------------------
 */

#define NN_LEAK ((real)0.01)

/* y = x for x > 0, leak * x below. Backward reads y (its sign is x's), so that y may have replaced x. */
void nn_leaky_relu_forward(real *y, const real *x, real leak, size_t n);
void nn_leaky_relu_backward(real *dx, const real *dy, const real *y, real leak, size_t n);
/* y = x sigmoid(x). */
void nn_silu_forward(real *y, const real *x, size_t n);
void nn_silu_backward(real *dx, const real *dy, const real *x, size_t n);
/* y = log(1 + exp(x)). */
void nn_softplus_forward(real *y, const real *x, size_t n);
void nn_softplus_backward(real *dx, const real *dy, const real *x, size_t n);
/* sum += x. */
void nn_add(real *sum, const real *x, size_t n);

/* ---- gate: y[n x m] = h * sigmoid(g), u[n x 2m] = (h | g) ----------------------------------------------------- */

/* A dense layer m_in -> 2m followed by a gate is the gated layer G(m_in -> m) of the published network. */
void nn_gate_forward(real *y, const real *u, size_t n, size_t m);
void nn_gate_backward(real *du, const real *dy, const real *u, size_t n, size_t m);

/* ---- layer normalisation over each row: y = (x - mean) / sqrt(var + 1e-5) * gain + bias ----------------------- */

/* Ba, Kiros, Hinton 2016, arXiv 1607.06450. stats[n x 2] keeps mean and 1 / sqrt(var + 1e-5) for backward. */
typedef struct {
    int gain, bias; /* tensors NAME.weight, NAME.bias */
    size_t n_columns;
} nn_norm;

nn_norm nn_norm_declare(nn_params *params, const char *name, size_t n_columns);
void nn_norm_forward(const nn_params *params, const nn_norm *layer, real *y, real *stats, const real *x, size_t n);
void nn_norm_backward(nn_params *params, const nn_norm *layer, real *dx, const real *dy, const real *x,
                      const real *stats, size_t n);

/* ---- columns: joining and splitting; `from` and `to` are the distances between rows --------------------------- */

/* to[i][0..m) = from[i][0..m): copies a block of columns between matrices of different width. */
void nn_copy_columns(real *to, size_t to_width, const real *from, size_t from_width, size_t n, size_t m);

/* y[n x m]: each row a copy of `row`; and sum[m] += the sum of the rows of x[n x m]. */
void nn_fill_rows(real *y, const real *row, size_t n, size_t m);
void nn_add_column_sums(real *sum, const real *x, size_t n, size_t m);

/* ---- Gaussians with diagonal covariance, in log variance ------------------------------------------------------ */

/* z = mean + scale * exp(log_var / 2) * noise, n numbers; noise are standard normals drawn by the caller. */
void nn_sample_forward(real *z, const real *mean, const real *log_var, const real *noise, real scale, size_t n);
/* dmean may be dz. */
void nn_sample_backward(real *dmean, real *dlog_var, const real *dz, const real *log_var, const real *noise, real scale,
                        size_t n);
/* Sum over n numbers of KL(q || p) = (log_var_p - log_var_q + (var_q + (mean_q - mean_p)^2) / var_p - 1) / 2.
 * p_mean and p_log_var may be NULL: a standard normal. */
double nn_kl_forward(const real *q_mean, const real *q_log_var, const real *p_mean, const real *p_log_var, size_t n);
/* Overwrites the four gradients (those of p may be NULL) with those of dloss * KL. */
void nn_kl_backward(real *dq_mean, real *dq_log_var, real *dp_mean, real *dp_log_var, const real *q_mean,
                    const real *q_log_var, const real *p_mean, const real *p_log_var, double dloss, size_t n);

/* ---- losses: forward answers the value in double, backward overwrites dy with dloss * derivative -------------- */

/* `weight` may be NULL: all 1. None is divided by the sum of weights: mean is over the n numbers (or n rows). */

/* sum_i weight_i (y_i - target_i)^2 / n */
double nn_mse_forward(const real *y, const real *target, const real *weight, size_t n);
void nn_mse_backward(real *dy, const real *y, const real *target, const real *weight, double dloss, size_t n);
/* Binary cross-entropy of logits: sum_i weight_i (softplus(y_i) - target_i y_i) / n; targets in [0, 1]. */
double nn_bce_forward(const real *y, const real *target, const real *weight, size_t n);
void nn_bce_backward(real *dy, const real *y, const real *target, const real *weight, double dloss, size_t n);
/* Softmax cross-entropy: y[n x m] logits, target[n] classes (a negative one: the row does not count), weight[n];
 * -sum_i weight_i log softmax(y_i)[target_i] / n. */
double nn_cross_entropy_forward(const real *y, const int *target, const real *weight, size_t n, size_t m);
void nn_cross_entropy_backward(real *dy, const real *y, const int *target, const real *weight, double dloss, size_t n,
                               size_t m);
/* softmax of each row; p may be y. */
void nn_softmax(real *p, const real *y, size_t n, size_t m);

#endif
