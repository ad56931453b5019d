/* A stack of dense or gated layers with LeakyReLU(0.01) between them and none after the last. */
#ifndef MODEL_STACK_H
#define MODEL_STACK_H

#include "nn/layers.h"

enum { MODEL_STACK_MAX = 8 };

typedef struct {
    bool gated; /* each layer is G(a -> b): a dense layer a -> 2b and a gate */
    size_t n_layers;
    size_t width[MODEL_STACK_MAX + 1]; /* width[0] comes in, width[n_layers] goes out */
    nn_linear layer[MODEL_STACK_MAX];  /* NAME.0, NAME.1, ... */
} model_stack;

/* Carved for at most n rows. */
typedef struct {
    real *u[MODEL_STACK_MAX]; /* before the gate, n x 2 width; NULL when not gated */
    real *y[MODEL_STACK_MAX]; /* after gate and LeakyReLU, n x width */
    real *du[MODEL_STACK_MAX], *dy[MODEL_STACK_MAX];
} model_stack_buffers;

model_stack model_stack_declare(nn_params *params, const char *name, bool gated, const size_t *width, size_t n_layers,
                                nn_init init);
model_stack_buffers model_stack_carve(nn_workspace *workspace, const model_stack *stack, size_t n, bool training);
/* Answers the output, n x width[n_layers], which lies in the buffers. */
const real *model_stack_forward(const nn_params *params, const model_stack *stack, const model_stack_buffers *buffers,
                                const real *x, size_t n);
/* dout is the gradient of the output; dx[n x width[0]] may be NULL. */
void model_stack_backward(nn_params *params, const model_stack *stack, const model_stack_buffers *buffers, real *dx,
                          const real *dout, const real *x, size_t n);

#endif
