#include "dataset/layers_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stream_simulate.h"

enum { GROUP = 2, GROUPS = LAYERS_ROWS / GROUP }; /* rows of a group share one body */

/* The published labels' instrument. */
static const double QMIN = 0.7, QMAX = 25, RMAX = 30, BISO = 0.3;

struct layers_stream {
    const layers_set *set;
    bool allowed[LAYERS_SEQUENCES];
    double mixed;
    simulator simulator;
    layers_structure structure[GROUPS];
    stream_body body[GROUPS];
    float *pairs, *f, *g; /* a batch: histograms, F(q), G(r) */
};

deepstruc_status layers_stream_create(layers_stream **out, const layers_set *set, const bool allowed[LAYERS_SEQUENCES],
                                      double mixed, deepstruc_diag *diag)
{
    layers_stream *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->set = set;
    memcpy(s->allowed, allowed, sizeof s->allowed);
    s->mixed = mixed;
    s->pairs = memory_aligned((size_t)LAYERS_ROWS * SIMULATE_BINS, sizeof *s->pairs);
    s->f = memory_aligned((size_t)LAYERS_ROWS * SIMULATE_Q, sizeof *s->f);
    s->g = memory_aligned((size_t)LAYERS_ROWS * STREAM_POINTS, sizeof *s->g);
    if (!s->pairs || !s->f || !s->g || !simulator_create(&s->simulator)) {
        layers_stream_destroy(s);
        return diag_no_memory(diag);
    }
    *out = s;
    return DEEPSTRUC_OK;
}

void layers_stream_destroy(layers_stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < GROUPS; i++)
        free(s->body[i].distance);
    simulator_free(&s->simulator);
    free(s->pairs);
    free(s->f);
    free(s->g);
    free(s);
}

static double variance_at(double bond)
{
    return 2 * BISO / (8 * M_PI * M_PI) / (bond * bond);
}

static void smear(layers_stream *s, size_t row, const stream_body *body, double bond, double unit)
{
    simulate_disorder disorder = {.ratio = bond / unit, .variance = variance_at(unit)};
    float *pairs = s->pairs + row * SIMULATE_BINS;
    memset(pairs, 0, SIMULATE_BINS * sizeof *pairs);
    simulate_smear(&s->simulator, body, &disorder, 1, pairs);
}

/* From the histograms of n rows to what a network sees of them. */
static bool transform(layers_stream *s, const double *unit, size_t n, float *x)
{
    bool good = true;
    blas_sgemm(false, false, n, SIMULATE_Q, SIMULATE_BINS, s->pairs, SIMULATE_BINS, s->simulator.to_q, SIMULATE_Q, 0,
               s->f, SIMULATE_Q);
    for (size_t row = 0; row < n; row++) {
        float window[SIMULATE_Q];
        simulate_window(&s->simulator, QMIN * unit[row], QMAX * unit[row], window);
        for (size_t k = 0; k < SIMULATE_Q; k++)
            s->f[row * SIMULATE_Q + k] *= window[k];
    }
    blas_sgemm(false, false, n, STREAM_POINTS, SIMULATE_Q, s->f, SIMULATE_Q, s->simulator.to_r, STREAM_POINTS, 0, s->g,
               STREAM_POINTS);
    for (size_t row = 0; row < n; row++) {
        const stream_instrument instrument = {QMIN, QMAX, 0, 0, RMAX};
        double g[STREAM_POINTS];
        for (size_t i = 0; i < STREAM_POINTS; i++)
            g[i] = (double)s->g[row * STREAM_POINTS + i];
        good = stream_input(g, &instrument, unit[row], x + row * STREAM_INPUTS) && good;
    }
    return good;
}

/* Mostly as after `solve`'s corrections; else anywhere in reach, or wrong. */
static double draw_log_ratio(random_stream *random)
{
    double which = random_uniform(random, 0, 1);
    if (which < 0.07)
        return random_uniform(random, -0.4, 0.4);
    if (which < 0.2)
        return random_uniform(random, -STREAM_SCALE_ERROR, STREAM_SCALE_ERROR);
    return (which < 0.4 ? 0.005 : 0.0015) * random_normal(random);
}

/* The pairs as a list of distances. */
static bool list_distances(const layers_pairs *pairs, size_t n_atoms, stream_body *body)
{
    if (body->capacity < LAYERS_SQUARES) {
        free(body->distance);
        body->capacity = 0;
        body->distance = memory_zeroed(2 * LAYERS_SQUARES, sizeof *body->distance);
        if (!body->distance)
            return false;
        body->capacity = LAYERS_SQUARES;
    }
    body->count = body->distance + body->capacity;
    body->n_atoms = n_atoms;
    body->n_distances = 0;
    for (int square = 1; square < LAYERS_SQUARES; square++)
        if (pairs->count[square] > 0) {
            body->distance[body->n_distances] = sqrtf((float)square / 3);
            body->count[body->n_distances++] = pairs->count[square];
        }
    return true;
}

/* The rows of a group: one body, each with its own pairs of layers, bond length and hypothesis. */
static bool draw_group(layers_stream *s, random_stream *random, size_t group, double *unit, layers_sample *sample)
{
    layers_structure *structure = &s->structure[group];
    layers_solid solid;
    layers_pairs pairs;
    layers_draw(s->set, s->allowed, random, structure, &solid);
    for (size_t row = GROUP * group; row < GROUP * (group + 1); row++) {
        double bond = exp(random_uniform(random, log(LAYERS_BOND_MIN), log(LAYERS_BOND_MAX)));
        double ratio = draw_log_ratio(random);
        bool mixed = random_uniform(random, 0, 1) < s->mixed;
        unit[row] = bond / exp(ratio);
        sample[row] = (layers_sample){.structure = structure,
                                      .scale_is_right = fabs(ratio) <= STREAM_SCALE_ERROR,
                                      .is_near = fabs(ratio) <= LAYERS_NEAR,
                                      .log_ratio = (float)ratio,
                                      .log_atoms = logf((float)structure->shape.n_atoms),
                                      .log_width = (float)log(sqrt(variance_at(bond)))};
        layers_pair(s->set, s->allowed, structure->sequence, &solid, mixed, random, &pairs);
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            sample[row].number[k] = pairs.number[k] + (float)(LAYERS_BLUR * random_normal(random));
        if (!list_distances(&pairs, structure->shape.n_atoms, &s->body[group]))
            return false;
        smear(s, row, &s->body[group], bond, unit[row]);
    }
    return true;
}

deepstruc_status layers_stream_draw(layers_stream *s, uint64_t seed, uint64_t batch, size_t rows, float *x,
                                    layers_sample *sample, deepstruc_diag *diag)
{
    double unit[LAYERS_ROWS];
    bool good = true;
    if (rows > LAYERS_ROWS || rows % GROUP != 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a batch of %zu samples; give a multiple of %d up to %d", rows,
                         GROUP, LAYERS_ROWS);
#pragma omp parallel for schedule(dynamic, 4) reduction(&& : good)
    for (size_t group = 0; group < rows / GROUP; group++) {
        random_stream random;
        random_seed(&random, seed, batch * (rows / GROUP) + group);
        good = draw_group(s, &random, group, unit, sample) && good;
    }
    if (!good)
        return diag_no_memory(diag);
    if (!transform(s, unit, rows, x))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "a simulated PDF of batch %llu is not finite",
                         (unsigned long long)batch);
    return DEEPSTRUC_OK;
}

deepstruc_status layers_stream_show(layers_stream *s, const layers_structure *structure, double bond_length,
                                    double unit, float *x, deepstruc_diag *diag)
{
    if (!(bond_length > 0 && unit > 0))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a bond length is not positive");
    if (!simulate_distances(&s->set->table, &structure->shape, &s->body[0]))
        return diag_no_memory(diag);
    smear(s, 0, &s->body[0], bond_length, unit);
    return transform(s, &unit, 1, x) ? DEEPSTRUC_OK : diag_fail(diag, DEEPSTRUC_NUMERIC, "the PDF is not finite");
}
