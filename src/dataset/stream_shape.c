#include "dataset/stream_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PLANES = 64, TRIES = 30 };

/* A body around `middle`: the largest n.r / d over its planes, or the norm of an ellipsoid; sites below a level are in.
 */
typedef struct {
    double middle[3];
    size_t n_planes;
    double plane[MAX_PLANES][3]; /* n / d */
    double axis[3][3];           /* rows e / a of an ellipsoid; used when n_planes is 0 */
} body;

static double body_value(const body *b, const double site[3])
{
    double r[3] = {site[0] - b->middle[0], site[1] - b->middle[1], site[2] - b->middle[2]}, value = 0;
    for (size_t i = 0; i < b->n_planes; i++) {
        const double *n = b->plane[i];
        value = fmax(value, n[0] * r[0] + n[1] * r[1] + n[2] * r[2]);
    }
    for (int i = 0; i < 3 && b->n_planes == 0; i++) {
        double x = b->axis[i][0] * r[0] + b->axis[i][1] * r[1] + b->axis[i][2] * r[2];
        value += x * x;
    }
    return value;
}

static void add_plane(body *b, double x, double y, double z, double distance)
{
    double l = sqrt(x * x + y * y + z * z) * distance;
    if (b->n_planes < MAX_PLANES)
        memcpy(b->plane[b->n_planes++], (double[3]){x / l, y / l, z / l}, sizeof b->plane[0]);
}

static double stretch(random_stream *random, double spread)
{
    return exp(spread * random_normal(random));
}

static void random_direction(random_stream *random, double v[3])
{
    double l = 0;
    for (int i = 0; i < 3; i++)
        v[i] = random_normal(random);
    l = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
    for (int i = 0; i < 3; i++)
        v[i] /= l;
}

static void draw_ellipsoid(body *b, random_stream *random)
{
    bool sphere = random_below(random, 3) == 0, aligned = random_below(random, 2) == 0;
    double e[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    if (!aligned) {
        double dot = 0, l = 0;
        random_direction(random, e[0]);
        random_direction(random, e[1]);
        for (int c = 0; c < 3; c++)
            dot += e[0][c] * e[1][c];
        for (int c = 0; c < 3; c++)
            e[1][c] -= dot * e[0][c];
        for (int c = 0; c < 3; c++)
            l += e[1][c] * e[1][c];
        for (int c = 0; c < 3; c++)
            e[1][c] /= sqrt(l) + 1e-12;
        for (int c = 0; c < 3; c++)
            e[2][c] = e[0][(c + 1) % 3] * e[1][(c + 2) % 3] - e[0][(c + 2) % 3] * e[1][(c + 1) % 3];
    }
    for (int i = 0; i < 3; i++) {
        double a = sphere ? 1 : stretch(random, 0.25);
        for (int c = 0; c < 3; c++)
            b->axis[i][c] = e[i][c] / a;
    }
}

/* {100}, {110} and {111} facets at random distances, as layers are counted in the published builders. */
static void draw_cubic_facets(body *b, random_stream *random, double uneven)
{
    double d100 = stretch(random, 0.2), d110 = stretch(random, 0.2), d111 = stretch(random, 0.2);
    bool with110 = random_below(random, 2), with111 = random_below(random, 4) > 0,
         with100 = random_below(random, 4) > 0;
    if (!with111 && !with100)
        with111 = true;
    for (int x = -1; x <= 1; x++)
        for (int y = -1; y <= 1; y++)
            for (int z = -1; z <= 1; z++) {
                int order = abs(x) + abs(y) + abs(z);
                if ((order == 1 && with100) || (order == 2 && with110) || (order == 3 && with111))
                    add_plane(b, x, y, z, (order == 1 ? d100 : order == 2 ? d110 : d111) * stretch(random, uneven));
            }
}

static void draw_box(body *b, random_stream *random)
{
    for (int axis = 0; axis < 3; axis++) {
        double d = stretch(random, 0.35);
        for (int sign = -1; sign <= 1; sign += 2)
            add_plane(b, axis == 0 ? sign : 0, axis == 1 ? sign : 0, axis == 2 ? sign : 0, d);
    }
}

/* Prisms and bipyramids of hexagonal crystals: 2, 3 or 6 side directions, the basal plane, and maybe {10-11}. */
static void draw_hexagonal_facets(body *b, random_stream *random, double uneven)
{
    double side = stretch(random, 0.25), top = stretch(random, 0.3), oblique = 1.15 * stretch(random, 0.15);
    bool turned = random_below(random, 2), slanted = random_below(random, 2), rhombic = random_below(random, 3) == 0;
    double other = rhombic ? side * stretch(random, 0.3) : side;
    for (int k = 0; k < 6; k++) {
        double a = M_PI * k / 3 + (turned ? M_PI / 6 : 0);
        if (!rhombic || k % 3 < 2)
            add_plane(b, cos(a), sin(a), 0, (k % 3 == 1 ? other : side) * stretch(random, uneven));
        for (int sign = -1; sign <= 1 && slanted; sign += 2)
            add_plane(b, cos(a), sin(a), sign * 0.53, oblique * stretch(random, uneven));
    }
    for (int sign = -1; sign <= 1; sign += 2)
        add_plane(b, 0, 0, sign, top * stretch(random, uneven));
}

/* Caps {111}, sides {100} and Marks' re-entrant edges: a ring of columns lies cos(36 deg) sqrt(3)/2 = 0.7006 further
 * out and is one bond length shorter. */
static void draw_decahedral_facets(body *b, random_stream *random, double uneven)
{
    double cap = 1, side = random_uniform(random, 0.3, 0.85), edge = side / cos(M_PI / 5);
    bool sides = random_below(random, 4) > 0, notched = random_below(random, 3) == 0;
    for (int m = 0; m < 5; m++) {
        double a = 2 * M_PI * m / 5 + M_PI / 2, f = a + M_PI / 5, slope = 0.5 / 0.7006;
        for (int sign = -1; sign <= 1; sign += 2)
            add_plane(b, slope * cos(f), slope * sin(f), sign, cap * stretch(random, uneven));
        if (sides)
            add_plane(b, cos(f), sin(f), 0, side * stretch(random, uneven));
        if (notched)
            add_plane(b, cos(a), sin(a), 0, edge * random_uniform(random, 0.7, 0.95));
    }
}

/* The 20 faces of Mackay's shells; their normals are sums of three neighbouring vertex directions. */
static void draw_icosahedral_facets(body *b, const frame *f, double uneven, random_stream *random)
{
    for (size_t i = 1; i <= 12; i++)
        for (size_t j = i + 1; j <= 12; j++)
            for (size_t k = j + 1; k <= 12; k++) {
                const double *u = f->site[i], *v = f->site[j], *w = f->site[k];
                double uv = 0, uw = 0, vw = 0;
                for (int c = 0; c < 3; c++) {
                    uv += u[c] * v[c];
                    uw += u[c] * w[c];
                    vw += v[c] * w[c];
                }
                if (uv > 0.4 && uw > 0.4 && vw > 0.4)
                    add_plane(b, u[0] + v[0] + w[0], u[1] + v[1] + w[1], u[2] + v[2] + w[2], stretch(random, uneven));
            }
}

static void draw_body(body *b, const frame *f, random_stream *random)
{
    memset(b, 0, sizeof *b);
    double uneven = random_below(random, 2) ? 0 : 0.12;
    if (random_below(random, 5) < 2) { /* off the centre of symmetry */
        double v[3], distance = fabs(0.3 * random_normal(random));
        random_direction(random, v);
        for (int c = 0; c < 3; c++)
            b->middle[c] = distance * v[c];
    }
    if (random_below(random, 10) < 3)
        draw_ellipsoid(b, random);
    else if (f->family == FRAME_DECAHEDRON)
        draw_decahedral_facets(b, random, uneven);
    else if (f->family == FRAME_ICOSAHEDRON)
        draw_icosahedral_facets(b, f, uneven, random);
    else if (f->family == FRAME_HCP || f->family == FRAME_STACKING)
        draw_hexagonal_facets(b, random, uneven);
    else if (random_below(random, 7) == 0)
        draw_box(b, random);
    else
        draw_cubic_facets(b, random, uneven);
}

/* Layer letters of a stacking: any sequence without a repeat. */
static void draw_sequence(int letter[32], random_stream *random)
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

/* Is the stacking neither fcc nor hcp throughout? Those have frames of their own. */
static bool is_faulted(const frame *f, const frame_shape *shape, const int letter[32])
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

/* The allowed sites below the level that holds about `n` of them; false when the table's edge cuts the shape. */
static bool fill(const frame *f, const body *b, const int *letter, size_t n, frame_shape *shape)
{
    const double margin = 0.45;
    double value[FRAME_MAX_SITES], sorted[FRAME_MAX_SITES];
    size_t n_allowed = 0;
    shape->n_atoms = 0;
    for (size_t i = 0; i < f->n_sites; i++) {
        value[i] = INFINITY;
        if (letter && letter[f->layer[i] + 16] != f->letter[i])
            continue;
        value[i] = body_value(b, f->site[i]);
        sorted[n_allowed++] = value[i];
    }
    if (n >= n_allowed)
        return false;
    double level = kth_smallest(sorted, (long)n_allowed, (long)n - 1) + 1e-6, far = 0;
    for (size_t i = 0; i < f->n_sites; i++)
        if (value[i] <= level) {
            const double *r = f->site[i];
            far = fmax(far, sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]));
            shape->site[shape->n_atoms++] = (uint16_t)i;
        }
    return f->family == FRAME_ICOSAHEDRON || far <= f->reach - margin;
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
    body b;
    for (int attempt = 0; attempt < TRIES; attempt++) {
        out->frame = frames[random_below(random, (uint64_t)n_frames)];
        const frame *f = &set->frame[out->frame];
        bool stacked = family == FRAME_STACKING;
        size_t n = (size_t)exp(random_uniform(random, log((double)n_min), log((double)n_max + 1)));
        draw_body(&b, f, random);
        draw_sequence(letter, random);
        if (!fill(f, &b, stacked ? letter : NULL, n, out) || out->n_atoms > n_max)
            continue;
        if (random_below(random, 4) == 0)
            remove_corners(f, out, random_below(random, 1 + out->n_atoms / 10), random);
        if (out->n_atoms >= n_min && is_solid(f, out) && (!stacked || is_faulted(f, out, letter)) &&
            frame_is_centred(set, out)) {
            if (other) {
                double m = (double)n * exp(random_uniform(random, -0.9, 0.9));
                other->frame = out->frame;
                /* The table's edge may cut the other: its distances are all that is wanted of it. */
                if (!fill(f, &b, stacked ? letter : NULL, (size_t)fmax(m, 5), other) && other->n_atoms < 5)
                    *other = *out;
            }
            frame_canonical(set, out);
            return true;
        }
    }
    return false;
}
