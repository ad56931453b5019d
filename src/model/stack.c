#include "model/stack.h"

#include <stdio.h>

model_stack model_stack_declare(nn_params *params, const char *name, bool gated, const size_t *width, size_t n_layers,
                                nn_init init)
{
    char full[2 * NN_NAME_SIZE];
    model_stack stack = {.gated = gated, .n_layers = n_layers};
    for (size_t l = 0; l <= n_layers; l++)
        stack.width[l] = width[l];
    for (size_t l = 0; l < n_layers; l++) {
        snprintf(full, sizeof full, "%s.%zu", name, l);
        stack.layer[l] = nn_linear_declare(params, full, width[l], gated ? 2 * width[l + 1] : width[l + 1], init);
    }
    return stack;
}

model_stack_buffers model_stack_carve(nn_workspace *workspace, const model_stack *stack, size_t n, bool training)
{
    model_stack_buffers buffers = {0};
    for (size_t l = 0; l < stack->n_layers; l++) {
        size_t m = stack->width[l + 1];
        buffers.u[l] = stack->gated ? nn_carve(workspace, n, 2 * m) : NULL;
        buffers.y[l] = nn_carve(workspace, n, m);
        if (!training)
            continue;
        buffers.du[l] = stack->gated ? nn_carve(workspace, n, 2 * m) : NULL;
        buffers.dy[l] = nn_carve(workspace, n, m);
    }
    return buffers;
}

const real *model_stack_forward(const nn_params *params, const model_stack *stack, const model_stack_buffers *buffers,
                                const real *x, size_t n)
{
    for (size_t l = 0; l < stack->n_layers; l++) {
        size_t m = stack->width[l + 1];
        real *y = buffers->y[l];
        nn_linear_forward(params, &stack->layer[l], stack->gated ? buffers->u[l] : y, x, n);
        if (stack->gated)
            nn_gate_forward(y, buffers->u[l], n, m);
        if (l + 1 < stack->n_layers)
            nn_leaky_relu_forward(y, y, NN_LEAK, n * m);
        x = y;
    }
    return x;
}

void model_stack_backward(nn_params *params, const model_stack *stack, const model_stack_buffers *buffers, real *dx,
                          const real *dout, const real *x, size_t n)
{
    const real *dy = dout;
    for (size_t l = stack->n_layers; l-- > 0;) {
        size_t m = stack->width[l + 1];
        const real *x_in = l > 0 ? buffers->y[l - 1] : x;
        real *dx_in = l > 0 ? buffers->dy[l - 1] : dx;
        if (l + 1 < stack->n_layers) { /* dy then is buffers->dy[l] */
            nn_leaky_relu_backward(buffers->dy[l], dy, buffers->y[l], NN_LEAK, n * m);
        }
        if (stack->gated) {
            nn_gate_backward(buffers->du[l], dy, buffers->u[l], n, m);
            dy = buffers->du[l];
        }
        nn_linear_backward(params, &stack->layer[l], dx_in, dy, x_in, n);
        dy = dx_in;
    }
}
