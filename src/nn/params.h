/* Arenas. Parameters are named tensors in one block, with gradients and Adam's moments in blocks of the same layout, so
 * that the optimiser, the checkpoint and the file are one loop each. Activations are carved from a workspace. */
#ifndef NN_PARAMS_H
#define NN_PARAMS_H

#include <stdint.h>

#include <deepstruc/deepstruc.h>

#include "nn/real.h"

typedef enum {
    NN_ZERO,
    NN_ONE,
    NN_HE,      /* normal, variance 2 / fan_in (He et al. 2015, doi 10.1109/ICCV.2015.123) */
    NN_UNIFORM, /* uniform within 1 / sqrt(fan_in): what PyTorch's dense layers start from */
    NN_GLOROT   /* uniform within sqrt(6 / (rows + columns)): what graph attention starts from */
} nn_init;

enum { NN_NAME_SIZE = 64 };

typedef struct {
    char name[NN_NAME_SIZE];
    size_t n_rows, n_columns; /* n_columns 0: a vector of n_rows */
    size_t offset, n;         /* where its n values begin in the blocks */
    nn_init init;
    size_t fan_in;
} nn_tensor;

typedef struct {
    size_t n_tensors, capacity;
    nn_tensor *tensor;
    size_t n_values; /* length of each block, gaps for alignment included (they stay zero) */
    real *value, *gradient;
    real *moment1, *moment2; /* NULL unless made for training */
    bool out_of_memory;      /* set by a declaration; nn_params_allocate reports it */
} nn_params;

/* Declares a tensor and answers its index. Layers do this for theirs. */
int nn_params_declare(nn_params *params, const char *name, size_t n_rows, size_t n_columns, nn_init init,
                      size_t fan_in);
/* After the declarations: the blocks, zeroed; gradients and moments only when `training`. */
deepstruc_status nn_params_allocate(nn_params *params, bool training, deepstruc_diag *diag);
void nn_params_free(nn_params *params); /* {0} is fine */
/* Fills the values as declared; each tensor has its own random stream, so that one more layer moves no other's start.
 */
void nn_params_initialise(nn_params *params, uint64_t seed);
void nn_params_zero_gradients(nn_params *params);
/* BAD_INPUT when a value that came from the file `path` is beyond 1e6, where no training gets to: without such ones a
 * layer of thousands of inputs with a norm behind it stays within what a float holds. */
deepstruc_status nn_params_check(const nn_params *params, const char *path, deepstruc_diag *diag);
/* Index of a tensor; -1 when there is none of that name. */
int nn_params_find(const nn_params *params, const char *name);

static inline real *nn_value(const nn_params *params, int tensor)
{
    return params->value + params->tensor[tensor].offset;
}

static inline real *nn_gradient(const nn_params *params, int tensor)
{
    return params->gradient + params->tensor[tensor].offset;
}

/* A workspace. While `base` is NULL it only counts: a model carves its buffers once for the largest batch, allocates,
 * and from then on resets and carves per batch without allocating. */
typedef struct {
    unsigned char *base;
    size_t used, size; /* bytes */
} nn_workspace;

/* Room for n_rows x n_columns reals (or `bytes`), 64-byte aligned, not cleared; NULL while counting. Carving more than
 * was counted is a programming error and ends in an assertion. */
real *nn_carve(nn_workspace *workspace, size_t n_rows, size_t n_columns);
void *nn_carve_bytes(nn_workspace *workspace, size_t n, size_t size);
/* Ends the counting: allocates what was counted. */
deepstruc_status nn_workspace_allocate(nn_workspace *workspace, deepstruc_diag *diag);
void nn_workspace_reset(nn_workspace *workspace);
void nn_workspace_free(nn_workspace *workspace);

#endif
