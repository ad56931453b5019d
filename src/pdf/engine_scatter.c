/* A structure in an engine: its memory, and the curve at any expansion and Biso without another look at the pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_scatter.h"

/* ---- the object ------------------------------------------------------------------------------------------------- */

deepstruc_status deepstruc_scatter_create(deepstruc_scatter **out, const deepstruc_engine *engine, deepstruc_diag *diag)
{
    deepstruc_scatter *scatter = memory_zeroed(1, sizeof *scatter);
    if (!scatter)
        return diag_no_memory(diag);
    size_t n_q = engine->n_q + 1, n_coarse = sines_mirrored_length(&engine->q_to_coarse),
           n_half = sines_mirrored_length(&engine->nodes_to_table),
           n_blocks = engine->here.n_blocks > engine->there.n_blocks ? engine->here.n_blocks : engine->there.n_blocks;
    scatter->engine = engine;
    engine_orbits_init(&scatter->orbits);
    scatter->moments = memory_aligned((engine->n_cells + KERNELS_LANES) * KERNELS_MOMENTS, sizeof *scatter->moments);
    scatter->total = memory_aligned(engine->n_cells, sizeof *scatter->total);
    scatter->node = memory_aligned(KERNELS_FRONT + engine->n_nodes + KERNELS_TAPS, sizeof *scatter->node);
    scatter->table = memory_aligned(KERNELS_FRONT + engine->n_table, sizeof *scatter->table);
    scatter->half[0] = memory_aligned(2 * n_half, sizeof *scatter->half[0]);
    scatter->sorting = memory_aligned(n_q + engine->n_nodes, sizeof *scatter->sorting);
    scatter->place = memory_aligned((3 + KERNELS_MOST_OUT) * n_q, sizeof *scatter->place);
    scatter->coarse[0][0] = memory_aligned(2 * KERNELS_MOST_OUT * n_coarse, sizeof *scatter->coarse[0][0]);
    scatter->dense = memory_aligned(n_blocks * engine->stride + 1, sizeof *scatter->dense);
    if (!scatter->moments || !scatter->total || !scatter->node || !scatter->table || !scatter->half[0] ||
        !scatter->sorting || !scatter->place || !scatter->coarse[0][0] || !scatter->dense) {
        deepstruc_scatter_destroy(scatter);
        return diag_no_memory(diag);
    }
    scatter->value = scatter->place + n_q;
    scatter->slope = scatter->place + 2 * n_q;
    for (size_t v = 0; v < KERNELS_MOST_OUT; v++) {
        scatter->f[v] = scatter->place + (3 + v) * n_q;
        scatter->coarse[0][v] = scatter->coarse[0][0] + v * n_coarse;
        scatter->coarse[1][v] = scatter->coarse[0][v] + KERNELS_MOST_OUT * n_coarse;
    }
    scatter->half[1] = scatter->half[0] + n_half;
    *out = scatter;
    return DEEPSTRUC_OK;
}

void deepstruc_scatter_destroy(deepstruc_scatter *scatter)
{
    if (!scatter)
        return;
    free(scatter->positions);
    engine_orbits_free(&scatter->orbits);
    free(scatter->moments);
    free(scatter->total);
    free(scatter->node);
    free(scatter->table);
    free(scatter->half[0]);
    free(scatter->sorting);
    free(scatter->place);
    free(scatter->coarse[0][0]);
    free(scatter->dense);
    free(scatter);
}

/* ---- evaluate --------------------------------------------------------------------------------------------------- */

static double within_limits(double expansion)
{
    return fmin(fmax(expansion, ENGINE_EXPANSION_MIN), ENGINE_EXPANSION_MAX);
}

/* F(Q_k) = F0(expansion Q_k) / expansion * exp(-biso Q_k^2 / (8 pi^2)) and, unless NULL, its derivatives. */
static void damp(deepstruc_scatter *scatter, double expansion, double biso, double *f, double *df_dexpansion,
                 double *df_dbiso)
{
    const deepstruc_engine *engine = scatter->engine;
    double qstep = engine->grid.qstep, half_msd = SETTINGS_MSD_PER_BISO / 2, first = (double)engine->grid.k_min;
    for (size_t k = 0; k < engine->n_q; k++)
        scatter->place[k] = (first + (double)k) * (qstep * expansion / engine->table_step);
    engine->kernels->read(scatter->value, df_dexpansion ? scatter->slope : NULL, scatter->place, engine->n_q,
                          scatter->table, engine->table_window, ENGINE_TABLE_COEFFICIENTS);
    /* a Gaussian on a uniform grid: its ratio from step to step changes by a constant factor */
    double square = biso * half_msd * qstep * qstep, damping = exp(-square * first * first) / expansion;
    double ratio = exp(-square * (2 * first + 1)), ratio_of_ratios = exp(-2 * square);
    for (size_t k = 0; k < engine->n_q; k++) {
        double q = (first + (double)k) * qstep;
        f[k] = scatter->value[k] * damping;
        if (df_dexpansion) {
            df_dexpansion[k] = q * scatter->slope[k] / engine->table_step * damping - f[k] / expansion;
            df_dbiso[k] = -half_msd * q * q * f[k];
        }
        damping *= ratio;
        ratio *= ratio_of_ratios;
    }
}

/* From the columns that a side needs to its points; `g` is the place of its first, the others follow `step` apart. */
static void to_points(deepstruc_scatter *scatter, const double *column, const engine_side *side, double *g, long step)
{
    const deepstruc_engine *engine = scatter->engine;
    const double *from = column + side->column;
    size_t per_block = side->n;
    if (engine->per_coarse) {
        engine->kernels->refine(scatter->dense, from, side->n_blocks, engine->output, ENGINE_OUTPUT_TAPS,
                                engine->stride);
        from = scatter->dense;
        per_block = engine->per_coarse;
    }
    for (size_t i = 0, l = side->first_in_block; i < side->n; l = 0, from += engine->stride)
        for (; l < per_block && i < side->n; l++, i++, g += step)
            *g = from[l];
}

static void to_r_grid(deepstruc_scatter *scatter, size_t v, double *g)
{
    const deepstruc_engine *engine = scatter->engine;
    size_t n = engine->grid.n_points;
    to_points(scatter, scatter->coarse[0][v], &engine->here, g, 1);
    to_points(scatter, scatter->coarse[1][v], &engine->there, g + n - 1, -1);
    if (engine->envelope)
        for (size_t i = 0; i < n; i++)
            g[i] *= engine->envelope[i];
}

/* The first n vectors of scatter->f to those of `out` that are not NULL. */
static void transform(deepstruc_scatter *scatter, double *const *out, size_t n)
{
    const deepstruc_engine *engine = scatter->engine;
    sines_mirrored_apply(&engine->q_to_coarse, engine->kernels, scatter->coarse[0], scatter->coarse[1], scatter->f,
                         scatter->sorting, n, engine->n_q);
    for (size_t v = 0; v < n; v++)
        if (out[v])
            to_r_grid(scatter, v, out[v]);
}

void deepstruc_scatter_evaluate(deepstruc_scatter *scatter, double expansion, double biso, double *g,
                                double *dg_dexpansion, double *dg_dbiso)
{
    bool derivatives = dg_dexpansion || dg_dbiso;
    double *const out[KERNELS_MOST_OUT] = {g, dg_dexpansion, dg_dbiso};
    damp(scatter, within_limits(expansion), biso, scatter->f[0], derivatives ? scatter->f[1] : NULL, scatter->f[2]);
    transform(scatter, out, derivatives ? 3 : 1);
}

void deepstruc_scatter_evaluate_sizes(deepstruc_scatter *scatter, const double *expansion, size_t n, double biso,
                                      double *const *g)
{
    for (size_t i = 0; i < n; i += KERNELS_MOST_OUT) {
        size_t count = n - i < KERNELS_MOST_OUT ? n - i : KERNELS_MOST_OUT;
        for (size_t v = 0; v < count; v++)
            damp(scatter, within_limits(expansion[i + v]), biso, scatter->f[v], NULL, NULL);
        transform(scatter, g + i, count);
    }
}
