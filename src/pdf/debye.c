#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/debye.h"
#include "pdf/pairs.h"

/* A cell is a quarter radian over this of the fastest sine: the three-point rule of debye_points then errs by 1e-9. */
static const double CELLS_PER_RADIAN = 100;
static const double MAX_CELLS = 1 << 25; /* 768 MiB */

enum { LANES = 16 }; /* points treated side by side, for vector units of any width */

/* The distances that occur, each with what it adds at Q = 0 (weight) and half its mean-square displacement. */
typedef struct {
    size_t n, capacity;
    double *r, *weight, *half_msd;
} point_list;

static deepstruc_status add_point(point_list *list, double r, double weight, double half_msd, deepstruc_diag *diag)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 1024;
        double *grown = memory_aligned(3 * capacity, sizeof *grown);
        if (!grown)
            return diag_no_memory(diag);
        for (size_t i = 0; i < list->n; i++) {
            grown[i] = list->r[i];
            grown[capacity + i] = list->weight[i];
            grown[2 * capacity + i] = list->half_msd[i];
        }
        free(list->r);
        *list = (point_list){list->n, capacity, grown, grown + capacity, grown + 2 * capacity};
    }
    list->r[list->n] = r;
    list->weight[list->n] = weight;
    list->half_msd[list->n++] = half_msd;
    return DEEPSTRUC_OK;
}

/* A cell acts through its lower edge, middle and upper edge, weighted so that count and first two moments of its
 * distances are kept; where the width's correction changes sign within the cell (a kink) through their mean alone. */
static deepstruc_status cell_to_points(point_list *list, const pairs_cell *cell, double middle, double half_cell,
                                       const deepstruc_pdf_settings *settings, double factor, deepstruc_diag *diag)
{
    double weight[3] = {(cell->sum_t2 - cell->sum_t) / 2, cell->count - cell->sum_t2, (cell->sum_t2 + cell->sum_t) / 2};
    double place[3] = {-1, 0, 1}, low = fmax(middle - half_cell, half_cell);
    size_t n = 3;
    if ((settings_correction(settings, low) > 0) != (settings_correction(settings, middle + half_cell) > 0)) {
        place[0] = cell->sum_t / cell->count;
        weight[0] = cell->count;
        n = 1;
    }
    for (size_t e = 0; e < n; e++) {
        double r = fmax(middle + place[e] * half_cell, half_cell);
        double msd = settings->biso * SETTINGS_MSD_PER_BISO * fmax(0, settings_correction(settings, r));
        deepstruc_status status = add_point(list, r, factor * weight[e] / r, msd / 2, diag);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

/* The largest distance there can be: the diagonal of the box around the atoms. */
static double box_diagonal(const deepstruc_cluster *cluster)
{
    double square = 0;
    for (size_t axis = 0; axis < 3; axis++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < cluster->n_atoms; i++) {
            low = fmin(low, cluster->xyz[3 * i + axis]);
            high = fmax(high, cluster->xyz[3 * i + axis]);
        }
        square += (high - low) * (high - low);
    }
    return sqrt(square);
}

static deepstruc_status sort_pairs(pairs_cell **out, size_t *n_cells, double cell, const settings_grid *grid,
                                   const deepstruc_cluster *cluster, deepstruc_diag *diag)
{
    size_t n = cluster->n_atoms;
    double high = fmin(grid->r_high, box_diagonal(cluster)), count = floor(high / cell) + 2;
    if (!(count <= MAX_CELLS))
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE,
                         "distances to %g A at qmax %g need too fine a grid: lower rmax or qmax", high,
                         M_PI / grid->qstep);
    pairs_cell *cells = memory_aligned((size_t)count, sizeof *cells);
    double *x = memory_aligned(3 * n, sizeof *x);
    if (!cells || !x) {
        free(cells);
        free(x);
        return diag_no_memory(diag);
    }
    for (size_t i = 0; i < 3 * n; i++)
        x[i % 3 * n + i / 3] = cluster->xyz[i];
    pairs_sort(cells, 1 / cell, x, x + n, x + 2 * n, n, fmax(grid->r_low, SETTINGS_SAME_PLACE), grid->r_high);
    free(x);
    *out = cells;
    *n_cells = (size_t)count;
    return DEEPSTRUC_OK;
}

/* One block of points, all Q: sines by turning (cosine, sine) through qstep * r, Gaussians by their constant second
 * ratio. */
static void add_block(double *f, size_t n_q, double qstep, const double *r, const double *weight,
                      const double *half_msd)
{
    double c[LANES], s[LANES], turn_c[LANES], turn_s[LANES], ratio[LANES], ratio2[LANES];
    for (size_t l = 0; l < LANES; l++) {
        c[l] = weight[l];
        s[l] = 0;
        ratio[l] = exp(-half_msd[l] * qstep * qstep);
        ratio2[l] = ratio[l] * ratio[l];
        turn_c[l] = cos(qstep * r[l]);
        turn_s[l] = sin(qstep * r[l]);
    }
    for (size_t k = 0; k < n_q; k++) {
        double sum = 0;
        for (size_t l = 0; l < LANES; l++)
            sum += s[l];
        f[k] += sum;
        for (size_t l = 0; l < LANES; l++) {
            double next_c = (c[l] * turn_c[l] - s[l] * turn_s[l]) * ratio[l];
            s[l] = (s[l] * turn_c[l] + c[l] * turn_s[l]) * ratio[l];
            c[l] = next_c;
            ratio[l] *= ratio2[l];
        }
    }
}

static void sum_points(double *f, const point_list *list, const settings_grid *grid)
{
    for (size_t k = 0; k < grid->n_q; k++)
        f[k] = 0;
    for (size_t i = 0; i < list->n; i += LANES) {
        double r[LANES] = {0}, weight[LANES] = {0}, half_msd[LANES] = {0};
        for (size_t l = 0; l < LANES && i + l < list->n; l++) {
            r[l] = list->r[i + l];
            weight[l] = list->weight[i + l];
            half_msd[l] = list->half_msd[i + l];
        }
        add_block(f, grid->n_q, grid->qstep, r, weight, half_msd);
    }
}

deepstruc_status debye_sum(double *f, const deepstruc_pdf_settings *settings, const settings_grid *grid,
                           const deepstruc_cluster *cluster, deepstruc_diag *diag)
{
    double cell = 1 / (CELLS_PER_RADIAN * settings->qmax);
    pairs_cell *cells = NULL;
    size_t n_cells = 0;
    deepstruc_status status = cluster->n_atoms ? sort_pairs(&cells, &n_cells, cell, grid, cluster, diag) : DEEPSTRUC_OK;
    point_list list = {0};
    for (size_t i = 0; status == DEEPSTRUC_OK && i < n_cells; i++)
        if (cells[i].count > 0)
            status = cell_to_points(&list, &cells[i], ((double)i + 0.5) * cell, cell / 2, settings,
                                    2 / (double)cluster->n_atoms, diag);
    if (status == DEEPSTRUC_OK)
        sum_points(f, &list, grid);
    free(cells);
    free(list.r);
    return status;
}

void debye_transform(double *out, size_t n, long first, double rstep, const double *f, const settings_grid *grid)
{
    double height = 2 / M_PI * grid->qstep;
    for (size_t i = 0; i < n; i += LANES) {
        double c[LANES], s[LANES], turn_c[LANES], turn_s[LANES], sum[LANES] = {0};
        for (size_t l = 0; l < LANES; l++) {
            double r = (double)(first + (long)(i + l)) * rstep, q = (double)grid->k_min * grid->qstep;
            c[l] = cos(q * r);
            s[l] = sin(q * r);
            turn_c[l] = cos(grid->qstep * r);
            turn_s[l] = sin(grid->qstep * r);
        }
        for (size_t k = grid->k_min; k < grid->n_q; k++)
            for (size_t l = 0; l < LANES; l++) {
                double next_c = c[l] * turn_c[l] - s[l] * turn_s[l];
                sum[l] += f[k] * s[l];
                s[l] = s[l] * turn_c[l] + c[l] * turn_s[l];
                c[l] = next_c;
            }
        for (size_t l = 0; l < LANES && i + l < n; l++)
            out[i + l] = height * sum[l];
    }
}
