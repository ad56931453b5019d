#include <stdio.h>

#include "model/sites.h"

sites_block sites_block_declare(nn_params *params, const char *name, size_t n_in, size_t n_out)
{
    char norm[NN_NAME_SIZE];
    snprintf(norm, sizeof norm, "%s.norm", name);
    sites_block block = {.residual = n_in == n_out};
    block.linear = nn_linear_declare(params, name, n_in, n_out, NN_HE);
    block.norm = nn_norm_declare(params, norm, n_out);
    return block;
}

sites_block_buffers sites_block_carve(nn_workspace *workspace, const sites_block *block, size_t n, bool training)
{
    size_t m = block->linear.n_out;
    sites_block_buffers buffers = {.linear = nn_carve(workspace, n, m),
                                   .stats = nn_carve(workspace, n, 2),
                                   .norm = nn_carve(workspace, n, m),
                                   .y = nn_carve(workspace, n, m)};
    if (training) {
        buffers.dy = nn_carve(workspace, n, m);
        buffers.scratch = nn_carve(workspace, n, m);
    }
    return buffers;
}

void sites_block_forward(const nn_params *params, const sites_block *block, sites_block_buffers *b, const real *x,
                         size_t n)
{
    nn_linear_forward(params, &block->linear, b->linear, x, n);
    nn_norm_forward(params, &block->norm, b->norm, b->stats, b->linear, n);
    nn_silu_forward(b->y, b->norm, n * block->linear.n_out);
    if (block->residual)
        nn_add(b->y, x, n * block->linear.n_out);
}

void sites_block_backward(nn_params *params, const sites_block *block, sites_block_buffers *b, real *dx, const real *x,
                          size_t n)
{
    size_t m = block->linear.n_out;
    nn_silu_backward(b->scratch, b->dy, b->norm, n * m);
    nn_norm_backward(params, &block->norm, b->scratch, b->scratch, b->linear, b->stats, n);
    nn_linear_backward(params, &block->linear, dx, b->scratch, x, n);
    if (block->residual && dx) /* y = x + SiLU(...) */
        nn_add(dx, b->dy, n * m);
}
