/* Engines: the tables of engine_plan.h, made once per r-grid and Q-range. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_plan.h"
#include "pdf/sines.h"

/* How much finer than Nyquist the nodes (at the largest expansion), the table and the coarse points are at least:
 * windows of 16, 16 and 12 taps then err by 6e-9, 6e-9 and 4e-9 at the very end of the band. */
static const double NODE_SIGMA = 1.2, TABLE_SIGMA = 1.2, COARSE_SIGMA = 1.5;
static const double NODES_PER_CELL = 1.0 / ENGINE_CELLS_PER_NODE;

/* ---- distances -> nodes -> table -------------------------------------------------------------------------------- */

/* source[m][k]: t^k / (r transform) near the middle of a cell as a polynomial sum over m of source[m][k] v^m, for r =
 * middle + t cell and v = r^2 - middle^2. It is fitted at Chebyshev points of v. */
static void plan_source(double source[KERNELS_MOMENTS][KERNELS_MOMENTS], const deepstruc_engine *engine, double middle,
                        const double *point, const double *series)
{
    enum { N = KERNELS_MOMENTS };
    double reach = KERNELS_REACH * engine->cell, low = pow(fmax(middle - reach, 0), 2) - middle * middle;
    double high = pow(middle + reach, 2) - middle * middle, centre = (high + low) / 2, radius = (high - low) / 2;
    double fitted[N][N] = {{0}}; /* powers of (v - centre) / radius */
    for (size_t p = 0; p < N; p++) {
        double r = sqrt(middle * middle + centre + radius * point[p]), t = (r - middle) / engine->cell;
        double value = 1 / (r * debye_window_transform(&engine->source_window, r * engine->table_step));
        for (size_t k = 0; k < N; k++, value *= t)
            for (size_t m = 0; m < N; m++)
                fitted[m][k] += series[m * N + p] * value;
    }
    for (size_t power = N; power-- > 0;) /* Horner's rule, on polynomials in v */
        for (size_t k = 0; k < N; k++) {
            for (size_t m = N - 1; m > 0; m--)
                source[m][k] = (source[m - 1][k] - source[m][k] * centre) / radius;
            source[0][k] = fitted[power][k] - source[0][k] * centre / radius;
        }
}

static void plan_cells(deepstruc_engine *engine, const debye_window *window)
{
    double point[KERNELS_MOMENTS], series[KERNELS_MOMENTS * KERNELS_MOMENTS];
    for (int c = 0; c < ENGINE_CELLS_PER_NODE; c++) {
        double *spread = engine->spread[c][0];
        debye_window_fit(spread, KERNELS_MOMENTS, window, (c + 0.5 - KERNELS_REACH) / ENGINE_CELLS_PER_NODE,
                         (c + 0.5 + KERNELS_REACH) / ENGINE_CELLS_PER_NODE);
        for (size_t k = 0; k < KERNELS_MOMENTS; k++) /* of t in cells, no longer on [-1, 1] */
            for (size_t p = 0; p < KERNELS_TAPS; p++)
                spread[k * KERNELS_TAPS + p] *= pow(KERNELS_REACH, -(double)k);
    }
    debye_window_interpolation(point, series, KERNELS_MOMENTS);
    for (size_t c = 0; c < engine->n_cells; c++)
        plan_source(engine->source[c], engine, ((double)c + 0.5) * engine->cell, point, series);
}

static deepstruc_status plan_load(deepstruc_engine *engine, deepstruc_diag *diag)
{
    double used = ENGINE_EXPANSION_MAX * engine->settings.qmax; /* and window 2 reads half its taps beyond it */
    double q_top = used + (KERNELS_FRONT + 1.0) * M_PI / (TABLE_SIGMA * engine->grid.r_high);
    double node_step = M_PI / (NODE_SIGMA * q_top);
    engine->cell = node_step / ENGINE_CELLS_PER_NODE;
    engine->n_cells = (size_t)(engine->grid.r_high / engine->cell) + 2; /* one for rounding */
    engine->n_nodes = (engine->n_cells - 1) / ENGINE_CELLS_PER_NODE + KERNELS_TAPS / 2;
    debye_window window = debye_window_make(KERNELS_TAPS, NODE_SIGMA);

    /* steps that multiply to pi / n_half, so that the table has a mirror */
    size_t n_quarter = (size_t)ceil(TABLE_SIGMA * NODES_PER_CELL * (double)engine->n_cells / 2);
    engine->n_half = 2 * n_quarter;
    engine->table_step = M_PI / ((double)engine->n_half * node_step);
    engine->n_table = (size_t)(used / engine->table_step) + 1 + KERNELS_TAPS / 2;
    engine->source_window = debye_window_make(KERNELS_TAPS, TABLE_SIGMA);
    debye_window_fit(engine->table_window, ENGINE_TABLE_COEFFICIENTS, &engine->source_window, 0, 1);

    deepstruc_status status = sines_mirrored_create(&engine->nodes_to_table, 1, engine->n_nodes, node_step, NULL, 0,
                                                    engine->table_step, n_quarter + 1, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    engine->source = memory_aligned(engine->n_cells, sizeof *engine->source);
    engine->table_scale = memory_aligned(engine->n_table, sizeof *engine->table_scale);
    if (!engine->source || !engine->table_scale)
        return diag_no_memory(diag);
    plan_cells(engine, &window);
    for (size_t j = 0; j < engine->n_table; j++)
        engine->table_scale[j] = 1 / debye_window_transform(&window, (double)j * engine->table_step * node_step);
    return DEEPSTRUC_OK;
}

/* ---- Q values -> coarse points -> r-grid ------------------------------------------------------------------------ */

static deepstruc_status plan_window_3(deepstruc_engine *engine, const debye_window *window, deepstruc_diag *diag)
{
    engine->stride = (engine->per_coarse + KERNELS_LANES - 1) / KERNELS_LANES * KERNELS_LANES;
    engine->output = memory_aligned(ENGINE_OUTPUT_TAPS * engine->stride, sizeof *engine->output);
    if (!engine->output)
        return diag_no_memory(diag);
    for (size_t p = 0; p < ENGINE_OUTPUT_TAPS; p++)
        for (size_t l = 0; l < engine->per_coarse; l++) {
            double tap = (double)p - 0.5 * ENGINE_OUTPUT_TAPS + 1; /* from the coarse point before */
            engine->output[p * engine->stride + l] =
                debye_window_value(window, (double)l / (double)engine->per_coarse - tap);
        }
    return DEEPSTRUC_OK;
}

/* Q_k r_high is a multiple of pi, unless the Q-range is so short that it has a grid of its own. */
static bool has_image(const settings_grid *grid)
{
    return fabs(grid->qstep * grid->r_high / M_PI - 1) < 1e-12;
}

/* Parts the r-grid at the middle of 0 .. r_high. */
static void plan_sides(deepstruc_engine *engine)
{
    const settings_grid *grid = &engine->grid;
    size_t first = (size_t)grid->first, end = first + grid->n_points,
           image = (size_t)lround(grid->r_high / grid->rstep);
    size_t middle = has_image(grid) ? image / 2 + 1 : end;
    middle = middle < first ? first : middle < end ? middle : end;
    engine->here = (engine_side){.first = first, .n = middle - first};
    engine->there = (engine_side){.first = middle < end ? image - (end - 1) : first, .n = end - middle};
}

static void plan_blocks(engine_side *side, size_t per_coarse)
{
    side->first_in_block = side->first % per_coarse;
    side->n_blocks = side->n ? (side->first + side->n - 1) / per_coarse - side->first / per_coarse + 1 : 0;
    side->column = side->first / per_coarse;
}

/* Coarse steps are worth it when each serves several points of the r-grid. */
static size_t plan_coarse(const deepstruc_engine *engine)
{
    size_t per_coarse = (size_t)(M_PI / (COARSE_SIGMA * engine->settings.qmax) / engine->grid.rstep);
    return per_coarse < 2 ? 0 : per_coarse < KERNELS_LANES ? per_coarse : per_coarse / KERNELS_LANES * KERNELS_LANES;
}

static deepstruc_status plan_output(deepstruc_engine *engine, deepstruc_diag *diag)
{
    const settings_grid *grid = &engine->grid;
    engine_side *here = &engine->here, *there = &engine->there;
    size_t per_coarse = engine->per_coarse = plan_coarse(engine), beyond = 0;
    double step = grid->rstep, height = 2 / M_PI * grid->qstep;
    debye_window window = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    plan_sides(engine);
    here->column = here->first, there->column = there->first;
    if (per_coarse) {
        step *= (double)per_coarse;
        plan_blocks(here, per_coarse);
        plan_blocks(there, per_coarse);
        window = debye_window_make(ENGINE_OUTPUT_TAPS, M_PI / (engine->settings.qmax * step));
        status = plan_window_3(engine, &window, diag);
        beyond = ENGINE_OUTPUT_TAPS - 1;
    }
    double *scale = memory_aligned(engine->n_q + 1, sizeof *scale);
    if (status != DEEPSTRUC_OK || !scale) {
        free(scale);
        return status != DEEPSTRUC_OK ? status : diag_no_memory(diag);
    }
    for (size_t k = 0; k < engine->n_q; k++) {
        double q = (double)(grid->k_min + k) * grid->qstep;
        scale[k] = height * settings_cell(&engine->settings, grid, grid->k_min + k);
        if (per_coarse)
            scale[k] /= debye_window_transform(&window, q * step);
    }
    size_t n_here = per_coarse ? here->n_blocks : here->n, n_there = per_coarse ? there->n_blocks : there->n;
    size_t first = here->column < there->column ? here->column : there->column;
    size_t last = here->column + n_here > there->column + n_there ? here->column + n_here : there->column + n_there;
    here->column -= first, there->column -= first;
    status = sines_mirrored_create(&engine->q_to_coarse, (long)grid->k_min, engine->n_q, grid->qstep, scale,
                                   (long)first - (per_coarse ? ENGINE_OUTPUT_TAPS / 2 - 1 : 0), step,
                                   last - first + beyond, diag);
    free(scale);
    return status;
}

static deepstruc_status plan_envelope(deepstruc_engine *engine, deepstruc_diag *diag)
{
    const settings_grid *grid = &engine->grid;
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

/* ---- the object ------------------------------------------------------------------------------------------------- */

deepstruc_status engine_create_with(deepstruc_engine **out, const deepstruc_pdf_settings *settings,
                                    const kernels_set *kernels, deepstruc_diag *diag)
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
    engine->kernels = kernels;
    engine->settings = *settings;
    status = settings_make_grid(&engine->grid, settings, diag);
    engine->n_q = engine->grid.n_q - engine->grid.k_min;
    if (status == DEEPSTRUC_OK)
        status = plan_load(engine, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_output(engine, diag);
    if (status == DEEPSTRUC_OK)
        status = plan_envelope(engine, diag);
    if (status != DEEPSTRUC_OK) {
        deepstruc_engine_destroy(engine);
        return status;
    }
    *out = engine;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_engine_create(deepstruc_engine **out, const deepstruc_pdf_settings *settings,
                                         deepstruc_diag *diag)
{
    return engine_create_with(out, settings, kernels_best(), diag);
}

void deepstruc_engine_destroy(deepstruc_engine *engine)
{
    if (!engine)
        return;
    free(engine->source);
    sines_mirrored_free(&engine->nodes_to_table);
    free(engine->table_scale);
    sines_mirrored_free(&engine->q_to_coarse);
    free(engine->output);
    free(engine->envelope);
    free(engine);
}

size_t deepstruc_engine_n_points(const deepstruc_engine *engine)
{
    return engine->grid.n_points;
}

const char *deepstruc_engine_kernels(void)
{
    return kernels_best()->name;
}
