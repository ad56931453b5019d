/* Loading a structure: its pairs become a table of the undamped F0(Q). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/engine_scatter.h"

/* ---- load: positions -------------------------------------------------------------------------------------------- */

static deepstruc_status reserve(deepstruc_scatter *scatter, size_t n_atoms, deepstruc_diag *diag)
{
    if (n_atoms <= scatter->capacity && scatter->positions)
        return DEEPSTRUC_OK;
    size_t length = n_atoms + 1 + KERNELS_LANES;
    double *grown = memory_aligned(3 * length, sizeof *grown);
    if (!grown || !engine_orbits_reserve(&scatter->orbits, n_atoms)) {
        free(grown);
        return diag_no_memory(diag);
    }
    free(scatter->positions);
    scatter->positions = grown;
    scatter->x = grown + 1;
    scatter->y = grown + length + 1;
    scatter->z = grown + 2 * length + 1;
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

/* ---- load: pairs -> cells -> nodes -> table --------------------------------------------------------------------- */

enum { FEWEST_ATOMS = 100 }; /* that symmetry is looked for in: finding it takes as long as the pairs of so many */

/* The moments of the first n_cells cells, times `factor`, join the total. */
static void collect(deepstruc_scatter *scatter, size_t n_cells, double factor)
{
    for (size_t c = 0; c < n_cells; c++)
        for (size_t m = 0; m < KERNELS_MOMENTS; m++)
            scatter->total[c][m] += factor * scatter->moments[c * KERNELS_MOMENTS + m];
    memset(scatter->moments, 0, n_cells * KERNELS_MOMENTS * sizeof *scatter->moments);
}

/* One atom of each orbit and all others: the atom stands in front of all (itself among them: no pair) for the kernel. A
 * pair is seen from both ends, hence counts half. Orbits of one size are collected together. */
static bool add_orbits(deepstruc_scatter *scatter, const kernels_pairs *job, size_t n_cells)
{
    const engine_orbits *orbits = &scatter->orbits;
    kernels_pairs row = *job;
    row.x--;
    row.y--;
    row.z--;
    row.n_atoms++;
    bool close = false;
    for (size_t i = 0; i < orbits->n; i++) {
        size_t atom = (size_t)orbits->member[i];
        scatter->x[-1] = scatter->x[atom];
        scatter->y[-1] = scatter->y[atom];
        scatter->z[-1] = scatter->z[atom];
        close |= scatter->engine->kernels->pairs(&row, 0, 1, scatter->moments);
        if (i + 1 == orbits->n || orbits->size[i + 1] != orbits->size[i])
            collect(scatter, n_cells, orbits->size[i] / 2.0);
    }
    return close;
}

/* The pairs i < j with i among the first n_centres atoms. Answers whether pairs were too close for the cells. */
static bool pairs_to_cells(deepstruc_scatter *scatter, const kernels_pairs *job, size_t n_centres, size_t n_cells)
{
    memset(scatter->total, 0, n_cells * sizeof *scatter->total);
    if (n_centres == job->n_atoms && n_centres >= FEWEST_ATOMS) {
        engine_orbits_find(&scatter->orbits, job->x, job->y, job->z, job->n_atoms);
        if (scatter->orbits.n <= job->n_atoms / 3)
            return add_orbits(scatter, job, n_cells);
    }
    bool close = scatter->engine->kernels->pairs(job, 0, n_centres, scatter->moments);
    collect(scatter, n_cells, 1);
    return close;
}

static void cells_to_nodes(deepstruc_scatter *scatter, size_t n_cells, size_t n_nodes)
{
    const deepstruc_engine *engine = scatter->engine;
    const kernels_spread how = {(const double(*)[KERNELS_MOMENTS][KERNELS_MOMENTS])engine->source, engine->spread,
                                ENGINE_CELLS_PER_NODE};
    memset(scatter->node, 0, (KERNELS_FRONT + n_nodes) * sizeof *scatter->node);
    engine->kernels->spread(scatter->node, (const kernels_moments *)scatter->total, n_cells, &how);
    double *zero =
        scatter->node + KERNELS_FRONT - 1; /* sines are odd: what fell on node -m counts for node m, reversed */
    for (int m = 1; m < KERNELS_FRONT; m++)
        zero[m] -= zero[-m];
}

static void nodes_to_table(deepstruc_scatter *scatter, size_t n_nodes)
{
    const deepstruc_engine *engine = scatter->engine;
    double *node = scatter->node + KERNELS_FRONT, *entry = scatter->table + KERNELS_FRONT;
    sines_mirrored_apply(&engine->nodes_to_table, engine->kernels, &scatter->half[0], &scatter->half[1], &node,
                         scatter->sorting, 1, n_nodes);
    for (size_t j = 0; j < engine->n_table; j++)
        entry[j] = engine->table_scale[j] *
                   (j <= engine->n_half / 2 ? scatter->half[0][j] : scatter->half[1][engine->n_half - j]);
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
                         .cell = engine->cell,
                         .low = fmax(low, ENGINE_CLOSE),
                         .high = engine->grid.r_high,
                         .n_cells = engine->n_cells};
    size_t n_cells = (size_t)(reach / engine->cell) + 2; /* one for rounding */
    if (n_cells > engine->n_cells)
        n_cells = engine->n_cells;
    size_t n_nodes = (n_cells - 1) / ENGINE_CELLS_PER_NODE + KERNELS_TAPS / 2;
    bool close = pairs_to_cells(scatter, &job, n_centres, n_cells);
    cells_to_nodes(scatter, n_cells, n_nodes);

    nodes_to_table(scatter, n_nodes);
    if (close)
        add_close_pairs(scatter, n_centres, low, job.low);
    double *entry = scatter->table + KERNELS_FRONT;
    for (size_t j = 0; j < engine->n_table; j++)
        entry[j] *= per_pair;
    for (long j = 1; j <= KERNELS_FRONT; j++)
        entry[-j] = -entry[j];
    return DEEPSTRUC_OK;
}
