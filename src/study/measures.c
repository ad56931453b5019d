#include "study/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/eigen.h"
#include "base/memory.h"

/* ---- assignment ---------------------------------------------------------------------------------------------------
 */

deepstruc_status measure_assign(const double *cost, size_t n, size_t m, size_t *column, deepstruc_diag *diag)
{
    if (n > m)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "more rows (%zu) than columns (%zu) to assign", n, m);
    double *u = memory_zeroed(n + 1, sizeof *u), *v = memory_zeroed(m + 1, sizeof *v),
           *least = memory_zeroed(m + 1, sizeof *least);
    size_t *row_of = memory_zeroed(m + 1, sizeof *row_of), *way = memory_zeroed(m + 1, sizeof *way);
    bool *visited = memory_zeroed(m + 1, sizeof *visited);
    deepstruc_status status = u && v && least && row_of && way && visited ? DEEPSTRUC_OK : diag_no_memory(diag);
    /* Rows and columns count from 1; column 0 holds the row being placed. u, v are the dual prices. */
    for (size_t i = 1; i <= n && status == DEEPSTRUC_OK; i++) {
        size_t at = 0;
        row_of[0] = i;
        for (size_t j = 0; j <= m; j++) {
            least[j] = INFINITY;
            visited[j] = false;
        }
        do {
            size_t row = row_of[at], next = 0;
            double step = INFINITY;
            visited[at] = true;
            for (size_t j = 1; j <= m; j++) {
                if (visited[j])
                    continue;
                double reduced = cost[(row - 1) * m + j - 1] - u[row] - v[j];
                if (reduced < least[j]) {
                    least[j] = reduced;
                    way[j] = at;
                }
                if (least[j] < step) {
                    step = least[j];
                    next = j;
                }
            }
            for (size_t j = 0; j <= m; j++) {
                if (visited[j]) {
                    u[row_of[j]] += step;
                    v[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            at = next;
        } while (row_of[at] != 0);
        for (; at != 0; at = way[at])
            row_of[at] = row_of[way[at]];
    }
    for (size_t j = 1; j <= m && status == DEEPSTRUC_OK; j++)
        if (row_of[j] != 0)
            column[row_of[j] - 1] = j - 1;
    free(u);
    free(v);
    free(least);
    free(row_of);
    free(way);
    free(visited);
    return status;
}

/* ---- superposition --------------------------------------------------------------------------------------------------
 */

static void largest_eigenvector(double a[4][4], double vector[4])
{
    double v[4][4];
    int best = 0;
    eigen_symmetric(a[0], v[0], 4);
    for (int k = 1; k < 4; k++)
        best = a[k][k] > a[best][best] ? k : best;
    for (int k = 0; k < 4; k++)
        vector[k] = v[k][best];
}

static void rotation_of(const double q[4], double r[9])
{
    double w = q[0], x = q[1], y = q[2], z = q[3];
    double m[9] = {w * w + x * x - y * y - z * z, 2 * (x * y - w * z),           2 * (x * z + w * y),
                   2 * (x * y + w * z),           w * w - x * x + y * y - z * z, 2 * (y * z - w * x),
                   2 * (x * z - w * y),           2 * (y * z + w * x),           w * w - x * x - y * y + z * z};
    memcpy(r, m, sizeof m);
}

static void turn(const double r[9], const double *in, double *out)
{
    double x = in[0], y = in[1], z = in[2];
    for (int c = 0; c < 3; c++)
        out[c] = r[3 * c] * x + r[3 * c + 1] * y + r[3 * c + 2] * z;
}

void measure_superpose(const double *a, const double *b, const size_t *from, const size_t *to, size_t n,
                       double rotation[9], double shift[3])
{
    double mean_a[3] = {0}, mean_b[3] = {0}, s[3][3] = {{0}}, q[4], turned[3];
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < 3; c++) {
            mean_a[c] += a[3 * from[i] + (size_t)c] / (double)n;
            mean_b[c] += b[3 * to[i] + (size_t)c] / (double)n;
        }
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < 3; c++)
            for (int d = 0; d < 3; d++)
                s[c][d] += (b[3 * to[i] + (size_t)c] - mean_b[c]) * (a[3 * from[i] + (size_t)d] - mean_a[d]);
    double k[4][4] = {{s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
                      {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
                      {s[2][0] - s[0][2], s[0][1] + s[1][0], -s[0][0] + s[1][1] - s[2][2], s[1][2] + s[2][1]},
                      {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], -s[0][0] - s[1][1] + s[2][2]}};
    largest_eigenvector(k, q);
    rotation_of(q, rotation);
    turn(rotation, mean_b, turned);
    for (int c = 0; c < 3; c++)
        shift[c] = mean_a[c] - turned[c];
}

/* ---- strict error ----------------------------------------------------------------------------------------------- */

enum { STARTS = 240, KEPT = 4, ROUNDS = 8 };

/* Two centred clouds; `few` has no more atoms than `many`. */
typedef struct {
    const double *few;
    double *many, *moved, *cost; /* many, maybe mirrored; turned and shifted; few x many */
    size_t n_few, n_many, *column, *rows;
    double bond;
    double best, coordinate; /* summed capped distances of the best assignment so far; its mean |difference| */
} comparison;

static double distance(const double *a, const double *b)
{
    double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return sqrt(x * x + y * y + z * z);
}

static void move(comparison *c, const double rotation[9], const double shift[3])
{
    for (size_t j = 0; j < c->n_many; j++) {
        turn(rotation, c->many + 3 * j, c->moved + 3 * j);
        for (size_t x = 0; x < 3; x++)
            c->moved[3 * j + x] += shift[x];
    }
}

/* Sum over `few` of the capped distance to the nearest of `many`: a lower bound of the assignment, and quick. */
static double nearest_sum(const comparison *c, double stop)
{
    double sum = 0;
    for (size_t i = 0; i < c->n_few && sum < stop; i++) {
        double least = c->bond * c->bond;
        for (size_t j = 0; j < c->n_many; j++) {
            double x = c->few[3 * i] - c->moved[3 * j], y = c->few[3 * i + 1] - c->moved[3 * j + 1],
                   z = c->few[3 * i + 2] - c->moved[3 * j + 2], d2 = x * x + y * y + z * z;
            least = d2 < least ? d2 : least;
        }
        sum += sqrt(least);
    }
    return sum;
}

/* From a start: assignment and superposition in turn, until the summed error no longer falls. */
static deepstruc_status settle(comparison *c, double rotation[9], double shift[3], deepstruc_diag *diag)
{
    double own = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        move(c, rotation, shift);
        for (size_t i = 0; i < c->n_few; i++)
            for (size_t j = 0; j < c->n_many; j++)
                c->cost[i * c->n_many + j] = fmin(c->bond, distance(c->few + 3 * i, c->moved + 3 * j));
        deepstruc_status status = measure_assign(c->cost, c->n_few, c->n_many, c->column, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        double sum = 0, coordinates = 0;
        size_t n_pairs = 0;
        for (size_t i = 0; i < c->n_few; i++) {
            for (size_t x = 0; x < 3; x++)
                coordinates += fabs(c->few[3 * i + x] - c->moved[3 * c->column[i] + x]) / (3 * (double)c->n_few);
            double d = c->cost[i * c->n_many + c->column[i]];
            sum += d;
            if (d < c->bond) { /* only real pairs pull */
                c->rows[n_pairs] = i;
                c->column[n_pairs++] = c->column[i];
            }
        }
        if (!(sum < own - 1e-9))
            break;
        own = sum;
        if (sum < c->best) {
            c->best = sum;
            c->coordinate = coordinates;
        }
        if (n_pairs < 3)
            break;
        measure_superpose(c->few, c->many, c->rows, c->column, n_pairs, rotation, shift);
    }
    return DEEPSTRUC_OK;
}

/* An orthonormal triad from two directions; false when they are parallel. */
static bool triad(const double *a, const double *b, double t[3][3])
{
    double la = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]), dot = 0, lb = 0;
    if (!(la > 1e-6))
        return false;
    for (int c = 0; c < 3; c++)
        t[0][c] = a[c] / la;
    for (int c = 0; c < 3; c++)
        dot += t[0][c] * b[c];
    for (int c = 0; c < 3; c++) {
        t[1][c] = b[c] - dot * t[0][c];
        lb += t[1][c] * t[1][c];
    }
    if (!(lb > 1e-4 * la * la))
        return false;
    for (int c = 0; c < 3; c++)
        t[1][c] /= sqrt(lb);
    for (int c = 0; c < 3; c++)
        t[2][c] = t[0][(c + 1) % 3] * t[1][(c + 2) % 3] - t[0][(c + 2) % 3] * t[1][(c + 1) % 3];
    return true;
}

typedef struct {
    double score, rotation[9];
} start;

static void keep_start(start *kept, double score, const double rotation[9])
{
    for (int k = 0; k < KEPT; k++)
        if (score < kept[k].score) {
            memmove(kept + k + 1, kept + k, (size_t)(KEPT - 1 - k) * sizeof *kept);
            kept[k].score = score;
            memcpy(kept[k].rotation, rotation, sizeof kept[k].rotation);
            return;
        }
}

/* The two atoms of `few` that fix its orientation best: the one furthest from the centre, and the one furthest from the
 * axis through it. */
static void choose_anchors(const comparison *c, size_t anchor[2])
{
    double far = -1, aside = -1;
    for (size_t i = 0; i < c->n_few; i++) {
        double d = distance(c->few + 3 * i, (double[3]){0});
        if (d > far + 1e-6) {
            far = d;
            anchor[0] = i;
        }
    }
    const double *a = c->few + 3 * anchor[0];
    for (size_t i = 0; i < c->n_few; i++) {
        const double *b = c->few + 3 * i;
        double x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2], z = a[0] * b[1] - a[1] * b[0];
        double off = x * x + y * y + z * z;
        if (off > aside + 1e-6) {
            aside = off;
            anchor[1] = i;
        }
    }
}

/* Rotations that take some pair of atoms of `many`, at like distances from the centre and from each other, onto the
 * anchors; the closest pairs first, STARTS of them. */
static void try_starts(comparison *c, start *kept)
{
    const double none[3] = {0};
    size_t anchor[2] = {0};
    choose_anchors(c, anchor);
    const double *a = c->few + 3 * anchor[0], *b = c->few + 3 * anchor[1];
    double la = distance(a, none), lb = distance(b, none), ab = distance(a, b), target[3][3], source[3][3];
    if (!triad(a, b, target))
        return;
    size_t tried = 0;
    for (double tolerance = 0.02 * c->bond; tolerance < c->bond && tried < STARTS; tolerance *= 4)
        for (size_t i = 0; i < c->n_many && tried < STARTS; i++) {
            const double *p = c->many + 3 * i;
            double off_a = fabs(distance(p, none) - la);
            if (off_a > tolerance)
                continue;
            for (size_t j = 0; j < c->n_many && tried < STARTS; j++) {
                const double *q = c->many + 3 * j;
                double off = fmax(off_a, fmax(fabs(distance(q, none) - lb), fabs(distance(p, q) - ab)));
                if (off > tolerance || (tolerance > 0.03 * c->bond && off <= tolerance / 4) || !triad(p, q, source))
                    continue;
                double rotation[9] = {0};
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++)
                        for (int k = 0; k < 3; k++)
                            rotation[3 * r + s] += target[k][r] * source[k][s];
                move(c, rotation, none);
                keep_start(kept, nearest_sum(c, kept[KEPT - 1].score), rotation);
                tried++;
            }
        }
}

static deepstruc_status compare(comparison *c, deepstruc_diag *diag)
{
    const double identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (int mirror = 0; mirror < 2 && c->best > 1e-6; mirror++) {
        start kept[KEPT];
        for (int k = 0; k < KEPT; k++)
            kept[k].score = INFINITY;
        for (size_t i = 0; i < 3 * c->n_many && mirror; i++)
            c->many[i] = -c->many[i];
        move(c, identity, (double[3]){0});
        keep_start(kept, nearest_sum(c, INFINITY), identity);
        try_starts(c, kept);
        for (int k = 0; k < KEPT && isfinite(kept[k].score) && kept[k].score < c->best; k++) {
            double shift[3] = {0};
            deepstruc_status status = settle(c, kept[k].rotation, shift, diag);
            if (status != DEEPSTRUC_OK)
                return status;
        }
    }
    return DEEPSTRUC_OK;
}

static void centre(double *to, const double *from, size_t n)
{
    double mean[3] = {0};
    for (size_t i = 0; i < 3 * n; i++)
        mean[i % 3] += from[i] / (double)n;
    for (size_t i = 0; i < 3 * n; i++)
        to[i] = from[i] - mean[i % 3];
}

deepstruc_status measure_compare(const double *truth, size_t n_truth, const double *found, size_t n_found, double bond,
                                 measure_errors *out, deepstruc_diag *diag)
{
    if (n_truth == 0 || n_truth > MEASURE_MAX_ATOMS || n_found > MEASURE_MAX_ATOMS || !(bond > 0))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "cannot compare %zu with %zu atoms", n_truth, n_found);
    if (n_found == 0) {
        *out = (measure_errors){bond, bond};
        return DEEPSTRUC_OK;
    }
    bool swap = n_found < n_truth;
    size_t n_few = swap ? n_found : n_truth, n_many = swap ? n_truth : n_found;
    double *few = memory_zeroed(3 * n_few, sizeof *few), *many = memory_zeroed(3 * n_many, sizeof *many),
           *moved = memory_zeroed(3 * n_many, sizeof *moved), *cost = memory_zeroed(n_few * n_many, sizeof *cost);
    size_t *column = memory_zeroed(n_few, sizeof *column), *rows = memory_zeroed(n_few, sizeof *rows);
    deepstruc_status status = few && many && moved && cost && column && rows ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        centre(few, swap ? found : truth, n_few);
        centre(many, swap ? truth : found, n_many);
        comparison c = {few, many, moved, cost, n_few, n_many, column, rows, bond, (double)n_few * bond, bond};
        status = compare(&c, diag);
        if (status == DEEPSTRUC_OK)
            *out = (measure_errors){(c.best + (double)(n_many - n_few) * bond) / (double)n_many, c.coordinate};
    }
    free(few);
    free(many);
    free(moved);
    free(cost);
    free(column);
    free(rows);
    return status;
}

/* ---- spreads ---------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

measure_spread measure_spread_of(double *x, size_t n)
{
    measure_spread s = {NAN, NAN, NAN};
    if (n == 0)
        return s;
    qsort(x, n, sizeof *x, by_size);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    s.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - s.mean) * (x[i] - s.mean);
    s.std = sqrt(squares / (double)n);
    s.median = n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
    return s;
}
