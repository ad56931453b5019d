/* Engines: the tables of engine_plan.h, made once per r-grid and Q-range. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_plan.h"

/* How much finer than Nyquist the nodes (at the largest expansion) and the table are; 8 taps then err by 5e-8. */
static const double NODE_SIGMA = 1.75, TABLE_SIGMA = 1.8;
static const size_t MAX_MATRIX = (size_t)1 << 26; /* entries: 512 MiB */

static deepstruc_status make_matrix(engine_matrix *matrix, size_t rows, size_t columns, deepstruc_diag *diag)
{
    *matrix = (engine_matrix){.rows = rows, .columns = columns, .stride = (columns + 7) / 8 * 8};
    if (rows > MAX_MATRIX / matrix->stride)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE,
                         "a sine table of %zu x %zu is too large: lower rmax or qmax, or raise rstep", rows, columns);
    matrix->at = memory_aligned(rows * matrix->stride, sizeof *matrix->at);
    return matrix->at ? DEEPSTRUC_OK : diag_no_memory(diag);
}

/* Distances -> nodes -> table. */
static deepstruc_status plan_load(deepstruc_engine *engine, deepstruc_diag *diag)
{
    double q_top = ENGINE_EXPANSION_MAX * engine->settings.qmax;
    engine->node_step = M_PI / (NODE_SIGMA * q_top);
    engine->cell = engine->node_step / ENGINE_CELLS_PER_NODE;
    engine->n_cells = (size_t)(engine->grid.r_high / engine->cell) + 2; /* one for rounding */
    engine->n_nodes = (engine->n_cells - 1) / ENGINE_CELLS_PER_NODE + 1 + DEBYE_WINDOW_TAPS / 2;
    debye_window window = debye_window_make(DEBYE_WINDOW_TAPS, NODE_SIGMA);
    for (int l = 0; l < ENGINE_FINE_PER_NODE; l++)
        for (int p = 0; p < DEBYE_WINDOW_TAPS; p++)
            engine->spread[l][p] =
                debye_window_value(&window, (double)l / ENGINE_FINE_PER_NODE + DEBYE_WINDOW_TAPS / 2 - 1 - p);

    engine->table_step = M_PI / (TABLE_SIGMA * (double)engine->n_nodes * engine->node_step);
    engine->n_table = (size_t)(q_top / engine->table_step) + 1 + DEBYE_WINDOW_TAPS / 2;
    debye_window table_window = debye_window_make(DEBYE_WINDOW_TAPS, TABLE_SIGMA);
    debye_window_fit(&engine->table_window, &table_window);
    deepstruc_status status = make_matrix(&engine->nodes_to_table, engine->n_nodes, engine->n_table, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    engine->source = memory_aligned(2 * engine->n_cells + 1, sizeof *engine->source);
    if (!engine->source)
        return diag_no_memory(diag);
    for (size_t i = 1; i <= 2 * engine->n_cells; i++) {
        double r = (double)i * engine->cell / 2;
        engine->source[i] = 1 / (r * debye_window_transform(&table_window, r * engine->table_step));
    }
    engine->source[0] = engine->source[1];
    for (size_t m = 0; m < engine->n_nodes; m++)
        for (size_t j = 0; j < engine->n_table; j++) {
            double q = (double)j * engine->table_step;
            engine->nodes_to_table.at[m * engine->nodes_to_table.stride + j] =
                sin(q * ((double)(m + 1) * engine->node_step)) / debye_window_transform(&window, q * engine->node_step);
        }
    return DEEPSTRUC_OK;
}

/* Q values -> coarse points -> r-grid. Coarse steps are worth it when each serves several points of the r-grid. */
static deepstruc_status plan_output(deepstruc_engine *engine, deepstruc_diag *diag)
{
    const double wanted_sigma = 1.5;
    const int taps = 12;
    const settings_grid *grid = &engine->grid;
    long per_coarse = (long)(M_PI / (wanted_sigma * engine->settings.qmax) / grid->rstep),
         last = grid->first + (long)grid->n_points - 1;
    long coarse_first = grid->first, coarse_end = last + 1;
    double coarse_step = grid->rstep;
    debye_window window = {0};
    if (per_coarse >= 2) {
        engine->per_coarse = per_coarse;
        engine->output_taps = taps;
        coarse_step = (double)per_coarse * grid->rstep;
        coarse_first = grid->first / per_coarse - (taps / 2 - 1);
        coarse_end = last / per_coarse + taps / 2 + 1;
        window = debye_window_make(taps, M_PI / (engine->settings.qmax * coarse_step));
        engine->output = memory_aligned((size_t)taps * (size_t)per_coarse, sizeof *engine->output);
        if (!engine->output)
            return diag_no_memory(diag);
        for (int p = 0; p < taps; p++)
            for (long l = 0; l < per_coarse; l++)
                engine->output[p * per_coarse + l] =
                    debye_window_value(&window, (double)l / (double)per_coarse + taps / 2 - 1 - p);
    }
    engine->coarse_first = coarse_first;
    deepstruc_status status = make_matrix(&engine->q_to_coarse, engine->n_q, (size_t)(coarse_end - coarse_first), diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t k = 0; k < engine->n_q; k++) {
        double q = engine->q[k], height = 2 / M_PI * grid->qstep;
        if (engine->per_coarse)
            height /= debye_window_transform(&window, q * coarse_step);
        for (long i = coarse_first; i < coarse_end; i++)
            engine->q_to_coarse.at[k * engine->q_to_coarse.stride + (size_t)(i - coarse_first)] =
                height * sin(q * ((double)i * coarse_step));
    }
    return DEEPSTRUC_OK;
}

static deepstruc_status plan_q_and_envelope(deepstruc_engine *engine, deepstruc_diag *diag)
{
    const settings_grid *grid = &engine->grid;
    engine->n_q = grid->n_q - grid->k_min;
    engine->q = memory_aligned(engine->n_q + 1, sizeof *engine->q);
    if (!engine->q)
        return diag_no_memory(diag);
    for (size_t k = 0; k < engine->n_q; k++)
        engine->q[k] = (double)(grid->k_min + k) * grid->qstep;
    double qdamp = engine->settings.qdamp;
    if (!(qdamp > 0))
        return DEEPSTRUC_OK;
    engine->envelope = memory_aligned(grid->n_points, sizeof *engine->envelope);
    if (!engine->envelope)
        return diag_no_memory(diag);
    for (size_t i = 0; i < grid->n_points; i++) {
        double damped = qdamp * ((double)(grid->first + (long)i) * grid->rstep);
        engine->envelope[i] = exp(-damped * damped / 2);
    }
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_engine_create(deepstruc_engine **out, const deepstruc_pdf_settings *settings,
                                         deepstruc_diag *diag)
{
    deepstruc_status status = settings_check(settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (settings->delta1 != 0 || settings->delta2 != 0 || settings->qbroad != 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "an engine wants delta1, delta2 and qbroad of 0: use deepstruc_pdf_simulate for them");
    deepstruc_engine *engine = memory_zeroed(1, sizeof *engine);
    if (!engine)
        return diag_no_memory(diag);
    engine->settings = *settings;
    status = settings_make_grid(&engine->grid, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_load(engine, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_q_and_envelope(engine, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_output(engine, diag);
    if (status != DEEPSTRUC_OK) {
        deepstruc_engine_destroy(engine);
        return status;
    }
    *out = engine;
    return DEEPSTRUC_OK;
}

void deepstruc_engine_destroy(deepstruc_engine *engine)
{
    if (!engine)
        return;
    free(engine->source);
    free(engine->nodes_to_table.at);
    free(engine->q_to_coarse.at);
    free(engine->q);
    free(engine->output);
    free(engine->envelope);
    free(engine);
}

size_t deepstruc_engine_n_points(const deepstruc_engine *engine)
{
    return engine->grid.n_points;
}

void engine_combine(double *out, const engine_matrix *matrix, size_t columns, const double *weight, size_t n_rows)
{
    for (size_t i = 0; i < columns; i++)
        out[i] = 0;
    for (size_t k = 0; k < n_rows; k++) {
        const double *row = matrix->at + k * matrix->stride;
        for (size_t i = 0; i < columns; i++)
            out[i] += weight[k] * row[i];
    }
}
