#include "nn/adam.h"
#include "nn/vector.h"

enum { CHUNK = 1 << 16 }; /* values per partial sum and per piece of a thread's work */

nn_adam nn_adam_default(void)
{
    return (nn_adam){.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
}

NN_KERNEL static double sum_of_squares(const real *x, size_t n)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

/* Values of the blocks. */
typedef struct {
    size_t first, end;
} range;

/* What of a tensor is within; first is end or more where nothing is. */
static range within(const nn_tensor *tensor, range whole)
{
    size_t end = tensor->offset + tensor->n;
    return (range){tensor->offset > whole.first ? tensor->offset : whole.first, end < whole.end ? end : whole.end};
}

/* Partial sums per tensor are added in the tensors' order, whichever thread made them. */
double nn_adam_squares(const nn_params *params, size_t first, size_t end)
{
    double sum = 0;
#pragma omp parallel for ordered schedule(static, 1) if (end - first > CHUNK)
    for (size_t i = 0; i < params->n_tensors; i++) {
        range r = within(&params->tensor[i], (range){first, end});
        double partial = r.first < r.end ? sum_of_squares(params->gradient + r.first, r.end - r.first) : 0;
#pragma omp ordered
        sum += partial;
    }
    return sum;
}

typedef struct {
    real keep1, take1, keep2, take2; /* beta and 1 - beta, the latter before rounding to float */
    real epsilon, rate, correction2, decay, gradient_scale;
} coefficients;

/* Updates n values, clears their gradients and answers the sum of the gradients' squares. */
NN_KERNEL static double update(const coefficients *c, real *value, real *gradient, real *moment1, real *moment2,
                               size_t n)
{
    double squares = 0;
#pragma omp simd reduction(+ : squares)
    for (size_t i = 0; i < n; i++) {
        real g = c->gradient_scale * gradient[i];
        squares += (double)gradient[i] * (double)gradient[i];
        gradient[i] = 0;
        moment1[i] = c->keep1 * moment1[i] + c->take1 * g;
        moment2[i] = c->keep2 * moment2[i] + c->take2 * g * g;
        value[i] = c->decay * value[i] - c->rate * moment1[i] / (sqrt(moment2[i] * c->correction2) + c->epsilon);
    }
    return squares;
}

static double update_range(const coefficients *c, nn_params *params, range r)
{
    size_t n_chunks = r.first < r.end ? (r.end - r.first + CHUNK - 1) / CHUNK : 0;
    double squares = 0;
#pragma omp parallel for ordered schedule(static, 1) if (n_chunks > 1)
    for (size_t chunk = 0; chunk < n_chunks; chunk++) {
        size_t first = r.first + chunk * CHUNK, n = r.end - first;
        double partial = update(c, params->value + first, params->gradient + first, params->moment1 + first,
                                params->moment2 + first, n < CHUNK ? n : CHUNK);
#pragma omp ordered
        squares += partial;
    }
    return squares;
}

static double step_range(const nn_adam *adam, nn_params *params, double learning_rate, long step, double norm,
                         range whole)
{
    double squares = 0;
    double correction1 = 1 / (1 - pow(adam->beta1, (double)step)),
           correction2 = 1 / (1 - pow(adam->beta2, (double)step));
    coefficients c = {.keep1 = (real)adam->beta1,
                      .take1 = (real)(1 - adam->beta1),
                      .keep2 = (real)adam->beta2,
                      .take2 = (real)(1 - adam->beta2),
                      .epsilon = (real)adam->epsilon,
                      .rate = (real)(learning_rate * correction1),
                      .correction2 = (real)correction2,
                      .gradient_scale = (real)(adam->clip > 0 && norm > adam->clip ? adam->clip / norm : 1)};
    for (size_t i = 0; i < params->n_tensors; i++) {
        bool is_matrix = params->tensor[i].n_columns > 0;
        c.decay = (real)(is_matrix ? 1 - learning_rate * adam->weight_decay : 1);
        squares += update_range(&c, params, within(&params->tensor[i], whole));
    }
    return squares;
}

void nn_adam_step_part(const nn_adam *adam, nn_params *params, double learning_rate, long step, double norm,
                       size_t first, size_t end)
{
    step_range(adam, params, learning_rate, step, norm, (range){first, end});
}

double nn_adam_step(const nn_adam *adam, nn_params *params, double learning_rate, long step)
{
    range all = {0, params->n_values};
    double norm = adam->clip > 0 ? sqrt(nn_adam_squares(params, all.first, all.end)) : 0;
    return isfinite(norm) ? sqrt(step_range(adam, params, learning_rate, step, norm, all)) : norm;
}

double nn_cosine_rate(double high, double low, long step, long n_warmup, long n_steps)
{
    if (step < n_warmup)
        return high * (double)(step + 1) / (double)n_warmup;
    double fraction = n_steps > n_warmup ? (double)(step - n_warmup) / (double)(n_steps - n_warmup) : 1;
    return low + (high - low) * (1 + cos(M_PI * (fraction < 1 ? fraction : 1))) / 2;
}
