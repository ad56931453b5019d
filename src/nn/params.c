#include "nn/params.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

enum { ALIGNMENT = 64, ALIGNED_VALUES = ALIGNMENT / sizeof(real) };

static size_t round_up(size_t n, size_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* ---- parameters ----------------------------------------------------------------------------------------------- */

int nn_params_declare(nn_params *params, const char *name, size_t n_rows, size_t n_columns, nn_init init, size_t fan_in)
{
    assert(!params->value && "tensors are declared before their blocks are made");
    if (!MEMORY_GROW(&params->tensor, &params->capacity, params->n_tensors + 1)) {
        params->out_of_memory = true;
        return 0;
    }
    nn_tensor *tensor = &params->tensor[params->n_tensors];
    *tensor = (nn_tensor){.n_rows = n_rows, .n_columns = n_columns, .init = init, .fan_in = fan_in};
    text_copy(tensor->name, sizeof tensor->name, name);
    tensor->n = n_rows * (n_columns ? n_columns : 1);
    tensor->offset = params->n_values;
    params->n_values = round_up(params->n_values + tensor->n, ALIGNED_VALUES);
    return (int)params->n_tensors++;
}

deepstruc_status nn_params_allocate(nn_params *params, bool training, deepstruc_diag *diag)
{
    real **blocks[] = {&params->value, &params->gradient, &params->moment1, &params->moment2};
    for (int i = 0; i < (training ? 4 : 1); i++)
        if (params->out_of_memory || !(*blocks[i] = memory_aligned(params->n_values, sizeof(real))))
            return diag_no_memory(diag);
    return DEEPSTRUC_OK;
}

void nn_params_free(nn_params *params)
{
    free(params->tensor);
    free(params->value);
    free(params->gradient);
    free(params->moment1);
    free(params->moment2);
    *params = (nn_params){0};
}

static void initialise_tensor(const nn_tensor *tensor, real *value, random_stream *stream)
{
    double fan_in = tensor->fan_in > 0 ? (double)tensor->fan_in : 1, bound;
    switch (tensor->init) {
    case NN_ZERO:
    case NN_ONE:
        for (size_t i = 0; i < tensor->n; i++)
            value[i] = tensor->init == NN_ONE;
        break;
    case NN_HE:
        for (size_t i = 0; i < tensor->n; i++)
            value[i] = (real)(sqrt(2 / fan_in) * random_normal(stream));
        break;
    case NN_UNIFORM:
    case NN_GLOROT:
        bound = tensor->init == NN_UNIFORM
                    ? 1 / sqrt(fan_in)
                    : sqrt(6.0 / (double)(tensor->n_rows + (tensor->n_columns ? tensor->n_columns : 1)));
        for (size_t i = 0; i < tensor->n; i++)
            value[i] = (real)random_uniform(stream, -bound, bound);
        break;
    }
}

void nn_params_initialise(nn_params *params, uint64_t seed)
{
    for (size_t i = 0; i < params->n_tensors; i++) {
        random_stream stream;
        random_seed(&stream, seed, i);
        initialise_tensor(&params->tensor[i], nn_value(params, (int)i), &stream);
    }
}

void nn_params_zero_gradients(nn_params *params)
{
    memset(params->gradient, 0, params->n_values * sizeof(real));
}

deepstruc_status nn_params_check(const nn_params *params, const char *path, deepstruc_diag *diag)
{
    const real largest = 1e6F;
    for (size_t t = 0; t < params->n_tensors; t++) {
        const nn_tensor *tensor = &params->tensor[t];
        bool good = true;
        for (size_t i = 0; i < tensor->n; i++)
            good = good && fabs(params->value[tensor->offset + i]) <= largest;
        if (!good)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                                "tensor '%s' holds a number that no training leaves there; it is damaged",
                                tensor->name);
    }
    return DEEPSTRUC_OK;
}

int nn_params_find(const nn_params *params, const char *name)
{
    for (size_t i = 0; i < params->n_tensors; i++)
        if (strcmp(params->tensor[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* ---- workspace ------------------------------------------------------------------------------------------------ */

void *nn_carve_bytes(nn_workspace *workspace, size_t n, size_t size)
{
    size_t begin = workspace->used, bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2 - begin) {
        workspace->used = SIZE_MAX / 2; /* nn_workspace_allocate refuses it */
        return NULL;
    }
    workspace->used = round_up(begin + bytes, ALIGNMENT);
    if (!workspace->base)
        return NULL;
    assert(workspace->used <= workspace->size && "a batch is larger than the one that was counted");
    return workspace->base + begin;
}

real *nn_carve(nn_workspace *workspace, size_t n_rows, size_t n_columns)
{
    return nn_carve_bytes(workspace, n_rows, n_columns * sizeof(real));
}

deepstruc_status nn_workspace_allocate(nn_workspace *workspace, deepstruc_diag *diag)
{
    workspace->base = workspace->used < SIZE_MAX / 2 ? memory_aligned(workspace->used, 1) : NULL;
    if (!workspace->base)
        return diag_no_memory(diag);
    workspace->size = workspace->used;
    workspace->used = 0;
    return DEEPSTRUC_OK;
}

void nn_workspace_reset(nn_workspace *workspace)
{
    workspace->used = 0;
}

void nn_workspace_free(nn_workspace *workspace)
{
    free(workspace->base);
    *workspace = (nn_workspace){0};
}
