#include "dataset/frame_parent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Unit of all coordinates: the nearest-neighbour distance. Axes: cubic axes for sc, bcc, fcc; close-packed rows along x
 * and the stacking along z for hcp and stackings; the five-fold axis along z. */
#define ROOT2 1.4142135623730951
#define ROOT3 1.7320508075688772

static const double PAPER_REACH = 9.3;         /* half of the longest distance in a published block: 18.2 */
static const double LAYER = 0.816496580927726; /* sqrt(2/3): between close-packed layers */

typedef struct {
    const char *name;
    frame_family family;
    double reach;
    double origin[3]; /* in the crystal that `crystal_site` draws */
    double midpoints; /* pairs this far apart have a centre of symmetry between them, beside the atoms; 0: none */
} parent;

static const parent PARENTS[FRAME_COUNT] = {
    {"sc atom", FRAME_SC, 4.7, {0, 0, 0}, ROOT3},
    {"sc cell", FRAME_SC, 4.5, {0.5, 0.5, 0.5}, ROOT3},
    {"bcc atom", FRAME_BCC, 4.5, {0, 0, 0}, 2 / ROOT3},
    {"bcc octahedron", FRAME_BCC, 4.3, {1 / ROOT3, 0, 0}, 2 / ROOT3},
    {"fcc atom", FRAME_FCC, 4.6, {0, 0, 0}, ROOT2},
    {"fcc bond", FRAME_FCC, 4.5, {ROOT2 / 4, ROOT2 / 4, 0}, ROOT2},
    {"fcc octahedron", FRAME_FCC, 4.6, {1 / ROOT2, 0, 0}, ROOT2},
    {"hcp atom", FRAME_HCP, 4.3, {0, 0, 0}, ROOT2},
    {"hcp bond", FRAME_HCP, 4.3, {0, 0.5 / ROOT3, 0.408248290463863}, ROOT2},
    {"hcp octahedron", FRAME_HCP, 4.3, {0, -1 / ROOT3, 0.408248290463863}, ROOT2},
    {"stacking layer", FRAME_STACKING, 4.2, {0, 0, 0}, 0},
    {"stacking gap", FRAME_STACKING, 4.2, {0, 0, 0.408248290463863}, 0},
    {"decahedron atom", FRAME_DECAHEDRON, 4.8, {0, 0, 0}, 0},
    {"decahedron bond", FRAME_DECAHEDRON, 4.8, {0, 0, 0.5}, 0},
    {"icosahedron", FRAME_ICOSAHEDRON, 5.5, {0, 0, 0}, 0},
};

enum { MAX_CRYSTAL = 40000, PAPER_MAX_ATOMS = 200, PAPER_MAX_REPEATS = 10, TABLE_SHELLS = 4, FAR_SHELLS = 7 };

typedef struct {
    double r[3];
    int layer, letter;
    bool keep;
} crystal_site;

typedef struct {
    size_t n;
    crystal_site site[MAX_CRYSTAL];
} crystal;

static void add(crystal *c, double x, double y, double z, int layer, int letter)
{
    if (c->n < MAX_CRYSTAL)
        c->site[c->n++] = (crystal_site){.r = {x, y, z}, .layer = layer, .letter = letter};
}

/* ---- crystals, large enough for every frame ------------------------------------------------------------------------
 */

static void draw_cubic(crystal *c, frame_family family)
{
    double a = family == FRAME_SC ? 1 : family == FRAME_BCC ? 2 / ROOT3 : ROOT2;
    const int half = 18; /* half cells on either side: 9 bond lengths of sc, 10 of bcc, 12 of fcc */
    for (int i = -half; i <= half; i++)
        for (int j = -half; j <= half; j++)
            for (int k = -half; k <= half; k++) {
                /* In half cells: all even (sc), all even or all odd (bcc), even sum (fcc). */
                bool even = !(i & 1) && !(j & 1) && !(k & 1), odd = (i & 1) && (j & 1) && (k & 1);
                if (family == FRAME_SC || (family == FRAME_BCC && (even || odd)) ||
                    (family == FRAME_FCC && !((i + j + k) & 1))) {
                    double h = family == FRAME_SC ? a : a / 2;
                    add(c, i * h, j * h, k * h, 0, 0);
                }
            }
}

/* The in-plane place of column t (0, 1, 2 = A, B, C) at lattice point i, j. */
static void add_column(crystal *c, int i, int j, int letter, int layer)
{
    add(c, i + 0.5 * j, ROOT3 / 2 * j + letter / ROOT3, layer * LAYER, layer, letter);
}

static void draw_close_packed(crystal *c, bool all_letters)
{
    int side = all_letters ? 10 : 13, height = all_letters ? 11 : 12;
    for (int layer = -height; layer <= height; layer++)
        for (int letter = 0; letter < 3; letter++)
            if (all_letters || letter == (layer & 1))
                for (int j = -side; j <= side; j++)
                    for (int i = -side; i <= side; i++) {
                        int across = i + j / 2; /* keeps the patch round about the axis */
                        if (abs(across) <= side)
                            add_column(c, i, j, letter, layer);
                    }
}

/* Five twinned fcc wedges about an axis, as ase.cluster.Decahedron lays them: column (n - i) v_m + i v_(m+1), its atoms
 * shifted by half a bond length for odd n. */
static void draw_decahedron(crystal *c)
{
    const int rings = 12, height = 9;
    for (int k = -height; k <= height; k++)
        add(c, 0, 0, k, 0, 0);
    for (int n = 1; n <= rings; n++)
        for (int m = 0; m < 5; m++)
            for (int i = 0; i < n; i++) {
                double a = 2 * M_PI * m / 5 + M_PI / 2, b = a + 2 * M_PI / 5, l = ROOT3 / 2;
                double x = l * ((n - i) * cos(a) + i * cos(b)), y = l * ((n - i) * sin(a) + i * sin(b));
                for (int k = -height; k <= height; k++)
                    add(c, x, y, k + 0.5 * (n & 1), 0, 0);
            }
}

/* Mackay's shells: on shell n the 12 vertices, points along the 30 edges and inside the 20 faces. */
static void draw_icosahedron(crystal *c, int shells)
{
    double v[12][3];
    for (int i = 0; i < 12; i++)
        frame_vertex(i, v[i]);
    add(c, 0, 0, 0, 0, 0);
    for (int n = 1; n <= shells; n++)
        for (int i = 0; i < 12; i++) {
            add(c, n * v[i][0], n * v[i][1], n * v[i][2], 0, 0);
            for (int j = i + 1; j < 12; j++) {
                if (!frame_vertices_touch(v[i], v[j]))
                    continue;
                for (int p = 1; p < n; p++)
                    add(c, p * v[i][0] + (n - p) * v[j][0], p * v[i][1] + (n - p) * v[j][1],
                        p * v[i][2] + (n - p) * v[j][2], 0, 0);
                for (int k = j + 1; k < 12; k++)
                    if (frame_vertices_touch(v[i], v[k]) && frame_vertices_touch(v[j], v[k]))
                        for (int p = 1; p < n; p++)
                            for (int q = 1; p + q < n; q++) {
                                double w[3];
                                for (int x = 0; x < 3; x++)
                                    w[x] = p * v[i][x] + q * v[j][x] + (n - p - q) * v[k][x];
                                add(c, w[0], w[1], w[2], 0, 0);
                            }
            }
        }
}

/* ---- from crystal to frame -------------------------------------------------------------------------------------- */

static double length_of(const double r[3])
{
    return sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
}

/* Where each close-packed layer's sites stand: they were drawn layer by layer. */
enum { MOST_LAYERS = 64 };
typedef struct {
    size_t begin[MOST_LAYERS + 1];
} layer_index;

static void index_layers(const crystal *c, layer_index *index)
{
    size_t at = 0;
    for (int layer = 0; layer <= MOST_LAYERS; layer++) {
        while (at < c->n && c->site[at].layer + MOST_LAYERS / 2 < layer)
            at++;
        index->begin[layer] = at;
    }
}

static crystal_site *site_at(crystal *c, const layer_index *index, int layer, const double r[3])
{
    if (layer < -MOST_LAYERS / 2 || layer >= MOST_LAYERS / 2)
        return NULL;
    size_t end = index->begin[layer + MOST_LAYERS / 2 + 1];
    for (size_t i = index->begin[layer + MOST_LAYERS / 2]; i < end; i++)
        if (fabs(c->site[i].r[0] - r[0]) < 1e-3 && fabs(c->site[i].r[1] - r[1]) < 1e-3 &&
            fabs(c->site[i].r[2] - r[2]) < 1e-3)
            return &c->site[i];
    return NULL;
}

/* Blocks of hcp cells reach far out along their long edges. Keeps the sites of every block of the published training
 * set (up to 200 atoms and 10 repeats) whose centre this frame is, in one orientation each. */
static void keep_hcp_blocks(crystal *c, double origin_z)
{
    frame_operations ops;
    layer_index index;
    index_layers(c, &index);
    frame_parent_operations(FRAME_HCP, &ops);
    crystal_site *found[PAPER_MAX_ATOMS];
    for (int na = 1; na <= PAPER_MAX_REPEATS; na++)
        for (int nb = na; nb <= PAPER_MAX_REPEATS; nb++)
            for (int nc = 1; nc <= PAPER_MAX_REPEATS && 2 * na * nb * nc <= PAPER_MAX_ATOMS; nc++)
                for (size_t i_op = 0; i_op < ops.n; i_op++) {
                    size_t n = 0;
                    bool all = true;
                    for (int i = 0; i < 2 * na * nb * nc && all; i++) {
                        double a = i / 2 % na - 0.5 * (na - 1), b = i / 2 / na % nb - 0.5 * (nb - 1),
                               h = (i / 2 / na / nb - 0.5 * (nc - 1)) * 2 + (i & 1 ? 0.5 : -0.5);
                        double r[3] = {a - 0.5 * b, ROOT3 / 2 * b + (i & 1 ? 0.5 : -0.5) / ROOT3, h * LAYER};
                        frame_turn(ops.matrix[i_op], r, r);
                        found[n] = site_at(c, &index, (int)lround((r[2] + origin_z) / LAYER), r);
                        all = found[n++] != NULL;
                    }
                    if (!all)
                        continue;
                    for (size_t i = 0; i < n; i++)
                        found[i]->keep = true;
                    break;
                }
}

static int by_distance(const void *va, const void *vb)
{
    const crystal_site *a = va, *b = vb;
    double d[4] = {length_of(a->r) - length_of(b->r), a->r[2] - b->r[2], a->r[1] - b->r[1], a->r[0] - b->r[0]};
    for (int i = 0; i < 4; i++)
        if (fabs(d[i]) > 1e-7)
            return d[i] < 0 ? -1 : 1;
    return 0;
}

/* Centres of symmetry within 1.5 of the origin, it excluded. */
static bool find_centres(frame *f, const parent *p, const crystal *c)
{
    enum { MOST = 512 };
    f->centre = memory_zeroed(MOST, sizeof *f->centre);
    if (!f->centre)
        return false;
    for (size_t i = 0; i < c->n; i++) {
        const double *a = c->site[i].r;
        double inside = length_of(a);
        if (inside > 3)
            continue;
        bool lattice = p->midpoints > 0;
        if (inside > 1e-3 && inside < 1.5 && f->n_centres < MOST && lattice)
            memcpy(f->centre[f->n_centres++], a, sizeof *f->centre);
        for (size_t j = i + 1; j < c->n && lattice; j++) {
            const double *b = c->site[j].r;
            if (fabs(b[0]) > 3 || fabs(b[1]) > 3 || fabs(b[2]) > 3)
                continue;
            double gap[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]}, d = length_of(gap);
            double middle[3] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
            bool bond =
                fabs(d - 1) < 1e-3 && (p->family == FRAME_FCC || (p->family == FRAME_HCP && fabs(gap[2]) > 0.1));
            if ((bond || fabs(d - p->midpoints) < 1e-3) && length_of(middle) > 1e-3 && length_of(middle) < 1.5 &&
                f->n_centres < MOST)
                memcpy(f->centre[f->n_centres++], middle, sizeof *f->centre);
        }
    }
    /* Along the axis of a decahedron, and among the layers and columns of a stacking, the next centres are half a
     * repeat away. */
    double up = p->family == FRAME_DECAHEDRON ? 0.5 : LAYER / 2;
    if (p->family == FRAME_DECAHEDRON || p->family == FRAME_STACKING)
        for (int sign = -1; sign <= 1; sign += 2)
            f->centre[f->n_centres++][2] = sign * up;
    for (int k = 0; k < 6 && p->family == FRAME_STACKING; k++) {
        double *column = f->centre[f->n_centres++];
        column[0] = cos(M_PI * k / 3 + M_PI / 6) / ROOT3;
        column[1] = sin(M_PI * k / 3 + M_PI / 6) / ROOT3;
    }
    return true;
}

static void trim(crystal *c, double reach)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->site[i].keep || length_of(c->site[i].r) <= reach + 1e-6)
            c->site[n++] = c->site[i];
    c->n = n;
}

static bool fill_tables(frame *f, const crystal *c)
{
    f->n_sites = c->n;
    f->site = memory_zeroed(c->n, sizeof *f->site);
    f->layer = memory_zeroed(c->n, 1);
    f->letter = memory_zeroed(c->n, 1);
    if (!f->site || !f->layer || !f->letter)
        return false;
    for (size_t i = 0; i < c->n; i++) {
        memcpy(f->site[i], c->site[i].r, sizeof *f->site);
        f->layer[i] = (int8_t)c->site[i].layer;
        f->letter[i] = (int8_t)c->site[i].letter;
    }
    return true;
}

bool frame_parent_sites(frame *f, int k, bool far)
{
    const parent *p = &PARENTS[k];
    crystal *c = memory_zeroed(1, sizeof *c);
    if (!c)
        return false;
    text_copy(f->name, sizeof f->name, p->name);
    f->family = p->family;
    f->reach = far ? FRAME_FAR_REACH : p->reach;
    if (p->family == FRAME_HCP || p->family == FRAME_STACKING)
        draw_close_packed(c, p->family == FRAME_STACKING);
    else if (p->family == FRAME_DECAHEDRON)
        draw_decahedron(c);
    else if (p->family == FRAME_ICOSAHEDRON)
        draw_icosahedron(c, far ? FAR_SHELLS : TABLE_SHELLS);
    else
        draw_cubic(c, p->family);
    for (size_t i = 0; i < c->n; i++)
        for (int x = 0; x < 3; x++)
            c->site[i].r[x] -= p->origin[x];
    bool good = find_centres(f, p, c);
    if (p->family == FRAME_HCP && !far) {
        trim(c, PAPER_REACH);
        keep_hcp_blocks(c, p->origin[2]);
    }
    trim(c, p->family == FRAME_ICOSAHEDRON ? INFINITY : f->reach);
    qsort(c->site, c->n, sizeof *c->site, by_distance);
    good = good && fill_tables(f, c);
    free(c);
    return good;
}
