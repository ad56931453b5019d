/* How probable each edge is.
 *
 * On the observed side F(Q) is taken for a Gaussian process of a certain length and of the stretch's size, beyond the
 * edge it is zero; what is seen is that function smeared by the kernel of the measured range, plus what the range below
 * the first point would have added (any smooth piece), plus noise. The candidate of the largest marginal likelihood
 * wins (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, chapter 5). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/edges.h"
#include "pdf/resample.h"

enum { RANGE_POINTS = 600, BACKGROUND = 10, BACKGROUND_POINTS = 100 };
static const double cell = 0.02;        /* 1/Å: of the unknown F(Q) */
static const double margin = 1.5;       /* 1/Å: F(Q) around the stretch that leaks into it */
static const double prior_variance = 5; /* of F, in units of the stretch's mean square */
static const double background_variance = 4;
static const double usual_qdamp = 0.02;     /* 1/Å: real envelopes smear edges by 0 to 0.06 */
static const double background_from = 0.05; /* Å: data that begin closer to 0 miss nothing */

typedef struct {
    size_t n, n_cells;
    double q0, dq;               /* of the observations */
    double first_cell;           /* lower end of cell 0 */
    double *seen;                /* n */
    double *kernel;              /* n_cells x n: what F = 1 in a cell shows at each observation */
    double *background;          /* n x n covariance */
    double *covariance, *matrix; /* n x n */
    double *sum, *vector;        /* n */
} problem;

static void problem_clear(problem *p)
{
    free(p->seen);
    free(p->kernel);
    free(p->background);
    free(p->covariance);
    free(p->matrix);
    free(p->sum);
    free(p->vector);
}

/* ---- the picture --------------------------------------------------------------------------------------------------
 */

/* kernel = (2/pi) integral of w(r) sin(Q r) sin(Q' r) dr over the measured range, times the cell. */
static void fill_kernel(problem *p, const edges_piece *piece)
{
    double h = (piece->end - piece->begin) / (RANGE_POINTS - 1);
    for (size_t k = 0; k < RANGE_POINTS; k++) {
        double r = piece->begin + (double)k * h, taper = cos(0.5 * M_PI * r / piece->end), damped = usual_qdamp * r;
        double weight = 2 / M_PI * taper * taper * exp(-0.5 * damped * damped) * h * cell;
        if (k == 0)
            weight *= 0.5;
        for (size_t i = 0; i < p->n; i++)
            p->vector[i] = weight * sin((p->q0 + (double)i * p->dq) * r);
        for (size_t j = 0; j < p->n_cells; j++) {
            double wave = sin((p->first_cell + ((double)j + 0.5) * cell) * r), *row = p->kernel + j * p->n;
            for (size_t i = 0; i < p->n; i++)
                row[i] += wave * p->vector[i];
        }
    }
}

/* Covariance of what 0 .. begin would have added: polynomials of r times sin and cos at the middle of the stretch. */
static void fill_background(problem *p, const edges_piece *piece)
{
    if (piece->begin < background_from)
        return;
    double h = piece->begin / BACKGROUND_POINTS, middle = p->q0 + 0.5 * (double)p->n * p->dq;
    for (int b = 0; b < BACKGROUND; b++) {
        int power = b / 2;
        double square = 0;
        memset(p->vector, 0, p->n * sizeof *p->vector);
        for (int k = 0; k < BACKGROUND_POINTS; k++) {
            double r = (k + 0.5) * h, phase = middle * r;
            double value = pow(r / piece->begin, power) * (b % 2 ? cos(phase) : sin(phase));
            for (size_t i = 0; i < p->n; i++)
                p->vector[i] += value * sin((p->q0 + (double)i * p->dq) * r);
        }
        for (size_t i = 0; i < p->n; i++)
            square += p->vector[i] * p->vector[i];
        double scale = background_variance * (double)p->n / square;
        for (size_t i = 0; i < p->n; i++)
            for (size_t j = 0; j < p->n; j++)
                p->background[i * p->n + j] += scale * p->vector[i] * p->vector[j];
    }
}

static deepstruc_status problem_create(problem *out, const edges_piece *piece, const edges_search *search,
                                       deepstruc_diag *diag)
{
    problem p = {.dq = 0.8 * M_PI / piece->end};
    p.q0 = fmax(search->q_from, 0.5 * p.dq);
    p.n = (size_t)((search->q_to - p.q0) / p.dq) + 1;
    p.first_cell = fmax(0, search->q_from - margin);
    p.first_cell = search->first - cell * ceil((search->first - p.first_cell) / cell); /* candidates are borders */
    p.n_cells = (size_t)((search->q_to + margin - p.first_cell) / cell);
    size_t square = p.n * p.n;
    p.seen = memory_zeroed(p.n, sizeof(double));
    p.kernel = memory_zeroed(p.n * p.n_cells, sizeof(double));
    p.background = memory_zeroed(square, sizeof(double));
    p.covariance = memory_zeroed(square, sizeof(double));
    p.matrix = memory_zeroed(square, sizeof(double));
    p.sum = memory_zeroed(p.n, sizeof(double));
    p.vector = memory_zeroed(p.n, sizeof(double));
    if (!p.seen || !p.kernel || !p.background || !p.covariance || !p.matrix || !p.sum || !p.vector) {
        problem_clear(&p);
        return diag_no_memory(diag);
    }
    edges_transform(piece, p.q0, p.dq, p.n, p.seen);
    double square_sum = 0;
    for (size_t i = 0; i < p.n; i++)
        square_sum += p.seen[i] * p.seen[i];
    double scale = square_sum > 0 ? sqrt((double)p.n / square_sum) : 1;
    for (size_t i = 0; i < p.n; i++)
        p.seen[i] *= scale;
    fill_kernel(&p, piece);
    fill_background(&p, piece);
    *out = p;
    return DEEPSTRUC_OK;
}

/* ---- probabilities ------------------------------------------------------------------------------------------------
 */

/* Adds cell j, whose F is correlated over `length` with that of the cells added before it (towards `from`). */
static void add_cell(problem *p, size_t j, size_t from, double length)
{
    const double *row = p->kernel + j * p->n;
    memset(p->sum, 0, p->n * sizeof *p->sum);
    size_t reach = (size_t)(4 * length / cell) + 1;
    for (size_t k = 1; k <= reach; k++) {
        if (from < j ? k > j - from : k > from - j)
            break;
        double x = (double)k * cell / length, correlation = prior_variance * exp(-0.5 * x * x);
        const double *other = p->kernel + (from < j ? j - k : j + k) * p->n;
        for (size_t i = 0; i < p->n; i++)
            p->sum[i] += correlation * other[i];
    }
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k <= i; k++)
            p->covariance[i * p->n + k] += prior_variance * row[i] * row[k] + row[i] * p->sum[k] + p->sum[i] * row[k];
}

/* ln of the marginal likelihood, but for a constant. */
static double likelihood(problem *p, double noise)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k <= i; k++)
            p->matrix[i * p->n + k] = p->covariance[i * p->n + k] + p->background[i * p->n + k];
    for (size_t i = 0; i < p->n; i++) {
        p->matrix[i * p->n + i] += noise * noise;
        p->vector[i] = p->seen[i];
    }
    if (!cholesky_solve(p->matrix, p->n, p->vector))
        return -INFINITY;
    double value = 0;
    for (size_t i = 0; i < p->n; i++)
        value -= 0.5 * p->seen[i] * p->vector[i] + log(p->matrix[i * p->n + i]);
    return value;
}

/* table[noise * n_candidates + candidate]. */
static void fill_table(problem *p, const edges_search *search, double length, double *table)
{
    size_t per_step = (size_t)(search->step / cell + 0.5);
    size_t first = (size_t)((search->first - p->first_cell) / cell + 0.5), last = p->n_cells - 1;
    memset(p->covariance, 0, p->n * p->n * sizeof *p->covariance);
    bool low = search->side == EDGES_LOW;
    size_t at = low ? last + 1 : 0, from = low ? last : 0; /* cells at .. last, or 0 .. at-1, are in */
    for (size_t step = 0; step < search->n_candidates; step++) {
        size_t candidate = low ? search->n_candidates - 1 - step : step, border = first + candidate * per_step;
        while (low ? at > border : at < border) {
            add_cell(p, low ? at - 1 : at, from, length);
            at = low ? at - 1 : at + 1;
        }
        for (size_t k = 0; k < search->n_noises; k++)
            table[k * search->n_candidates + candidate] = likelihood(p, search->noises[k]);
    }
}

/* Peak of the likelihoods, interpolated by a parabola, and its spread. */
static edges_found read_peak(const edges_search *search, const double *value)
{
    size_t n = search->n_candidates, best = 0;
    for (size_t i = 1; i < n; i++)
        if (value[i] > value[best])
            best = i;
    double sum = 0, mean = 0, square = 0, shift = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = exp(value[i] - value[best]), x = (double)i * search->step;
        sum += weight, mean += weight * x, square += weight * x * x;
    }
    mean /= sum;
    if (best > 0 && best + 1 < n) {
        double bend = value[best - 1] - 2 * value[best] + value[best + 1];
        if (bend < 0)
            shift = 0.5 * (value[best - 1] - value[best + 1]) / bend;
    }
    double none = search->side == EDGES_LOW ? value[0] : fmax(value[0], value[n - 1]);
    return (edges_found){.q = search->first + ((double)best + shift) * search->step,
                         .gain = value[best] - none,
                         .spread = sqrt(fmax(0, square / sum - mean * mean))};
}

deepstruc_status edges_find(const edges_piece *piece, const edges_search *search, edges_found *out,
                            deepstruc_diag *diag)
{
    problem p = {0};
    double *table = memory_zeroed(search->n_noises * search->n_candidates, sizeof *table), best = -INFINITY;
    deepstruc_status status = table ? problem_create(&p, piece, search, diag) : diag_no_memory(diag);
    if (status != DEEPSTRUC_OK) {
        free(table);
        return status;
    }
    *out = (edges_found){.q = NAN};
    for (size_t i = 0; i < search->n_lengths; i++) {
        fill_table(&p, search, search->lengths[i], table);
        for (size_t k = 0; k < search->n_noises * search->n_candidates; k++)
            if (table[k] > best) {
                best = table[k];
                *out = read_peak(search, table + k / search->n_candidates * search->n_candidates);
            }
    }
    problem_clear(&p);
    free(table);
    return DEEPSTRUC_OK;
}
