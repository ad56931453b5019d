/* The template of kernels.h for vector units. The including file defines V_LANES and
 *   KERNEL_NAME, KERNEL_SET         a word for --version, the set's symbol
 *   KERNEL_TARGET                   the attribute of every function
 *   KERNEL_ROOT(u), KERNEL_ROUGH    a quick root, v_double, and its largest relative error
 *   KERNEL_CELL(root, scale)        root * scale rounded down, plus ROUNDER
 *   KERNEL_MASK                     the type of what comparisons give: one answer a lane
 *   KERNEL_WITHIN(u, low, high)     the mask of low <= u <= high
 *   KERNEL_ANY(mask), KERNEL_ALL(mask)
 *   KERNEL_SELECT(mask, yes, no)    lane by lane
 *   KERNEL_ADD(sum, low, v4)        adds the four numbers at `low`, then the same times *v4, to the eight at `sum` */
#include <float.h>
#include <stdbool.h>
#include <string.h>

#include "pdf/kernels.h"

#define INLINE KERNEL_TARGET static inline __attribute__((always_inline))

INLINE v_double load(const double *from)
{
    v_double v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINE void store(double *to, v_double v)
{
    memcpy(to, &v, sizeof v);
}

/* ---- pairs ------------------------------------------------------------------------------------------------------ */

/* Adding 3 * 2^51 rounds a small number to a whole one, which then stands in the low bits. */
#define ROUNDER 6755399441055744.0

/* 8 pairs on their way to the cells, through memory: loads broadcast for free, shuffles would be what limits. */
typedef struct {
    double row[KERNELS_LANES][4]; /* (1, v, v^2, v^3); pair l stands in ROW_OF(l), as shuffles leave it */
    double v4[KERNELS_LANES], cell[KERNELS_LANES];
} __attribute__((aligned(64))) eight_pairs;

#if V_LANES == 8
#define ROW_OF(l) ((l) / 2 + (l) % 2 * 4)
#else
#define ROW_OF(l) (l)
#endif

/* (a, b, c, d) of V_LANES pairs as rows. */
INLINE void store_rows(double *to, v_double a, v_double b, v_double c, v_double d)
{
#if V_LANES == 8
    v_double ab_even = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    v_double ab_odd = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    v_double cd_even = __builtin_shufflevector(c, d, 0, 8, 2, 10, 4, 12, 6, 14);
    v_double cd_odd = __builtin_shufflevector(c, d, 1, 9, 3, 11, 5, 13, 7, 15);
    store(to, __builtin_shufflevector(ab_even, cd_even, 0, 1, 8, 9, 2, 3, 10, 11));
    store(to + 8, __builtin_shufflevector(ab_even, cd_even, 4, 5, 12, 13, 6, 7, 14, 15));
    store(to + 16, __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 8, 9, 2, 3, 10, 11));
    store(to + 24, __builtin_shufflevector(ab_odd, cd_odd, 4, 5, 12, 13, 6, 7, 14, 15));
#else
    v_double ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6), ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    v_double cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6), cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    store(to, __builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5));
    store(to + 4, __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5));
    store(to + 8, __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7));
    store(to + 12, __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7));
#endif
}

INLINE void add_moments(double *moments, const eight_pairs *eight)
{
    for (int l = 0; l < KERNELS_LANES; l++) {
        uint64_t bits;
        memcpy(&bits, &eight->cell[l], sizeof bits);
        double *sum = moments + (size_t)(uint32_t)bits * KERNELS_MOMENTS;
        KERNEL_ADD(sum, eight->row[ROW_OF(l)], &eight->v4[l]);
    }
}

/* A job as the loop wants it: in registers, since what is stored might for all the compiler knows be the job. */
typedef struct {
    const double *x, *y, *z;
    double low, high; /* Å^2 */
    double cell, half_cell, per_cell;
    v_double nowhere[KERNELS_LANES / V_LANES]; /* a scratch cell for each lane, or they would wait for each other */
    bool fine;                                 /* the quick root is too rough for so many cells */
} pairs_frame;

INLINE pairs_frame frame_of(const kernels_pairs *job, bool fine)
{
    pairs_frame frame = {
        job->x,    job->y,        job->z,        job->low * job->low, job->high * job->high,
        job->cell, job->cell / 2, 1 / job->cell, .fine = fine,
    };
    for (int l = 0; l < KERNELS_LANES; l++)
        frame.nowhere[l / V_LANES][l % V_LANES] = (double)job->n_cells + l + ROUNDER;
    return frame;
}

/* The pairs of an atom with the KERNELS_LANES from `j` on. Answers whether any counts. */
INLINE bool eight_of(eight_pairs *eight, const pairs_frame *f, size_t i, size_t j, bool *close)
{
    bool any = false;
    for (size_t l = 0; l < KERNELS_LANES; l += V_LANES) {
        v_double dx = load(f->x + j + l) - f->x[i], dy = load(f->y + j + l) - f->y[i],
                 dz = load(f->z + j + l) - f->z[i];
        v_double u = dx * dx + dy * dy + dz * dz, root = KERNEL_ROOT(u);
        if (f->fine)
            root += (u - root * root) / (root + root);
        v_double cell = KERNEL_CELL(root, f->per_cell), middle = (cell - ROUNDER) * f->cell + f->half_cell;
        v_double v = u - middle * middle, v2 = v * v;
        KERNEL_MASK counts = KERNEL_WITHIN(u, f->low, f->high);
        if (!KERNEL_ALL(counts))
            *close |= KERNEL_ANY(KERNEL_WITHIN(u, DBL_MIN, f->low) & ~counts);
        store_rows(eight->row[l], 1 - (v_double){0}, v, v2, v * v2);
        store(eight->v4 + l, v2 * v2);
        store(eight->cell + l, KERNEL_SELECT(counts, cell, f->nowhere[l / V_LANES]));
        any |= KERNEL_ANY(counts);
    }
    return any;
}

/* Column atoms are taken in blocks, so that they and the cells stay in the first-level cache together: every row goes
 * on in a block where its steps of KERNELS_LANES left the last one. Pairs wait in a queue before they are added: a sum
 * is then known to be another than those before it, whose addresses are long there, and need not wait for them. */
INLINE bool pairs_with(const kernels_pairs *job, size_t begin, size_t end, double *moments, bool fine)
{
    enum { BLOCK = 256, QUEUE = 4 };
    const pairs_frame frame = frame_of(job, fine);
    const size_t n_atoms = job->n_atoms;
    eight_pairs queue[QUEUE];
    size_t n = 0;
    bool close = false;
    for (size_t block = begin / BLOCK * BLOCK; block < n_atoms; block += BLOCK) {
        size_t stop = block + BLOCK < n_atoms ? block + BLOCK : n_atoms;
        for (size_t i = begin; i < end && i < stop; i++) {
            size_t j = i + 1;
            if (j < block)
                j += (block - j + KERNELS_LANES - 1) / KERNELS_LANES * KERNELS_LANES;
            for (; j < stop; j += KERNELS_LANES)
                if (eight_of(&queue[n % QUEUE], &frame, i, j, &close) && ++n >= QUEUE)
                    add_moments(moments, &queue[n % QUEUE]);
        }
    }
    for (size_t k = n < QUEUE ? 0 : n - QUEUE + 1; k < n; k++)
        add_moments(moments, &queue[k % QUEUE]);
    return close;
}

KERNEL_TARGET static bool pairs(const kernels_pairs *job, size_t begin, size_t end, double *moments)
{
    return (double)job->n_cells * KERNEL_ROUGH < KERNELS_REACH - 0.5 ? pairs_with(job, begin, end, moments, false)
                                                                     : pairs_with(job, begin, end, moments, true);
}

KERNEL_TARGET static void spread(double *node, const kernels_moments *total, size_t n_cells, const kernels_spread *how)
{
    enum { N = KERNELS_TAPS / V_LANES };
    for (size_t c = 0; c < n_cells; c++) {
        if (total[c][0] == 0)
            continue;
        const double(*window)[KERNELS_TAPS] = how->window[c % how->cells_per_node];
        double moment[KERNELS_MOMENTS], *to = node + c / how->cells_per_node;
        for (size_t m = 0; m < KERNELS_MOMENTS; m += V_LANES) {
            v_double even_sum = {0}, odd_sum = {0};
            for (size_t k = 0; k < KERNELS_MOMENTS; k += 2) {
                even_sum += total[c][k] * load(how->source[c][k] + m);
                odd_sum += total[c][k + 1] * load(how->source[c][k + 1] + m);
            }
            store(moment + m, even_sum + odd_sum);
        }
        v_double even[N], odd[N]; /* two chains of additions, or each would wait for the last */
        for (int part = 0; part < N; part++) {
            even[part] = load(to + part * V_LANES);
            odd[part] = (v_double){0};
        }
        for (size_t m = 0; m < KERNELS_MOMENTS; m += 2)
            for (int part = 0; part < N; part++) {
                even[part] += moment[m] * load(window[m] + part * V_LANES);
                odd[part] += moment[m + 1] * load(window[m + 1] + part * V_LANES);
            }
        for (int part = 0; part < N; part++)
            store(to + part * V_LANES, even[part] + odd[part]);
    }
}

/* ---- matrices --------------------------------------------------------------------------------------------------- */

enum { PARTS = 4, CHUNK = PARTS * V_LANES }; /* columns whose sums stay in registers */

INLINE void combine_chunk(double *const *out, const double *const *weight, size_t n_out, const double *at,
                          size_t n_rows)
{
    v_double sum[KERNELS_MOST_OUT][PARTS];
    for (size_t v = 0; v < n_out; v++)
        for (int part = 0; part < PARTS; part++)
            sum[v][part] = (v_double){0};
    for (size_t k = 0; k < n_rows; k++, at += KERNELS_PANEL)
        for (int part = 0; part < PARTS; part++) {
            v_double entry = load(at + part * V_LANES);
            for (size_t v = 0; v < n_out; v++)
                sum[v][part] += weight[v][k] * entry;
        }
    for (size_t v = 0; v < n_out; v++)
        for (int part = 0; part < PARTS; part++)
            store(out[v] + part * V_LANES, sum[v][part]);
}

KERNEL_TARGET static void combine(double *const *out, const double *const *weight, size_t n_out,
                                  const kernels_matrix *matrix, size_t n_rows, size_t n_panels)
{
    for (size_t column = 0; column < n_panels * KERNELS_PANEL; column += CHUNK) {
        const double *at = matrix->at + column / KERNELS_PANEL * matrix->rows * KERNELS_PANEL + column % KERNELS_PANEL;
        double *to[KERNELS_MOST_OUT];
        for (size_t v = 0; v < n_out; v++)
            to[v] = out[v] + column;
        switch (n_out) { /* a constant number keeps the sums in registers */
        case 1:
            combine_chunk(to, weight, 1, at, n_rows);
            break;
        case 2:
            combine_chunk(to, weight, 2, at, n_rows);
            break;
        default:
            combine_chunk(to, weight, 3, at, n_rows);
        }
    }
}

/* ---- windows ---------------------------------------------------------------------------------------------------- */

INLINE double total(v_double v)
{
#if V_LANES == 8
    v4_double four = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
    v4_double four = v;
#endif
    v2_double two = __builtin_shufflevector(four, four, 0, 1) + __builtin_shufflevector(four, four, 2, 3);
    return two[0] + two[1];
}

INLINE void read_table(double *value, double *slope, const double *place, size_t n, const double *table,
                       const double *coefficient, size_t n_coefficients)
{
    enum { N = KERNELS_TAPS / V_LANES };
    for (size_t k = 0; k < n; k++) {
        long whole = (long)place[k];
        double t = 2 * (place[k] - (double)whole) - 1;
        const double *c = coefficient + (n_coefficients - 1) * KERNELS_TAPS;
        v_double tap[N], slope_of_tap[N];
        for (int part = 0; part < N; part++) {
            tap[part] = load(c + part * V_LANES);
            slope_of_tap[part] = (v_double){0};
        }
        while (c > coefficient) {
            c -= KERNELS_TAPS;
            for (int part = 0; part < N; part++) {
                if (slope)
                    slope_of_tap[part] = slope_of_tap[part] * t + tap[part];
                tap[part] = tap[part] * t + load(c + part * V_LANES);
            }
        }
        const double *entry = table + whole + 1; /* entry whole - (KERNELS_TAPS / 2 - 1) */
        v_double sum = {0}, slope_sum = {0};
        for (int part = 0; part < N; part++) {
            sum += tap[part] * load(entry + part * V_LANES);
            if (slope)
                slope_sum += slope_of_tap[part] * load(entry + part * V_LANES);
        }
        value[k] = total(sum);
        if (slope)
            slope[k] = 2 * total(slope_sum);
    }
}

KERNEL_TARGET static void read(double *value, double *slope, const double *place, size_t n, const double *table,
                               const double *coefficient, size_t n_coefficients)
{
    if (slope)
        read_table(value, slope, place, n, table, coefficient, n_coefficients);
    else
        read_table(value, NULL, place, n, table, coefficient, n_coefficients);
}

KERNEL_TARGET static void refine(double *out, const double *from, size_t n_blocks, const double *weight, size_t taps,
                                 size_t stride)
{
    for (size_t b = 0; b < n_blocks; b++)
        for (size_t l = 0; l < stride; l += V_LANES) {
            v_double even = {0}, odd = {0}; /* two chains of additions, or each would wait for the last */
            for (size_t p = 0; p < taps; p += 2) {
                even += from[b + p] * load(weight + p * stride + l);
                odd += from[b + p + 1] * load(weight + (p + 1) * stride + l);
            }
            store(out + b * stride + l, even + odd);
        }
}

const kernels_set KERNEL_SET = {KERNEL_NAME, pairs, spread, combine, read, refine};
