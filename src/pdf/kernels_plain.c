/* The kernels as plain loops: what the vector variants are held against, and what runs where there is none. */
#include <math.h>

#include "pdf/kernels.h"

static bool pairs(const kernels_pairs *job, size_t begin, size_t end, double *moments)
{
    bool close = false;
    for (size_t i = begin; i < end; i++)
        for (size_t j = i + 1; j < job->n_atoms; j++) {
            double dx = job->x[j] - job->x[i], dy = job->y[j] - job->y[i], dz = job->z[j] - job->z[i];
            double u = dx * dx + dy * dy + dz * dz;
            close |= u < job->low * job->low && u > 0;
            if (!(u >= job->low * job->low && u <= job->high * job->high))
                continue;
            double cell = floor(sqrt(u) / job->cell), middle = cell * job->cell + job->cell / 2;
            double v = u - middle * middle, power = 1;
            for (int m = 0; m < KERNELS_MOMENTS; m++, power *= v)
                moments[(size_t)cell * KERNELS_MOMENTS + (size_t)m] += power;
        }
    return close;
}

static void spread(double *node, const kernels_moments *total, size_t n_cells, const kernels_spread *how)
{
    for (size_t c = 0; c < n_cells; c++)
        for (size_t k = 0; k < KERNELS_MOMENTS; k++) {
            double moment = 0;
            for (size_t m = 0; m < KERNELS_MOMENTS; m++)
                moment += total[c][m] * how->source[c][m][k];
            for (size_t p = 0; p < KERNELS_TAPS; p++)
                node[c / how->cells_per_node + p] += moment * how->window[c % how->cells_per_node][k][p];
        }
}

static void combine(double *const *out, const double *const *weight, size_t n_out, const kernels_matrix *matrix,
                    size_t n_rows, size_t n_panels)
{
    for (size_t v = 0; v < n_out; v++)
        for (size_t panel = 0; panel < n_panels; panel++) {
            double *to = out[v] + panel * KERNELS_PANEL;
            const double *at = matrix->at + panel * matrix->rows * KERNELS_PANEL;
            for (size_t c = 0; c < KERNELS_PANEL; c++)
                to[c] = 0;
            for (size_t k = 0; k < n_rows; k++)
                for (size_t c = 0; c < KERNELS_PANEL; c++)
                    to[c] += weight[v][k] * at[k * KERNELS_PANEL + c];
        }
}

static void read(double *value, double *slope, const double *place, size_t n, const double *table,
                 const double *coefficient, size_t n_coefficients)
{
    for (size_t k = 0; k < n; k++) {
        long whole = (long)place[k];
        double t = 2 * (place[k] - (double)whole) - 1, sum = 0, slope_sum = 0;
        for (size_t p = 0; p < KERNELS_TAPS; p++) {
            double tap = 0, slope_of_tap = 0, entry = table[(size_t)whole + 1 + p];
            for (size_t c = n_coefficients; c-- > 0;) {
                slope_of_tap = slope_of_tap * t + tap;
                tap = tap * t + coefficient[c * KERNELS_TAPS + p];
            }
            sum += tap * entry;
            slope_sum += slope_of_tap * entry;
        }
        value[k] = sum;
        if (slope)
            slope[k] = 2 * slope_sum;
    }
}

static void refine(double *out, const double *from, size_t n_blocks, const double *weight, size_t taps, size_t stride)
{
    for (size_t b = 0; b < n_blocks; b++)
        for (size_t l = 0; l < stride; l++) {
            double sum = 0;
            for (size_t p = 0; p < taps; p++)
                sum += from[b + p] * weight[p * stride + l];
            out[b * stride + l] = sum;
        }
}

const kernels_set kernels_plain = {"plain", pairs, spread, combine, read, refine};
