#include "dataset/hexagonality.h"

#include <math.h>

enum { LAYERS = 32 };

static double share_of(size_t hexagonal, size_t cubic)
{
    return hexagonal + cubic > 0 ? (double)hexagonal / (double)(hexagonal + cubic) : NAN;
}

static double of_stacking(const frame *f, const frame_shape *shape)
{
    int letter[LAYERS] = {0};
    size_t n_in[LAYERS] = {0}, hexagonal = 0, cubic = 0;
    for (size_t i = 0; i < shape->n_atoms; i++) {
        int layer = f->layer[shape->site[i]] + LAYERS / 2;
        letter[layer] = f->letter[shape->site[i]];
        n_in[layer]++;
    }
    for (int l = 1; l + 1 < LAYERS; l++) {
        if (n_in[l] == 0 || n_in[l - 1] == 0 || n_in[l + 1] == 0)
            continue;
        if (letter[l - 1] == letter[l + 1])
            hexagonal += n_in[l];
        else
            cubic += n_in[l];
    }
    return share_of(hexagonal, cubic);
}

/* The five twin planes hold the axis, z, and the directions at 90 degrees and every fifth of a turn from there. */
static double of_decahedron(const frame *f, const frame_shape *shape)
{
    const double fifth = 2 * M_PI / 5, same = 0.01;
    size_t hexagonal = 0, cubic = 0;
    for (size_t i = 0; i < shape->n_atoms; i++) {
        const double *r = f->site[shape->site[i]];
        if (hypot(r[0], r[1]) < same)
            continue;
        if (fabs(remainder(atan2(r[1], r[0]) - M_PI / 2, fifth)) < same)
            hexagonal++;
        else
            cubic++;
    }
    return share_of(hexagonal, cubic);
}

double hexagonality_of(const frame_set *frames, const frame_shape *shape)
{
    const frame *f = &frames->frame[shape->frame];
    switch (f->family) {
    case FRAME_FCC:
        return 0;
    case FRAME_HCP:
        return 1;
    case FRAME_STACKING:
        return of_stacking(f, shape);
    case FRAME_DECAHEDRON:
        return of_decahedron(f, shape);
    default:
        return NAN;
    }
}
