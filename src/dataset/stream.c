#include "dataset/stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stream_large.h"
#include "dataset/stream_shape.h"
#include "dataset/stream_simulate.h"

enum { GROUP = STREAM_GROUP, GROUPS = STREAM_ROWS / GROUP };

struct stream {
    const frame_set *frames;
    stream_settings settings;
    simulator simulator;
    size_t n_known, n_of_family[FRAME_N_FAMILIES];
    stream_body *known; /* sorted by family */
    size_t first_of_family[FRAME_N_FAMILIES];
    large_parents *large;
    stream_body *cut;     /* GROUPS */
    stream_body *other;   /* GROUPS: each cut's body at another size */
    float *pairs, *f, *g; /* a batch: histograms, F(q), G(r) */
};

stream_settings stream_settings_default(void)
{
    return (stream_settings){.known_share = 0.5,
                             .variant_share = 0.2,
                             .large_share = 0.1,
                             .published_share = 0.25,
                             .wrong_share = 0.1,
                             .noise_max = 0.1,
                             .n_min = 8,
                             .n_max = 300};
}

void stream_destroy(stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->known && i < s->n_known; i++)
        free(s->known[i].distance);
    for (size_t i = 0; s->cut && i < GROUPS; i++)
        free(s->cut[i].distance);
    for (size_t i = 0; s->other && i < GROUPS; i++)
        free(s->other[i].distance);
    simulator_free(&s->simulator);
    large_parents_destroy(s->large);
    free(s->known);
    free(s->cut);
    free(s->other);
    free(s->pairs);
    free(s->f);
    free(s->g);
    free(s);
}

static bool is_never(const stream *s, const frame_shape *shape)
{
    return s->settings.never && held_out_has(s->settings.never, &s->frames->frame[shape->frame], shape);
}

static bool take_known(stream *s, const frame_shape *known, size_t n_known)
{
    for (int family = 0; family < FRAME_N_FAMILIES; family++) {
        s->first_of_family[family] = s->n_known;
        for (size_t i = 0; i < n_known; i++) {
            const frame *f = &s->frames->frame[known[i].frame];
            if ((int)f->family != family || is_never(s, &known[i]))
                continue;
            stream_body *body = &s->known[s->n_known++];
            body->shape = known[i];
            if (!simulate_distances(f, &body->shape, body))
                return false;
            s->n_of_family[family]++;
        }
    }
    return true;
}

deepstruc_status stream_create(stream **out, const frame_set *frames, const frame_shape *known, size_t n_known,
                               const stream_settings *settings, deepstruc_diag *diag)
{
    if (n_known == 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a stream needs at least one known shape");
    stream *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->frames = frames;
    s->settings = *settings;
    s->known = memory_zeroed(n_known, sizeof *s->known);
    s->cut = memory_zeroed(GROUPS, sizeof *s->cut);
    s->other = memory_zeroed(GROUPS, sizeof *s->other);
    s->pairs = memory_aligned((size_t)STREAM_ROWS * SIMULATE_BINS, sizeof *s->pairs);
    s->f = memory_aligned((size_t)STREAM_ROWS * SIMULATE_Q, sizeof *s->f);
    s->g = memory_aligned((size_t)STREAM_ROWS * STREAM_POINTS, sizeof *s->g);
    if (!s->known || !s->cut || !s->other || !s->pairs || !s->f || !s->g || !simulator_create(&s->simulator) ||
        (settings->large_share > 0 && !large_parents_create(&s->large)) || !take_known(s, known, n_known)) {
        stream_destroy(s);
        return diag_no_memory(diag);
    }
    if (s->n_known == 0) {
        stream_destroy(s);
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "every known shape is held out");
    }
    *out = s;
    return DEEPSTRUC_OK;
}

/* ---- one sample's circumstances -------------------------------------------------------------------------------------
 */

typedef struct {
    double bond, qmin, qmax, qdamp, rmin, rmax; /* true values, Å */
    bool qdamp_is_guessed;                      /* as 0.03 */
    double biso, delta2, strain;
    double noise, noise_power; /* F's noise grows as q^noise_power */
    double background, ligand; /* amplitudes over the rms of G */
    double other_size;         /* share of the sample that has another size */
} circumstances;

static double log_uniform(random_stream *random, double low, double high)
{
    return exp(random_uniform(random, log(low), log(high)));
}

static bool chance(random_stream *random, double p)
{
    return random_uniform(random, 0, 1) < p;
}

static const circumstances PUBLISHED = {.qmin = 0.7, .qmax = 25, .rmax = 30, .biso = 0.3};

static circumstances draw_circumstances(const stream_settings *settings, random_stream *random)
{
    circumstances c = PUBLISHED;
    c.bond = log_uniform(random, 1.9, 3.7);
    if (chance(random, settings->published_share))
        return c;
    c.qmin = random_uniform(random, 0.5, 2.5);
    c.qmax = random_uniform(random, 10, 30);
    c.qdamp_is_guessed = chance(random, 0.4);
    c.qdamp = c.qdamp_is_guessed ? fabs(0.03 + 0.01 * random_normal(random)) : random_uniform(random, 0, 0.06);
    c.biso = log_uniform(random, 0.1, 1.5);
    c.rmin = random_uniform(random, 0, 2);
    c.rmax = chance(random, 0.4) ? 30 : random_uniform(random, 10, 33);
    c.delta2 = chance(random, 0.5) ? 0 : random_uniform(random, 0, 0.5 * c.bond * c.bond);
    c.strain = chance(random, 0.6) ? 0 : random_uniform(random, 0, 0.015);
    c.noise = chance(random, 0.3) ? 0 : random_uniform(random, 0, settings->noise_max);
    c.noise_power = (double)random_below(random, 3);
    c.background = chance(random, 0.6) ? 0 : random_uniform(random, 0, 0.3);
    c.ligand = chance(random, 0.8) ? 0 : random_uniform(random, 0, 2);
    /* A guessed qdamp marks data as they come from a laboratory; such samples hold several sizes. */
    c.other_size = c.qdamp_is_guessed && chance(random, 0.5) ? random_uniform(random, 0.1, 0.5) : 0;
    return c;
}

/* The instrument as a user knows it: nearly right, qdamp often a guess. */
static stream_instrument draw_belief(const circumstances *c, bool published, random_stream *random)
{
    stream_instrument belief = {c->qmin, c->qmax, c->qdamp, c->rmin, c->rmax};
    if (published)
        return belief;
    belief.qmin *= 1 + 0.03 * random_normal(random);
    belief.qmax *= 1 + 0.015 * random_normal(random);
    belief.qdamp = c->qdamp_is_guessed ? 0.03 : fabs(belief.qdamp + 0.003 * random_normal(random));
    return belief;
}

/* log(true / hypothesised): half of the time nearly right, as after one correction; else anywhere in reach, or wrong.
 */
static double draw_log_ratio(const stream_settings *settings, random_stream *random)
{
    double which = random_uniform(random, 0, 1);
    if (which < settings->wrong_share)
        return random_uniform(random, -0.4, 0.4);
    return which < 0.5 ? 0.005 * random_normal(random)
                       : random_uniform(random, -STREAM_SCALE_ERROR, STREAM_SCALE_ERROR);
}

/* ---- the steps of a batch --------------------------------------------------------------------------------------- */

static void add_noise(float *f, const float *window, double dq, const circumstances *c, double unit,
                      random_stream *random)
{
    float noise[SIMULATE_Q];
    double own = 0, signal = 0;
    for (size_t k = 0; k < SIMULATE_Q; k++) {
        noise[k] = (float)(pow(dq * (double)(k + 1) / 30, c->noise_power) * random_normal(random)) * window[k];
        own += noise[k] * noise[k];
        signal += f[k] * f[k];
    }
    /* By Parseval: the noise spreads over pi / dq, the signal lies within the 18.5 Å of the noise's definition. */
    double scale = c->noise * sqrt(signal / (own + 1e-30) * M_PI / dq * unit / 18.5);
    for (size_t k = 0; k < SIMULATE_Q; k++)
        f[k] += (float)scale * noise[k];
}

static void finish(const float *g, const circumstances *c, double unit, double *out, random_stream *random)
{
    double squares = 0;
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        double r = unit * (STREAM_FIRST + STREAM_STEP * (double)i), damp = c->qdamp * r;
        out[i] = g[i] / (unit * unit) * exp(-damp * damp / 2);
        squares += r < 20 && r > 1.5 ? out[i] * out[i] : 0;
    }
    double rms = sqrt(squares / (18.5 / unit / STREAM_STEP));
    for (int wave = 0; wave < 3 && c->background > 0; wave++) {
        double q = random_uniform(random, 0, 1.2), phase = random_uniform(random, 0, 2 * M_PI),
               fall = random_uniform(random, 3, 30), height = c->background * rms * random_normal(random);
        for (size_t i = 0; i < STREAM_POINTS; i++) {
            double r = unit * (STREAM_FIRST + STREAM_STEP * (double)i);
            out[i] += height * sin(q * r + phase) * exp(-r / fall);
        }
    }
    if (c->ligand > 0) { /* metal-sulfur and the like: one sharp peak below the metal's own */
        double at = random_uniform(random, 2.0, 2.45), width = random_uniform(random, 0.05, 0.15);
        for (size_t i = 0; i < STREAM_POINTS; i++) {
            double x = (unit * (STREAM_FIRST + STREAM_STEP * (double)i) - at) / width;
            out[i] += c->ligand * rms * exp(-x * x / 2);
        }
    }
}

/* By family evenly. */
static const stream_body *random_known(const stream *s, random_stream *random)
{
    for (;;) {
        size_t family = random_below(random, FRAME_N_FAMILIES);
        if (s->n_of_family[family] > 0)
            return &s->known[s->first_of_family[family] + random_below(random, s->n_of_family[family])];
    }
}

static const stream_body *choose_body(stream *s, size_t row, random_stream *random, int *known)
{
    *known = -1;
    if (!chance(random, s->settings.known_share))
        return &s->cut[row / GROUP];
    const stream_body *body =
        random_below(random, 2) ? &s->known[random_below(random, s->n_known)] : random_known(s, random);
    *known = (int)(body - s->known);
    return body;
}

/* A body of the group's own, and another size of it; a body beyond the tables comes in one size. */
static bool draw_cut(stream *s, stream_body *body, stream_body *other, random_stream *random)
{
    for (;;) {
        frame_family family = (frame_family)random_below(random, FRAME_N_FAMILIES);
        double which = random_uniform(random, 0, 1) - s->settings.large_share;
        frame_shape whole;
        other->n_atoms = 0;
        if (which < 0) {
            if (stream_large_draw(s->large, s->frames, family, random, &whole, &body->shape))
                return simulate_distances(&s->large->frame[whole.frame], &whole, body);
            continue;
        }
        if (which < s->settings.variant_share) {
            other->shape = random_known(s, random)->shape;
            if (!stream_shape_variant(s->frames, &other->shape, random, &body->shape))
                continue;
        } else {
            size_t low = chance(random, 0.5) || s->settings.n_max < 60 ? s->settings.n_min : 60;
            if (!stream_shape_draw(s->frames, family, random, low, s->settings.n_max, &body->shape, &other->shape))
                continue;
        }
        const frame *f = &s->frames->frame[body->shape.frame];
        if (!is_never(s, &body->shape) && !is_never(s, &other->shape))
            return simulate_distances(f, &body->shape, body) &&
                   simulate_distances(&s->frames->frame[other->shape.frame], &other->shape, other);
    }
}

static void begin_row(stream *s, size_t row, random_stream *random, stream_sample *sample, circumstances *c)
{
    *sample = (stream_sample){.known = -1};
    sample->body = choose_body(s, row, random, &sample->known);
    *c = draw_circumstances(&s->settings, random);
    sample->log_ratio = (float)draw_log_ratio(&s->settings, random);
    sample->scale_is_right = fabsf(sample->log_ratio) <= (float)STREAM_SCALE_ERROR;
    sample->unit = c->bond / exp((double)sample->log_ratio);
    sample->instrument = draw_belief(c, c->rmin == PUBLISHED.rmin && c->qmax == PUBLISHED.qmax, random);
    double variance = 2 * c->biso / (8 * M_PI * M_PI);
    sample->log_atoms = logf((float)sample->body->n_atoms);
    sample->log_width = (float)log(sqrt(variance) / c->bond);
    double square = sample->unit * sample->unit;
    simulate_disorder disorder = {exp((double)sample->log_ratio), variance / square, c->delta2 / square, c->strain};
    float *pairs = s->pairs + row * SIMULATE_BINS;
    double share = sample->known < 0 && s->other[row / GROUP].n_atoms > 0 ? c->other_size : 0;
    memset(pairs, 0, SIMULATE_BINS * sizeof *pairs);
    simulate_smear(&s->simulator, sample->body, &disorder, 1 - share, pairs);
    if (share > 0)
        simulate_smear(&s->simulator, &s->other[row / GROUP], &disorder, share, pairs);
}

static void band_limit(stream *s, size_t row, const circumstances *c, double unit, random_stream *random)
{
    float window[SIMULATE_Q], *f = s->f + row * SIMULATE_Q;
    simulate_window(&s->simulator, c->qmin * unit, c->qmax * unit, window);
    for (size_t k = 0; k < SIMULATE_Q; k++)
        f[k] *= window[k];
    if (c->noise > 0)
        add_noise(f, window, s->simulator.dq, c, unit, random);
}

static void transform_to_q(stream *s, size_t n)
{
    blas_sgemm(false, false, n, SIMULATE_Q, SIMULATE_BINS, s->pairs, SIMULATE_BINS, s->simulator.to_q, SIMULATE_Q, 0,
               s->f, SIMULATE_Q);
}

static void transform_to_r(stream *s, size_t n)
{
    blas_sgemm(false, false, n, STREAM_POINTS, SIMULATE_Q, s->f, SIMULATE_Q, s->simulator.to_r, STREAM_POINTS, 0, s->g,
               STREAM_POINTS);
}

deepstruc_status stream_draw_part(stream *s, uint64_t seed, uint64_t batch, size_t rows, stream_part part, float *x,
                                  stream_sample *sample, deepstruc_diag *diag)
{
    circumstances c[STREAM_ROWS];
    random_stream random[STREAM_ROWS];
    bool good = true;
    if (rows > STREAM_ROWS || rows % GROUP != 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a batch of %zu samples; give a multiple of %d up to %d", rows,
                         GROUP, STREAM_ROWS);
    size_t n = stream_part_rows(part, rows);
#pragma omp parallel for schedule(dynamic, 4) reduction(&& : good)
    for (size_t group = 0; group < n / GROUP; group++) {
        size_t of_batch = stream_part_row(part, group * GROUP) / GROUP;
        random_stream own;
        random_seed(&own, seed, 2 * (batch * (rows / GROUP) + of_batch) + 1);
        good = draw_cut(s, &s->cut[group], &s->other[group], &own) && good;
    }
    if (!good)
        return diag_no_memory(diag);
#pragma omp parallel for schedule(dynamic, 8)
    for (size_t row = 0; row < n; row++) {
        random_seed(&random[row], seed, 2 * (batch * rows + stream_part_row(part, row)));
        begin_row(s, row, &random[row], &sample[row], &c[row]);
    }
    transform_to_q(s, n);
#pragma omp parallel for schedule(static)
    for (size_t row = 0; row < n; row++)
        band_limit(s, row, &c[row], sample[row].unit, &random[row]);
    transform_to_r(s, n);
#pragma omp parallel for schedule(static) reduction(&& : good)
    for (size_t row = 0; row < n; row++) {
        double g[STREAM_POINTS];
        finish(s->g + row * STREAM_POINTS, &c[row], sample[row].unit, g, &random[row]);
        good = stream_input(g, &sample[row].instrument, sample[row].unit, x + row * STREAM_INPUTS) && good;
    }
    if (!good)
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "a simulated PDF of batch %llu is not finite",
                         (unsigned long long)batch);
    return DEEPSTRUC_OK;
}

deepstruc_status stream_draw(stream *s, uint64_t seed, uint64_t batch, size_t rows, float *x, stream_sample *sample,
                             deepstruc_diag *diag)
{
    return stream_draw_part(s, seed, batch, rows, (stream_part){0, 1}, x, sample, diag);
}

size_t stream_n_known(const stream *s)
{
    return s->n_known;
}

const frame_shape *stream_known(const stream *s, size_t i)
{
    return &s->known[i].shape;
}

deepstruc_status stream_published(stream *s, size_t known, double bond_length, double unit, double *g,
                                  deepstruc_diag *diag)
{
    if (known >= s->n_known || !(bond_length > 0 && unit > 0))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no such shape or scale");
    circumstances c = PUBLISHED;
    double variance = 2 * c.biso / (8 * M_PI * M_PI);
    simulate_disorder disorder = {.ratio = bond_length / unit, .variance = variance / (unit * unit)};
    random_stream random;
    random_seed(&random, 0, 0);
    memset(s->pairs, 0, SIMULATE_BINS * sizeof *s->pairs);
    simulate_smear(&s->simulator, &s->known[known], &disorder, 1, s->pairs);
    transform_to_q(s, 1);
    band_limit(s, 0, &c, unit, &random);
    transform_to_r(s, 1);
    finish(s->g, &c, unit, g, &random);
    return DEEPSTRUC_OK;
}
