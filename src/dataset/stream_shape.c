#include "dataset/stream_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/stream_solid.h"

enum { TRIES = 30 };

void stream_shape_sequence(int letter[32], random_stream *random)
{
    double fault = random_uniform(random, 0.1, 0.9);
    letter[0] = (int)random_below(random, 3);
    int step = 1 + (int)random_below(random, 2);
    for (int i = 1; i < 32; i++) {
        if (random_uniform(random, 0, 1) < fault)
            step = 3 - step;
        letter[i] = (letter[i - 1] + step) % 3;
    }
}

bool stream_shape_is_faulted(const frame *f, const frame_shape *shape, const int letter[32])
{
    int low = 31, high = 0, cubic = 0, hexagonal = 0;
    for (size_t i = 0; i < shape->n_atoms; i++) {
        int layer = f->layer[shape->site[i]] + 16;
        low = layer < low ? layer : low;
        high = layer > high ? layer : high;
    }
    for (int l = low + 1; l < high; l++) {
        if (letter[l - 1] == letter[l + 1])
            hexagonal++;
        else
            cubic++;
    }
    return cubic > 0 && hexagonal > 0;
}

static size_t neighbours_in(const frame *f, const bool *occupied, size_t site)
{
    size_t n = 0;
    for (size_t k = 0; k < FRAME_NEIGHBOURS; k++) {
        uint16_t other = f->neighbour[site * FRAME_NEIGHBOURS + k];
        n += other != FRAME_NOWHERE && occupied[other];
    }
    return n;
}

/* Takes away corners: `n_away` times one of the atoms with the fewest neighbours. */
static void remove_corners(const frame *f, frame_shape *shape, size_t n_away, random_stream *random)
{
    bool occupied[FRAME_MAX_SITES] = {false};
    for (size_t i = 0; i < shape->n_atoms; i++)
        occupied[shape->site[i]] = true;
    for (; n_away > 0 && shape->n_atoms > 5; n_away--) {
        size_t fewest = FRAME_NEIGHBOURS + 1, chosen = 0, ties = 0;
        for (size_t i = 0; i < shape->n_atoms; i++) {
            size_t n = neighbours_in(f, occupied, shape->site[i]);
            ties = n < fewest ? 0 : ties;
            fewest = n < fewest ? n : fewest;
            if (n == fewest && random_below(random, ++ties) == 0)
                chosen = i;
        }
        occupied[shape->site[chosen]] = false;
        shape->site[chosen] = shape->site[--shape->n_atoms];
    }
}

/* The k-th smallest (from 0) of n values, which are reordered (Hoare 1961). */
static double kth_smallest(double *value, long n, long k)
{
    for (long low = 0, high = n - 1; low < high;) {
        double pivot = value[k];
        long i = low, j = high;
        while (i <= j) {
            while (value[i] < pivot)
                i++;
            while (pivot < value[j])
                j--;
            if (i <= j) {
                double swap = value[i];
                value[i++] = value[j];
                value[j--] = swap;
            }
        }
        low = j < k ? i : low;
        high = k < i ? j : high;
    }
    return value[k];
}

bool stream_shape_fill(const frame *f, const solid *b, const int *letter, size_t n, frame_shape *shape, double *level)
{
    const double margin = 0.45;
    double value[FRAME_MAX_FAR_SITES], sorted[FRAME_MAX_FAR_SITES];
    size_t n_allowed = 0;
    shape->n_atoms = 0;
    for (size_t i = 0; i < f->n_sites; i++) {
        value[i] = INFINITY;
        if (letter && letter[f->layer[i] + 16] != f->letter[i])
            continue;
        value[i] = solid_value(b, f->site[i]);
        sorted[n_allowed++] = value[i];
    }
    if (n >= n_allowed)
        return false;
    double far = 0;
    *level = kth_smallest(sorted, (long)n_allowed, (long)n - 1) + 1e-6;
    for (size_t i = 0; i < f->n_sites && shape->n_atoms < FRAME_MAX_SITES; i++)
        if (value[i] <= *level) {
            const double *r = f->site[i];
            far = fmax(far, sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]));
            shape->site[shape->n_atoms++] = (uint16_t)i;
        }
    return f->family == FRAME_ICOSAHEDRON || far <= f->reach - margin;
}

/* Cuts the `n_away` atoms off that lie furthest along a direction, and those that lie as far: often a lattice
 * direction, so that whole layers go. */
static void cut_off(const frame *f, frame_shape *shape, size_t n_away, random_stream *random)
{
    double v[3], along[FRAME_MAX_SITES], sorted[FRAME_MAX_SITES];
    if (random_below(random, 2))
        random_direction(random, v);
    else
        memcpy(v, f->site[1 + random_below(random, 24)], sizeof v);
    for (size_t i = 0; i < shape->n_atoms; i++) {
        const double *r = f->site[shape->site[i]];
        sorted[i] = along[i] = v[0] * r[0] + v[1] * r[1] + v[2] * r[2];
    }
    size_t n = 0;
    double level = kth_smallest(sorted, (long)shape->n_atoms, (long)(shape->n_atoms - n_away)) - 1e-6;
    for (size_t i = 0; i < shape->n_atoms; i++)
        if (along[i] < level)
            shape->site[n++] = shape->site[i];
    shape->n_atoms = n;
}

static bool has_no_loose_atom(const frame *f, const frame_shape *shape)
{
    bool occupied[FRAME_MAX_SITES] = {false};
    for (size_t i = 0; i < shape->n_atoms; i++)
        occupied[shape->site[i]] = true;
    for (size_t i = 0; i < shape->n_atoms; i++)
        if (neighbours_in(f, occupied, shape->site[i]) == 0)
            return false;
    return true;
}

bool stream_shape_variant(const frame_set *set, const frame_shape *known, random_stream *random, frame_shape *out)
{
    enum { FEWEST = 5 };
    const frame *f = &set->frame[known->frame];
    double xyz[3 * FRAME_MAX_SITES];
    frame_shape rest = *known;
    if (random_below(random, 3))
        cut_off(f, &rest, 1 + random_below(random, 1 + known->n_atoms / 3), random);
    else
        remove_corners(f, &rest, 1 + random_below(random, 1 + known->n_atoms / 8), random);
    if (rest.n_atoms < FEWEST || !has_no_loose_atom(f, &rest))
        return false;
    if (frame_is_centred(set, &rest)) {
        frame_canonical(set, &rest);
        *out = rest;
        return true;
    }
    for (size_t i = 0; i < rest.n_atoms; i++)
        memcpy(xyz + 3 * i, f->site[rest.site[i]], sizeof *f->site);
    return frame_fit(set, f->family, xyz, rest.n_atoms, 1, out);
}

static bool is_solid(const frame *f, const frame_shape *shape)
{
    bool occupied[FRAME_MAX_SITES] = {false};
    for (size_t i = 0; i < shape->n_atoms; i++)
        occupied[shape->site[i]] = true;
    for (size_t i = 0; i < shape->n_atoms; i++)
        if (neighbours_in(f, occupied, shape->site[i]) < (f->family == FRAME_SC || f->family == FRAME_BCC ? 1 : 3))
            return false;
    return true;
}

bool stream_shape_draw(const frame_set *set, frame_family family, random_stream *random, size_t n_min, size_t n_max,
                       frame_shape *out, frame_shape *other)
{
    int frames[FRAME_COUNT], n_frames = 0, letter[32];
    for (int k = 0; k < FRAME_COUNT; k++)
        if (set->frame[k].family == family)
            frames[n_frames++] = k;
    solid b;
    double level;
    for (int attempt = 0; attempt < TRIES; attempt++) {
        out->frame = frames[random_below(random, (uint64_t)n_frames)];
        const frame *f = &set->frame[out->frame];
        bool stacked = family == FRAME_STACKING;
        size_t n = (size_t)exp(random_uniform(random, log((double)n_min), log((double)n_max + 1)));
        solid_draw(&b, f, random);
        stream_shape_sequence(letter, random);
        if (!stream_shape_fill(f, &b, stacked ? letter : NULL, n, out, &level) || out->n_atoms > n_max)
            continue;
        if (random_below(random, 4) == 0)
            remove_corners(f, out, random_below(random, 1 + out->n_atoms / 10), random);
        if (out->n_atoms >= n_min && is_solid(f, out) && (!stacked || stream_shape_is_faulted(f, out, letter)) &&
            frame_is_centred(set, out)) {
            if (other) {
                double m = (double)n * exp(random_uniform(random, -0.9, 0.9));
                other->frame = out->frame;
                /* The table's edge may cut the other: its distances are all that is wanted of it. */
                if (!stream_shape_fill(f, &b, stacked ? letter : NULL, (size_t)fmax(m, 5), other, &level) &&
                    other->n_atoms < 5)
                    *other = *out;
            }
            frame_canonical(set, out);
            return true;
        }
    }
    return false;
}
