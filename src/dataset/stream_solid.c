#include "dataset/stream_solid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double solid_value(const solid *b, const double site[3])
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

static void add_plane(solid *b, double x, double y, double z, double distance)
{
    double l = sqrt(x * x + y * y + z * z) * distance;
    if (b->n_planes < SOLID_MAX_PLANES)
        memcpy(b->plane[b->n_planes++], (double[3]){x / l, y / l, z / l}, sizeof b->plane[0]);
}

static double stretch(random_stream *random, double spread)
{
    return exp(spread * random_normal(random));
}

void random_direction(random_stream *random, double v[3])
{
    double l = 0;
    for (int i = 0; i < 3; i++)
        v[i] = random_normal(random);
    l = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
    for (int i = 0; i < 3; i++)
        v[i] /= l;
}

static void draw_ellipsoid(solid *b, random_stream *random)
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
static void draw_cubic_facets(solid *b, random_stream *random, double uneven)
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

static void draw_box(solid *b, random_stream *random)
{
    for (int axis = 0; axis < 3; axis++) {
        double d = stretch(random, 0.35);
        for (int sign = -1; sign <= 1; sign += 2)
            add_plane(b, axis == 0 ? sign : 0, axis == 1 ? sign : 0, axis == 2 ? sign : 0, d);
    }
}

/* Prisms and bipyramids of hexagonal crystals: 2, 3 or 6 side directions, the basal plane, and maybe {10-11}. */
static void draw_hexagonal_facets(solid *b, random_stream *random, double uneven)
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
static void draw_decahedral_facets(solid *b, random_stream *random, double uneven)
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
static void draw_icosahedral_facets(solid *b, const frame *f, double uneven, random_stream *random)
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

void solid_draw(solid *b, const frame *f, random_stream *random)
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
