#include "nn/attention.h"
#include "nn/vector.h"

#include <stdio.h>
#include <string.h>

static const real ATTENTION_LEAK = (real)0.2;
enum { COLUMN_BLOCK = 64, SMALL = 1 << 15 };

nn_attention nn_attention_declare(nn_params *params, const char *name, size_t n_in, size_t n_out, nn_init init)
{
    char full[2 * NN_NAME_SIZE];
    nn_attention layer = {.n_in = n_in, .n_out = n_out};
    snprintf(full, sizeof full, "%s.weight", name);
    layer.weight = nn_params_declare(params, full, n_out, n_in, init, n_in);
    snprintf(full, sizeof full, "%s.att_src", name);
    layer.source = nn_params_declare(params, full, n_out, 0, NN_GLOROT, n_out);
    snprintf(full, sizeof full, "%s.att_dst", name);
    layer.target = nn_params_declare(params, full, n_out, 0, NN_GLOROT, n_out);
    snprintf(full, sizeof full, "%s.bias", name);
    layer.bias = nn_params_declare(params, full, n_out, 0, NN_ZERO, n_in);
    return layer;
}

static bool widens(const nn_attention *layer)
{
    return layer->n_in < layer->n_out;
}

nn_attention_buffers nn_attention_carve(nn_workspace *workspace, const nn_attention *layer, size_t n, size_t n_edges,
                                        bool training)
{
    size_t m = widens(layer) ? layer->n_in : layer->n_out;
    nn_attention_buffers buffers = {.narrow = nn_carve(workspace, n, m),
                                    .score = nn_carve(workspace, n, 2),
                                    .alpha = nn_carve(workspace, n_edges, 1),
                                    .vector = nn_carve(workspace, 4, layer->n_in)};
    if (training) {
        buffers.dnarrow = nn_carve(workspace, n, m);
        buffers.dscore = nn_carve(workspace, n, 2);
        buffers.dalpha = nn_carve(workspace, n_edges, 1);
    }
    return buffers;
}

/* ---- the attention itself, on rows x[n x m] with score vectors `source` and `target` [m] ---------------------- */

static inline real dot(const real *a, const real *b, size_t m)
{
    real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t c = 0; c < m; c++)
        sum += a[c] * b[c];
    return sum;
}

static inline void add_scaled(real *restrict sum, real factor, const real *restrict x, size_t m)
{
#pragma omp simd
    for (size_t c = 0; c < m; c++)
        sum[c] += factor * x[c];
}

static inline real leak(real raw)
{
    return raw > 0 ? raw : ATTENTION_LEAK * raw;
}

NN_KERNEL static void attend_forward(real *y, real *score, real *alpha, const real *x, const real *source,
                                     const real *target, const nn_graphs *graphs, size_t m)
{
#pragma omp parallel if (graphs->n_edges * m > SMALL)
    {
#pragma omp for schedule(static)
        for (size_t i = 0; i < graphs->n_nodes; i++) {
            score[2 * i] = dot(source, x + i * m, m);
            score[2 * i + 1] = dot(target, x + i * m, m);
        }
#pragma omp for schedule(static)
        for (size_t i = 0; i < graphs->n_nodes; i++) {
            uint32_t first = graphs->begin[i], last = graphs->begin[i + 1];
            real top = -INFINITY, sum = 0;
            for (uint32_t e = first; e < last; e++) {
                alpha[e] = leak(score[2 * graphs->source[e]] + score[2 * i + 1]);
                top = alpha[e] > top ? alpha[e] : top;
            }
            for (uint32_t e = first; e < last; e++)
                sum += alpha[e] = nn_exp(alpha[e] - top);
            memset(y + i * m, 0, m * sizeof *y);
            for (uint32_t e = first; e < last; e++) {
                alpha[e] /= sum;
                add_scaled(y + i * m, alpha[e], x + (size_t)graphs->source[e] * m, m);
            }
        }
    }
}

/* Row i: from dy_i to the gradients of its edges' raw scores, dalpha[e]; their sum is that of the target's score. */
static inline void scores_backward_row(real *dalpha, real *dscore, const real *dy, const real *alpha, const real *score,
                                       const real *x, const nn_graphs *graphs, size_t m, size_t i)
{
    uint32_t first = graphs->begin[i], last = graphs->begin[i + 1];
    real mean = 0, sum = 0;
    for (uint32_t e = first; e < last; e++) { /* y_i = sum_e alpha_e x_source(e) */
        dalpha[e] = dot(dy + i * m, x + (size_t)graphs->source[e] * m, m);
        mean += alpha[e] * dalpha[e];
    }
    for (uint32_t e = first; e < last; e++) { /* alpha = softmax(leak(raw)) */
        real raw = score[2 * graphs->source[e]] + score[2 * i + 1];
        dalpha[e] = alpha[e] * (dalpha[e] - mean) * (raw > 0 ? 1 : ATTENTION_LEAK);
        sum += dalpha[e];
    }
    dscore[2 * i + 1] = sum;
}

NN_KERNEL static void attend_backward(real *dx, real *dsource, real *dtarget, real *dscore, real *dalpha,
                                      const real *dy, const real *x, const real *alpha, const real *score,
                                      const real *source, const real *target, const nn_graphs *graphs, size_t m)
{
    size_t n = graphs->n_nodes, n_blocks = (m + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
#pragma omp parallel if (graphs->n_edges * m > SMALL)
    {
#pragma omp for schedule(static)
        for (size_t i = 0; i < n; i++)
            scores_backward_row(dalpha, dscore, dy, alpha, score, x, graphs, m, i);
#pragma omp for schedule(static)
        for (size_t j = 0; j < n; j++) { /* what x_j gave to its neighbours comes back along the partner edges */
            real sum = 0, *dxj = dx ? dx + j * m : NULL;
            for (uint32_t e = graphs->begin[j]; e < graphs->begin[j + 1]; e++)
                sum += dalpha[graphs->reverse[e]];
            dscore[2 * j] = sum;
            if (!dx)
                continue;
            for (size_t c = 0; c < m; c++)
                dxj[c] = sum * source[c] + dscore[2 * j + 1] * target[c];
            for (uint32_t e = graphs->begin[j]; e < graphs->begin[j + 1]; e++)
                add_scaled(dxj, alpha[graphs->reverse[e]], dy + (size_t)graphs->source[e] * m, m);
        }
#pragma omp for schedule(static)
        for (size_t block = 0; block < n_blocks; block++) { /* score = x . vector: dvector += sum_i dscore_i x_i */
            size_t first = block * COLUMN_BLOCK, width = m - first < COLUMN_BLOCK ? m - first : COLUMN_BLOCK;
            for (size_t i = 0; i < n; i++) {
                add_scaled(dsource + first, dscore[2 * i], x + i * m + first, width);
                add_scaled(dtarget + first, dscore[2 * i + 1], x + i * m + first, width);
            }
        }
    }
}

/* ---- the layer ------------------------------------------------------------------------------------------------ */

static void add_to_rows(real *y, const real *row, size_t n, size_t m)
{
#pragma omp parallel for schedule(static) if (n * m > SMALL)
    for (size_t i = 0; i < n; i++)
        add_scaled(y + i * m, 1, row, m);
}

void nn_attention_forward(const nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers,
                          real *y, const real *x, const nn_graphs *graphs)
{
    size_t n = graphs->n_nodes, n_in = layer->n_in, n_out = layer->n_out;
    const real *weight = nn_value(params, layer->weight), *bias = nn_value(params, layer->bias);
    const real *source = nn_value(params, layer->source), *target = nn_value(params, layer->target);
    if (widens(layer)) {
        real *in_source = buffers->vector, *in_target = in_source + n_in;
        real_gemm(false, false, 1, n_in, n_out, source, n_out, weight, n_in, 0, in_source, n_in); /* W^T a */
        real_gemm(false, false, 1, n_in, n_out, target, n_out, weight, n_in, 0, in_target, n_in);
        attend_forward(buffers->narrow, buffers->score, buffers->alpha, x, in_source, in_target, graphs, n_in);
        nn_fill_rows(y, bias, n, n_out);
        real_gemm(false, true, n, n_out, n_in, buffers->narrow, n_in, weight, n_in, 1, y,
                  n_out); /* y = (A x) W^T + b */
    } else {
        real_gemm(false, true, n, n_out, n_in, x, n_in, weight, n_in, 0, buffers->narrow, n_out); /* h = x W^T */
        attend_forward(y, buffers->score, buffers->alpha, buffers->narrow, source, target, graphs, n_out);
        add_to_rows(y, bias, n, n_out);
    }
}

static void widening_backward(nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers,
                              real *dx, const real *dy, const real *x, const nn_graphs *graphs)
{
    size_t n = graphs->n_nodes, n_in = layer->n_in, n_out = layer->n_out;
    const real *weight = nn_value(params, layer->weight);
    real *dweight = nn_gradient(params, layer->weight), *in_source = buffers->vector, *in_target = in_source + n_in;
    real *din_source = in_target + n_in, *din_target = din_source + n_in;
    memset(din_source, 0, 2 * n_in * sizeof(real));
    /* y = (A x) W^T + b */
    real_gemm(true, false, n_out, n_in, n, dy, n_out, buffers->narrow, n_in, 1, dweight, n_in);
    real_gemm(false, false, n, n_in, n_out, dy, n_out, weight, n_in, 0, buffers->dnarrow, n_in);
    attend_backward(dx, din_source, din_target, buffers->dscore, buffers->dalpha, buffers->dnarrow, x, buffers->alpha,
                    buffers->score, in_source, in_target, graphs, n_in);
    const int vector[2] = {layer->source, layer->target};
    for (int k = 0; k < 2; k++) { /* v = W^T a: dW += a dv^T, da += W dv */
        const real *a = nn_value(params, vector[k]), *dv = k ? din_target : din_source;
        real *da = nn_gradient(params, vector[k]);
        for (size_t j = 0; j < n_out; j++) {
            add_scaled(dweight + j * n_in, a[j], dv, n_in);
            da[j] += dot(weight + j * n_in, dv, n_in);
        }
    }
}

static void narrowing_backward(nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers,
                               real *dx, const real *dy, const real *x, const nn_graphs *graphs)
{
    size_t n = graphs->n_nodes, n_in = layer->n_in, n_out = layer->n_out;
    /* y = A h + b, h = x W^T */
    attend_backward(buffers->dnarrow, nn_gradient(params, layer->source), nn_gradient(params, layer->target),
                    buffers->dscore, buffers->dalpha, dy, buffers->narrow, buffers->alpha, buffers->score,
                    nn_value(params, layer->source), nn_value(params, layer->target), graphs, n_out);
    real_gemm(true, false, n_out, n_in, n, buffers->dnarrow, n_out, x, n_in, 1, nn_gradient(params, layer->weight),
              n_in);
    if (dx)
        real_gemm(false, false, n, n_in, n_out, buffers->dnarrow, n_out, nn_value(params, layer->weight), n_in, 0, dx,
                  n_in);
}

void nn_attention_backward(nn_params *params, const nn_attention *layer, const nn_attention_buffers *buffers, real *dx,
                           const real *dy, const real *x, const nn_graphs *graphs)
{
    nn_add_column_sums(nn_gradient(params, layer->bias), dy, graphs->n_nodes, layer->n_out);
    if (widens(layer))
        widening_backward(params, layer, buffers, dx, dy, x, graphs);
    else
        narrowing_backward(params, layer, buffers, dx, dy, x, graphs);
}

/* ---- pooling -------------------------------------------------------------------------------------------------- */

void nn_pool_forward(real *y, real *alpha, const real *x, const real *logit, const nn_graphs *graphs, size_t m)
{
#pragma omp parallel for schedule(static) if (graphs->n_nodes * m > SMALL)
    for (size_t g = 0; g < graphs->n_graphs; g++) {
        uint32_t first = graphs->graph_begin[g], n = graphs->graph_begin[g + 1] - first;
        nn_softmax(alpha + first, logit + first, 1, n);
        memset(y + g * m, 0, m * sizeof *y);
        for (uint32_t i = first; i < first + n; i++)
            add_scaled(y + g * m, alpha[i], x + (size_t)i * m, m);
    }
}

void nn_pool_backward(real *dx, real *dlogit, const real *dy, const real *y, const real *alpha, const real *x,
                      const nn_graphs *graphs, size_t m)
{
#pragma omp parallel for schedule(static) if (graphs->n_nodes * m > SMALL)
    for (size_t g = 0; g < graphs->n_graphs; g++) {
        const real *dyg = dy + g * m;
        real mean = dot(dyg, y + g * m, m); /* sum_i alpha_i dalpha_i, since y = sum_i alpha_i x_i */
        for (uint32_t i = graphs->graph_begin[g]; i < graphs->graph_begin[g + 1]; i++) {
            dlogit[i] = alpha[i] * (dot(dyg, x + (size_t)i * m, m) - mean);
            for (size_t c = 0; c < m; c++)
                dx[(size_t)i * m + c] = alpha[i] * dyg[c];
        }
    }
}
