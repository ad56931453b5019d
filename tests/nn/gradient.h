/* Central differences against a backward function, in double. */
#ifndef TESTS_NN_GRADIENT_H
#define TESTS_NN_GRADIENT_H

#include "support.h"

#include "base/random.h"
#include "nn/layers.h"

/* Rounding of a sum near 1 is about 1e-16 / step = 1e-11, the neglected third derivative step^2 = 1e-10: 1e-7 leaves
 * room for sums of a few hundred terms and still sees a derivative that is wrong in its seventh digit. */
static const double GRADIENT_STEP = 1e-5, GRADIENT_TOLERANCE = 1e-7;

typedef double (*loss_function)(void *user);

static inline void check_gradient(loss_function loss, void *user, real *x, const real *dx, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        real kept = x[i];
        x[i] = kept + (real)GRADIENT_STEP;
        double above = loss(user);
        x[i] = kept - (real)GRADIENT_STEP;
        double below = loss(user);
        x[i] = kept;
        double wanted = (above - below) / (2 * GRADIENT_STEP);
        if (!(fabs((double)dx[i] - wanted) <= GRADIENT_TOLERANCE * (1 + fabs(wanted))))
            fail_msg("d%s[%zu] = %.12g, central differences say %.12g", name, i, (double)dx[i], wanted);
    }
}

/* Every parameter of an arena against its gradient block. */
static inline void check_parameter_gradients(loss_function loss, void *user, nn_params *params)
{
    for (size_t i = 0; i < params->n_tensors; i++)
        check_gradient(loss, user, nn_value(params, (int)i), nn_gradient(params, (int)i), params->tensor[i].n,
                       params->tensor[i].name);
}

static inline void fill_normal(real *x, size_t n, uint64_t seed)
{
    random_stream stream;
    random_seed(&stream, seed, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = (real)random_normal(&stream);
}

static inline double dot(const real *a, const real *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

#endif
