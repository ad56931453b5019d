#include "dataset/stream_simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    WIDTHS = 100, /* Gaussians with standard deviations 0.012 * 1.03^k bond lengths: 0.012 to 0.22 */
    SHIFTS = 8,
    HALF = 76,
    TAPS = 2 * HALF + 1,
    FINE = 512, /* bins per bond length in which distances are collected; each keeps its own mean */
    FINE_BINS = 19 * FINE
};
static const double WIDTH_MIN = 0.012, WIDTH_RATIO = 1.03, CUT = 4.2;

static double width_of(int k)
{
    return WIDTH_MIN * pow(WIDTH_RATIO, k);
}

bool simulator_create(simulator *s)
{
    s->dq = M_PI / 15; /* a pair at 18.2 repeats at 30 - 18.2: beyond the model's grid */
    s->to_q = memory_aligned((size_t)SIMULATE_BINS * SIMULATE_Q, sizeof *s->to_q);
    s->to_r = memory_aligned((size_t)SIMULATE_Q * STREAM_POINTS, sizeof *s->to_r);
    s->kernel = memory_aligned((size_t)WIDTHS * SHIFTS * TAPS, sizeof *s->kernel);
    if (!s->to_q || !s->to_r || !s->kernel) {
        simulator_free(s);
        return false;
    }
    for (size_t i = 0; i < SIMULATE_BINS; i++)
        for (size_t k = 0; k < SIMULATE_Q; k++)
            s->to_q[i * SIMULATE_Q + k] = (float)sin(s->dq * (double)(k + 1) * SIMULATE_BIN * (double)i);
    for (size_t k = 0; k < SIMULATE_Q; k++)
        for (size_t i = 0; i < STREAM_POINTS; i++)
            s->to_r[k * STREAM_POINTS + i] =
                (float)(2 / M_PI * s->dq * sin(s->dq * (double)(k + 1) * (STREAM_FIRST + STREAM_STEP * (double)i)));
    for (int w = 0; w < WIDTHS; w++)
        for (int shift = 0; shift < SHIFTS; shift++)
            for (int t = 0; t < TAPS; t++) {
                double x = (t - HALF - (shift + 0.5) / SHIFTS) * SIMULATE_BIN / width_of(w);
                s->kernel[(w * SHIFTS + shift) * TAPS + t] =
                    (float)(SIMULATE_BIN / width_of(w) / sqrt(2 * M_PI) * exp(-x * x / 2));
            }
    return true;
}

void simulator_free(simulator *s)
{
    free(s->to_q);
    free(s->to_r);
    free(s->kernel);
    *s = (simulator){0};
}

bool simulate_distances(const frame *f, const frame_shape *shape, stream_body *body)
{
    float n_pairs[FINE_BINS] = {0}, sum[FINE_BINS] = {0};
    float x[FRAME_MAX_SITES], y[FRAME_MAX_SITES], z[FRAME_MAX_SITES], d[FRAME_MAX_SITES];
    size_t n = shape->n_atoms, used = 0;
    body->n_atoms = n;
    for (size_t i = 0; i < n; i++) {
        const double *r = f->site[shape->site[i]];
        x[i] = (float)r[0];
        y[i] = (float)r[1];
        z[i] = (float)r[2];
    }
    for (size_t i = 1; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            d[j] = sqrtf((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]) + (z[i] - z[j]) * (z[i] - z[j]));
        for (size_t j = 0; j < i; j++) {
            size_t bin = (size_t)(d[j] * FINE);
            bin = bin < FINE_BINS ? bin : FINE_BINS - 1;
            n_pairs[bin] += 1;
            sum[bin] += d[j];
        }
    }
    for (size_t b = 0; b < FINE_BINS; b++)
        used += n_pairs[b] > 0;
    if (used > body->capacity) {
        free(body->distance);
        body->capacity = 0;
        body->distance = memory_zeroed(2 * used, sizeof *body->distance);
        if (!body->distance)
            return false;
        body->capacity = used;
    }
    body->count = body->distance + body->capacity;
    body->n_distances = 0;
    for (size_t b = 0; b < FINE_BINS; b++)
        if (n_pairs[b] > 0) {
            body->distance[body->n_distances] = sum[b] / n_pairs[b];
            body->count[body->n_distances++] = n_pairs[b];
        }
    return true;
}

void simulate_smear(const simulator *s, const stream_body *body, const simulate_disorder *disorder, double share,
                    float *row)
{
    double per_atom = 2 * share / (double)body->n_atoms;
    for (size_t i = 0; i < body->n_distances; i++) {
        double r = body->distance[i] * disorder->ratio, stretch = disorder->strain * r;
        double variance = disorder->variance * (1 - disorder->delta2 / (r * r)) + stretch * stretch;
        double width = sqrt(fmax(variance, WIDTH_MIN * WIDTH_MIN));
        int w = (int)(log(width / WIDTH_MIN) / log(WIDTH_RATIO) + 0.5);
        w = w < WIDTHS ? w : WIDTHS - 1;
        double place = r / SIMULATE_BIN;
        long bin = (long)place, half = (long)(CUT * width_of(w) / SIMULATE_BIN) + 1;
        int shift = (int)((place - (double)bin) * SHIFTS);
        half = half < HALF ? half : HALF;
        long low = bin - half > 0 ? bin - half : 0, high = bin + half < SIMULATE_BINS ? bin + half : SIMULATE_BINS - 1;
        const float *kernel = s->kernel + (w * SHIFTS + shift) * TAPS + HALF - bin;
        float height = (float)(per_atom * body->count[i] / r);
        for (long b = low; b <= high; b++)
            row[b] += height * kernel[b];
    }
}

void simulate_window(const simulator *s, double qmin, double qmax, float window[SIMULATE_Q])
{
    for (size_t k = 0; k < SIMULATE_Q; k++) {
        double low = s->dq * ((double)k + 0.5), high = low + s->dq;
        window[k] = (float)fmax(0, (fmin(high, qmax) - fmax(low, qmin)) / s->dq);
    }
}
