/* A structure in an engine: load visits the pairs, evaluate only the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_plan.h"
#include "pdf/pairs.h"

struct deepstruc_scatter {
    const deepstruc_engine *engine;
    size_t n_atoms;
    double *x, *y, *z;                    /* positions, Å */
    size_t capacity;                      /* atoms that x, y, z hold */
    pairs_cell *cells;                    /* n_cells */
    double *node;                         /* from node -(ENGINE_FRONT - 1) on */
    double *table;                        /* F0 from entry -ENGINE_FRONT on */
    double *f, *df_dexpansion, *df_dbiso; /* n_q */
    double *coarse;
};

deepstruc_status deepstruc_scatter_create(deepstruc_scatter **out, const deepstruc_engine *engine, deepstruc_diag *diag)
{
    deepstruc_scatter *scatter = memory_zeroed(1, sizeof *scatter);
    if (!scatter)
        return diag_no_memory(diag);
    scatter->engine = engine;
    scatter->cells = memory_aligned(engine->n_cells, sizeof *scatter->cells);
    scatter->node = memory_aligned(engine->n_nodes + 2 * DEBYE_WINDOW_TAPS, sizeof *scatter->node);
    scatter->table = memory_aligned(engine->n_table + ENGINE_FRONT, sizeof *scatter->table);
    scatter->f = memory_aligned(3 * engine->n_q + 1, sizeof *scatter->f);
    scatter->coarse = memory_aligned(engine->q_to_coarse.columns, sizeof *scatter->coarse);
    if (!scatter->cells || !scatter->node || !scatter->table || !scatter->f || !scatter->coarse) {
        deepstruc_scatter_destroy(scatter);
        return diag_no_memory(diag);
    }
    scatter->df_dexpansion = scatter->f + engine->n_q;
    scatter->df_dbiso = scatter->f + 2 * engine->n_q;
    *out = scatter;
    return DEEPSTRUC_OK;
}

void deepstruc_scatter_destroy(deepstruc_scatter *scatter)
{
    if (!scatter)
        return;
    free(scatter->x);
    free(scatter->cells);
    free(scatter->node);
    free(scatter->table);
    free(scatter->f);
    free(scatter->coarse);
    free(scatter);
}

/* ---- load ------------------------------------------------------------------------------------------------------ */

static deepstruc_status take_positions(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms, double unit,
                                       deepstruc_diag *diag)
{
    double sum = 0;
    if (!(unit > 0 && isfinite(unit)) || n_atoms > DEEPSTRUC_MAX_ATOMS)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "unit %g or %zu atoms: wants a positive length and at most %d atoms", unit, n_atoms,
                         DEEPSTRUC_MAX_ATOMS);
    for (size_t i = 0; i < 3 * n_atoms; i++)
        sum += fabs(xyz[i]);
    if (!isfinite(sum * unit / scatter->engine->cell))
        return diag_fail(diag, DEEPSTRUC_NUMERIC,
                         "a coordinate of the structure is not finite: check where it comes from");
    if (n_atoms > scatter->capacity) {
        double *grown = memory_aligned(3 * n_atoms, sizeof *grown);
        if (!grown)
            return diag_no_memory(diag);
        free(scatter->x);
        scatter->x = grown;
        scatter->capacity = n_atoms;
    }
    scatter->y = scatter->x + scatter->capacity;
    scatter->z = scatter->y + scatter->capacity;
    for (size_t i = 0; i < n_atoms; i++) {
        scatter->x[i] = xyz[3 * i] * unit;
        scatter->y[i] = xyz[3 * i + 1] * unit;
        scatter->z[i] = xyz[3 * i + 2] * unit;
    }
    scatter->n_atoms = n_atoms;
    return DEEPSTRUC_OK;
}

/* A cell's distances act as three weights at its lower edge, middle and upper edge that have the same count and first
 * two moments; each is divided by its distance and spread over the nodes. What is at distance 0 has no direction to go
 * and stands at the first half cell instead. */
static void cells_to_nodes(deepstruc_scatter *scatter)
{
    const deepstruc_engine *engine = scatter->engine;
    memset(scatter->node, 0, (engine->n_nodes + 2 * DEBYE_WINDOW_TAPS) * sizeof *scatter->node);
    for (size_t c = 0; c < engine->n_cells; c++) {
        const pairs_cell *cell = &scatter->cells[c];
        if (cell->count == 0)
            continue;
        double weight[3] = {(cell->sum_t2 - cell->sum_t) / 2, cell->count - cell->sum_t2,
                            (cell->sum_t2 + cell->sum_t) / 2};
        for (size_t e = 0; e < 3; e++) {
            size_t i = 2 * c + e > 0 ? 2 * c + e : 1, n = i / ENGINE_FINE_PER_NODE;
            double source = weight[e] * engine->source[i];
            for (size_t p = 0; p < DEBYE_WINDOW_TAPS; p++)
                scatter->node[n + p] += source * engine->spread[i % ENGINE_FINE_PER_NODE][p];
        }
    }
    double *zero =
        scatter->node + ENGINE_FRONT - 1; /* sines are odd: what fell on node -m counts for node m, reversed */
    for (int m = 1; m < ENGINE_FRONT; m++)
        zero[m] -= zero[-m];
}

static void nodes_to_table(deepstruc_scatter *scatter)
{
    const deepstruc_engine *engine = scatter->engine;
    double *zero = scatter->table + ENGINE_FRONT, factor = scatter->n_atoms ? 2 / (double)scatter->n_atoms : 0;
    engine_combine(zero, &engine->nodes_to_table, engine->n_table, scatter->node + ENGINE_FRONT, engine->n_nodes);
    for (size_t j = 0; j < engine->n_table; j++)
        zero[j] *= factor;
    for (int j = 1; j <= ENGINE_FRONT; j++)
        zero[-j] = -zero[j];
}

deepstruc_status deepstruc_scatter_load(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms, double unit,
                                        deepstruc_diag *diag)
{
    const deepstruc_engine *engine = scatter->engine;
    deepstruc_status status = take_positions(scatter, xyz, n_atoms, unit, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    memset(scatter->cells, 0, engine->n_cells * sizeof *scatter->cells);
    double low = fmax(engine->grid.r_low, SETTINGS_SAME_PLACE);
    pairs_sort(scatter->cells, 1 / engine->cell, scatter->x, scatter->y, scatter->z, n_atoms, low, engine->grid.r_high);
    cells_to_nodes(scatter);
    nodes_to_table(scatter);
    return DEEPSTRUC_OK;
}

/* ---- evaluate -------------------------------------------------------------------------------------------------- */

/* F0 and its slope at Q = place * table_step. */
static void read_table(const deepstruc_scatter *scatter, double place, double *value, double *slope)
{
    const debye_window_polynomial *window = &scatter->engine->table_window;
    double whole = floor(place), u = 2 * (place - whole) - 1;
    const double *entry = scatter->table + ENGINE_FRONT + (long)whole - (DEBYE_WINDOW_TAPS / 2 - 1);
    double v[DEBYE_WINDOW_TAPS] = {0}, dv[DEBYE_WINDOW_TAPS] = {0};
    for (int c = DEBYE_WINDOW_COEFFICIENTS - 1; c >= 0; c--)
        for (int p = 0; p < DEBYE_WINDOW_TAPS; p++) {
            dv[p] = dv[p] * u + v[p];
            v[p] = v[p] * u + window->coefficient[c][p];
        }
    double sum = 0, dsum = 0;
    for (int p = 0; p < DEBYE_WINDOW_TAPS; p++) {
        sum += v[p] * entry[p];
        dsum += dv[p] * entry[p];
    }
    *value = sum;
    *slope = 2 * dsum / scatter->engine->table_step;
}

/* F(Q_k) = F0(expansion Q_k) / expansion * exp(-biso Q_k^2 / (8 pi^2)), and its derivatives. */
static void damp(deepstruc_scatter *scatter, double expansion, double biso)
{
    const deepstruc_engine *engine = scatter->engine;
    for (size_t k = 0; k < engine->n_q; k++) {
        double q = engine->q[k], value, slope, per_biso = -q * q * (SETTINGS_MSD_PER_BISO / 2);
        read_table(scatter, expansion * q / engine->table_step, &value, &slope);
        double damping = exp(per_biso * biso) / expansion;
        scatter->f[k] = value * damping;
        scatter->df_dbiso[k] = per_biso * value * damping;
        scatter->df_dexpansion[k] = (q * slope - value / expansion) * damping;
    }
}

static void to_r_grid(deepstruc_scatter *scatter, const double *f, double *g)
{
    const deepstruc_engine *engine = scatter->engine;
    const settings_grid *grid = &engine->grid;
    double *coarse = engine->per_coarse ? scatter->coarse : g;
    engine_combine(coarse, &engine->q_to_coarse, engine->q_to_coarse.columns, f, engine->n_q);
    if (engine->per_coarse)
        for (size_t i = 0; i < grid->n_points; i++) {
            long step = grid->first + (long)i, n = step / engine->per_coarse, l = step % engine->per_coarse;
            const double *from = coarse + (n - (engine->output_taps / 2 - 1) - engine->coarse_first);
            double sum = 0;
            for (int p = 0; p < engine->output_taps; p++)
                sum += engine->output[p * engine->per_coarse + l] * from[p];
            g[i] = sum;
        }
    if (engine->envelope)
        for (size_t i = 0; i < grid->n_points; i++)
            g[i] *= engine->envelope[i];
}

void deepstruc_scatter_evaluate(deepstruc_scatter *scatter, double expansion, double biso, double *g,
                                double *dg_dexpansion, double *dg_dbiso)
{
    damp(scatter, fmin(fmax(expansion, ENGINE_EXPANSION_MIN), ENGINE_EXPANSION_MAX), biso);
    to_r_grid(scatter, scatter->f, g);
    if (dg_dexpansion)
        to_r_grid(scatter, scatter->df_dexpansion, dg_dexpansion);
    if (dg_dbiso)
        to_r_grid(scatter, scatter->df_dbiso, dg_dbiso);
}
