/* A structure in an engine: load visits the pairs, evaluate only the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_plan.h"

enum { MOST_PAIRS = 1 << 16 }; /* added up in single precision before they go to double */

struct deepstruc_scatter {
    const deepstruc_engine *engine;
    size_t n_atoms, capacity;      /* capacity: atoms that x, y, z hold, padding apart */
    double *x, *y, *z;             /* Å; followed by KERNELS_LANES atoms far away */
    double diagonal;               /* Å: no distance is larger */
    float *moments;                /* n_cells + KERNELS_LANES cells */
    kernels_moments *total;        /* n_cells */
    double *node;                  /* node -(KERNELS_FRONT - 1) first */
    double *table;                 /* F0; entry -KERNELS_FRONT first */
    double *place, *value, *slope; /* n_q */
    double *f[KERNELS_MOST_OUT];   /* n_q: F and its derivatives by expansion and Biso */
    double *coarse[KERNELS_MOST_OUT];
    double *dense; /* n_blocks x stride */
};

/* ---- the object ----------------------------------------------------------------------------------------------------
 */

deepstruc_status deepstruc_scatter_create(deepstruc_scatter **out, const deepstruc_engine *engine, deepstruc_diag *diag)
{
    deepstruc_scatter *scatter = memory_zeroed(1, sizeof *scatter);
    if (!scatter)
        return diag_no_memory(diag);
    size_t n_q = engine->n_q + 1, n_coarse = engine->q_to_coarse.panels * KERNELS_PANEL;
    scatter->engine = engine;
    scatter->moments = memory_aligned((engine->n_cells + KERNELS_LANES) * KERNELS_MOMENTS, sizeof *scatter->moments);
    scatter->total = memory_aligned(engine->n_cells, sizeof *scatter->total);
    scatter->node = memory_aligned(KERNELS_FRONT + engine->n_nodes + KERNELS_TAPS, sizeof *scatter->node);
    scatter->table =
        memory_aligned(KERNELS_FRONT + engine->nodes_to_table.panels * KERNELS_PANEL, sizeof *scatter->table);
    scatter->place = memory_aligned((3 + KERNELS_MOST_OUT) * n_q, sizeof *scatter->place);
    scatter->coarse[0] = memory_aligned(KERNELS_MOST_OUT * n_coarse, sizeof *scatter->coarse[0]);
    scatter->dense = memory_aligned(engine->n_blocks * engine->stride + 1, sizeof *scatter->dense);
    if (!scatter->moments || !scatter->total || !scatter->node || !scatter->table || !scatter->place ||
        !scatter->coarse[0] || !scatter->dense) {
        deepstruc_scatter_destroy(scatter);
        return diag_no_memory(diag);
    }
    scatter->value = scatter->place + n_q;
    scatter->slope = scatter->place + 2 * n_q;
    for (size_t v = 0; v < KERNELS_MOST_OUT; v++) {
        scatter->f[v] = scatter->place + (3 + v) * n_q;
        scatter->coarse[v] = scatter->coarse[0] + v * n_coarse;
    }
    *out = scatter;
    return DEEPSTRUC_OK;
}

void deepstruc_scatter_destroy(deepstruc_scatter *scatter)
{
    if (!scatter)
        return;
    free(scatter->x);
    free(scatter->moments);
    free(scatter->total);
    free(scatter->node);
    free(scatter->table);
    free(scatter->place);
    free(scatter->coarse[0]);
    free(scatter->dense);
    free(scatter);
}

/* ---- load: positions ------------------------------------------------------------------------------------------------
 */

static deepstruc_status reserve(deepstruc_scatter *scatter, size_t n_atoms, deepstruc_diag *diag)
{
    if (n_atoms <= scatter->capacity && scatter->x)
        return DEEPSTRUC_OK;
    double *grown = memory_aligned(3 * (n_atoms + KERNELS_LANES), sizeof *grown);
    if (!grown)
        return diag_no_memory(diag);
    free(scatter->x);
    scatter->x = grown;
    scatter->y = grown + (n_atoms + KERNELS_LANES);
    scatter->z = grown + 2 * (n_atoms + KERNELS_LANES);
    scatter->capacity = n_atoms;
    return DEEPSTRUC_OK;
}

static void take_axis(double *to, const double *xyz, size_t n_atoms, double unit, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < n_atoms; i++) {
        to[i] = xyz[3 * i] * unit;
        *low = to[i] < *low ? to[i] : *low;
        *high = to[i] > *high ? to[i] : *high;
    }
    for (size_t i = n_atoms; i < n_atoms + KERNELS_LANES; i++)
        to[i] = KERNELS_FAR_AWAY;
}

static deepstruc_status take_positions(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms, double unit,
                                       deepstruc_diag *diag)
{
    double sum = 0, square = 0;
    if (!(unit > 0 && isfinite(unit)) || n_atoms > DEEPSTRUC_MAX_ATOMS)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "unit %g or %zu atoms: wants a positive length and at most %d atoms", unit, n_atoms,
                         DEEPSTRUC_MAX_ATOMS);
    for (size_t i = 0; i < 3 * n_atoms; i++)
        sum += fabs(xyz[i]);
    if (!(sum * unit < KERNELS_FAR_AWAY / 1e6))
        return diag_fail(diag, DEEPSTRUC_NUMERIC,
                         "a coordinate of the structure is not finite: check where it comes from");
    deepstruc_status status = reserve(scatter, n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double *axis[3] = {scatter->x, scatter->y, scatter->z}, low, high;
    for (size_t a = 0; a < 3; a++) {
        take_axis(axis[a], xyz + a, n_atoms, unit, &low, &high);
        square += n_atoms ? (high - low) * (high - low) : 0;
    }
    scatter->diagonal = sqrt(square);
    scatter->n_atoms = n_atoms;
    return DEEPSTRUC_OK;
}

/* Brings n_centres atoms drawn from all of the structure to the front, always the same ones; the share of all pairs
 * that has one of them. */
static double draw_centres(deepstruc_scatter *scatter, size_t n_centres)
{
    if (n_centres >= scatter->n_atoms)
        return 1;
    uint64_t state = 1;
    for (size_t i = 0; i < n_centres; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t j = i + (size_t)(state >> 33) % (scatter->n_atoms - i);
        double *const axis[3] = {scatter->x, scatter->y, scatter->z};
        for (size_t a = 0; a < 3; a++) {
            double swap = axis[a][i];
            axis[a][i] = axis[a][j];
            axis[a][j] = swap;
        }
    }
    double n = (double)scatter->n_atoms, others = n - (double)n_centres;
    return 1 - others * (others - 1) / (n * (n - 1));
}

/* ---- load: pairs -> cells -> nodes -> table
 * -------------------------------------------------------------------------- */

/* The moments of the first n_cells cells move from single to double precision. */
static void collect(deepstruc_scatter *scatter, size_t n_cells)
{
    for (size_t c = 0; c < n_cells; c++)
        for (size_t m = 0; m < KERNELS_MOMENTS; m++)
            scatter->total[c][m] += (double)scatter->moments[c * KERNELS_MOMENTS + m];
    memset(scatter->moments, 0, n_cells * KERNELS_MOMENTS * sizeof *scatter->moments);
}

/* The pairs i < j with i among the first n_centres atoms. Answers whether pairs were too close for the cells. */
static bool pairs_to_cells(deepstruc_scatter *scatter, const kernels_pairs *job, size_t n_centres, size_t n_cells)
{
    bool close = false;
    memset(scatter->total, 0, n_cells * sizeof *scatter->total);
    for (size_t begin = 0, end; begin < n_centres; begin = end) {
        size_t n_pairs = 0;
        for (end = begin; end < n_centres && (n_pairs < MOST_PAIRS || end == begin); end++)
            n_pairs += job->n_atoms - end;
        close |= scatter->engine->kernels->pairs(job, begin, end, scatter->moments);
        collect(scatter, n_cells);
    }
    return close;
}

static void cells_to_nodes(deepstruc_scatter *scatter, size_t n_cells, size_t n_nodes)
{
    const deepstruc_engine *engine = scatter->engine;
    const kernels_spread how = {(const double(*)[KERNELS_SOURCE])engine->source, engine->spread, ENGINE_CELLS_PER_NODE};
    memset(scatter->node, 0, (KERNELS_FRONT + n_nodes) * sizeof *scatter->node);
    engine->kernels->spread(scatter->node, (const kernels_moments *)scatter->total, n_cells, &how);
    double *zero =
        scatter->node + KERNELS_FRONT - 1; /* sines are odd: what fell on node -m counts for node m, reversed */
    for (int m = 1; m < KERNELS_FRONT; m++)
        zero[m] -= zero[-m];
}

/* Adds the pairs from `low` to below `high` straight to the table. */
static void add_close_pairs(deepstruc_scatter *scatter, size_t n_centres, double low, double high)
{
    const deepstruc_engine *engine = scatter->engine;
    for (size_t i = 0; i < n_centres; i++)
        for (size_t j = i + 1; j < scatter->n_atoms; j++) {
            double dx = scatter->x[j] - scatter->x[i], dy = scatter->y[j] - scatter->y[i],
                   dz = scatter->z[j] - scatter->z[i];
            double d = sqrt(dx * dx + dy * dy + dz * dz);
            if (!(d >= low && d < high))
                continue;
            double weight = 1 / (d * debye_window_transform(&engine->source_window, d * engine->table_step));
            double c = cos(engine->table_step * d), s = sin(engine->table_step * d), at_c = weight, at_s = 0;
            for (size_t k = 0; k < engine->n_table; k++) {
                double next_c = at_c * c - at_s * s;
                scatter->table[KERNELS_FRONT + k] += at_s;
                at_s = at_s * c + at_c * s;
                at_c = next_c;
            }
        }
}

deepstruc_status deepstruc_scatter_load(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms, double unit,
                                        deepstruc_diag *diag)
{
    return deepstruc_scatter_load_sample(scatter, xyz, n_atoms, unit, n_atoms, diag);
}

deepstruc_status deepstruc_scatter_load_sample(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms,
                                               double unit, size_t n_centres, deepstruc_diag *diag)
{
    const deepstruc_engine *engine = scatter->engine;
    deepstruc_status status = take_positions(scatter, xyz, n_atoms, unit, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (n_centres == 0 && n_atoms > 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "an estimate wants the pairs of one atom at least");
    double share = draw_centres(scatter, n_centres), per_pair = n_atoms ? 2 / ((double)n_atoms * share) : 0;
    n_centres = n_centres < n_atoms ? n_centres : n_atoms;
    double low = fmax(engine->grid.r_low, SETTINGS_SAME_PLACE), reach = fmin(engine->grid.r_high, scatter->diagonal);
    kernels_pairs job = {.x = scatter->x,
                         .y = scatter->y,
                         .z = scatter->z,
                         .n_atoms = n_atoms,
                         .cells_per_unit = 1 / engine->cell,
                         .low = fmax(low, ENGINE_CLOSE),
                         .high = engine->grid.r_high,
                         .n_cells = engine->n_cells};
    size_t n_cells = (size_t)(reach / engine->cell) + 2; /* one for rounding */
    if (n_cells > engine->n_cells)
        n_cells = engine->n_cells;
    size_t n_nodes = (n_cells - 1) / ENGINE_CELLS_PER_NODE + KERNELS_TAPS / 2;
    bool close = pairs_to_cells(scatter, &job, n_centres, n_cells);
    cells_to_nodes(scatter, n_cells, n_nodes);

    double *entry = scatter->table + KERNELS_FRONT;
    engine->kernels->combine(&entry, &(const double *){scatter->node + KERNELS_FRONT}, 1, &engine->nodes_to_table,
                             n_nodes, engine->nodes_to_table.panels);
    if (close)
        add_close_pairs(scatter, n_centres, low, job.low);
    for (size_t j = 0; j < engine->n_table; j++)
        entry[j] *= per_pair;
    for (long j = 1; j <= KERNELS_FRONT; j++)
        entry[-j] = -entry[j];
    return DEEPSTRUC_OK;
}

/* ---- evaluate
 * -------------------------------------------------------------------------------------------------------- */

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

static void to_r_grid(deepstruc_scatter *scatter, const double *coarse, double *g)
{
    const deepstruc_engine *engine = scatter->engine;
    size_t n = engine->grid.n_points;
    if (engine->per_coarse) {
        engine->kernels->refine(scatter->dense, coarse, engine->n_blocks, engine->output, ENGINE_OUTPUT_TAPS,
                                engine->stride);
        for (size_t i = 0, block = 0, l = engine->first_in_block; i < n; block++, l = 0) {
            size_t count = engine->per_coarse - l < n - i ? engine->per_coarse - l : n - i;
            memcpy(g + i, scatter->dense + block * engine->stride + l, count * sizeof *g);
            i += count;
        }
    } else {
        memcpy(g, coarse, n * sizeof *g);
    }
    if (engine->envelope)
        for (size_t i = 0; i < n; i++)
            g[i] *= engine->envelope[i];
}

/* The first n vectors of scatter->f to those of `out` that are not NULL. */
static void transform(deepstruc_scatter *scatter, double *const *out, size_t n)
{
    const deepstruc_engine *engine = scatter->engine;
    engine->kernels->combine(scatter->coarse, (const double *const *)scatter->f, n, &engine->q_to_coarse, engine->n_q,
                             engine->q_to_coarse.panels);
    for (size_t v = 0; v < n; v++)
        if (out[v])
            to_r_grid(scatter, scatter->coarse[v], out[v]);
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
