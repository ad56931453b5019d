/* Bodies of close-packed layers: random ones, and all of the protocol's kinds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/layers.h"

static const double HEIGHT = 0.816496580927726;

typedef enum { BLOCK, HEXAGON, DISC, TRIANGLE, SPHERE, OTHER, N_BODIES } body_kind;

/* A body about an axis: sites of a low value are in. */
typedef struct {
    body_kind kind;
    double x, y;            /* of its axis from an A column */
    double sign;            /* of a triangle */
    double flat, across[3]; /* of OTHER: weight of the height, of the three pairs of faces */
    double lift, taper;     /* of OTHER: of its middle above that of the layers; how fast its faces lean inwards */
    bool round;             /* OTHER is an ellipsoid */
} body;

static double largest3(double a, double b, double c)
{
    return fmax(a, fmax(b, c));
}

static double value_at(const body *b, double x, double y, double z)
{
    double p = sqrt(0.75) * x + 0.5 * y, q = sqrt(0.75) * x - 0.5 * y;
    switch (b->kind) {
    case HEXAGON:
        return largest3(fabs(y), fabs(p), fabs(q));
    case DISC:
        return hypot(x, y);
    case TRIANGLE:
        return largest3(b->sign * y, -b->sign * p, b->sign * q);
    case SPHERE:
        return sqrt(x * x + y * y + z * z);
    default:
        z -= b->lift;
        if (b->round)
            return sqrt(b->across[0] * x * x + b->across[1] * y * y + b->flat * z * z);
        return largest3(b->across[0] * fabs(y), b->across[1] * fabs(p), b->across[2] * fabs(q)) *
               fmax(0.3, 1 + b->taper * z);
    }
}

/* Of the protocol: an atom, the two hollows, a bond. */
enum { N_AXES = 4 };
static const double axes[N_AXES][2] = {{0, 0}, {0.5, 0.28867513459481287}, {0, 0.57735026918962576}, {0.5, 0}};

/* Kinds about as frequent as in the protocol; axes through its special points, others through any. */
static body draw_body(random_stream *random)
{
    static const double share[N_BODIES] = {0.23, 0.18, 0.08, 0.11, 0.25, 0.15};
    body b = {.sign = random_below(random, 2) ? 1 : -1, .round = random_below(random, 2) == 0};
    double left = random_uniform(random, 0, 1);
    while (b.kind + 1 < N_BODIES && left >= share[b.kind])
        left -= share[b.kind++];
    const double *axis = axes[random_below(random, N_AXES)];
    bool anywhere = b.kind == OTHER && random_below(random, 2);
    b.x = anywhere ? random_uniform(random, 0, 0.5) : axis[0];
    b.y = anywhere ? random_uniform(random, 0, 0.58) : axis[1];
    b.flat = exp(0.4 * random_normal(random));
    b.lift = random_below(random, 2) ? 1.2 * random_normal(random) : 0;
    b.taper = random_below(random, 2) ? 0.15 * random_normal(random) : 0;
    for (int k = 0; k < 3; k++)
        b.across[k] = exp(0.25 * random_normal(random));
    return b;
}

/* ---- filling ---------------------------------------------------------------------------------------------------- */

static int letter_of(const layers_sequence *s, int layer)
{
    return s->letters[layer] - 'A';
}

/* A block of a x b atoms per layer, each shifted by thirds of the diagonal, as build_sequence lays them; 0: too many.
 */
static size_t fill_block(const layers_sequence *s, int a, int b, layers_atom *atom)
{
    size_t n = 0;
    if (s->n_layers * a * b > LAYERS_MOST_ATOMS)
        return 0;
    for (int layer = 0; layer < s->n_layers; layer++)
        for (int i = 0; i < a; i++)
            for (int j = 0; j < b; j++)
                atom[n++] = (layers_atom){layer, 3 * i + letter_of(s, layer), 3 * j + letter_of(s, layer)};
    return n;
}

enum { SPAN = 6, MOST_VALUES = LAYERS_MOST * (2 * SPAN + 1) * (2 * SPAN + 1) };

typedef struct {
    size_t n;
    double value[MOST_VALUES];
    layers_atom atom[MOST_VALUES];
} candidates;

static void list_candidates(const layers_sequence *s, const body *b, candidates *c)
{
    c->n = 0;
    for (int layer = 0; layer < s->n_layers; layer++)
        for (int i = -SPAN; i <= SPAN; i++)
            for (int j = -SPAN; j <= SPAN; j++) {
                int u = 3 * i + letter_of(s, layer), v = 3 * j + letter_of(s, layer);
                double x = (u + 0.5 * v) / 3 - b->x, y = sqrt(0.75) * v / 3 - b->y,
                       z = (layer - (s->n_layers - 1) / 2.0) * HEIGHT;
                if (x * x + y * y > 5.2 * 5.2)
                    continue;
                c->value[c->n] = value_at(b, x, y, z);
                c->atom[c->n++] = (layers_atom){layer, u, v};
            }
}

/* The lowest level at which at least `wanted` sites are in, found by halving the interval of levels. */
static double level_of(const candidates *c, size_t wanted)
{
    double low = -10, high = 100;
    for (int step = 0; step < 40; step++) {
        double middle = (low + high) / 2;
        size_t n = 0;
        for (size_t i = 0; i < c->n; i++)
            n += c->value[i] <= middle;
        if (n >= wanted)
            high = middle;
        else
            low = middle;
    }
    return high + 1e-6;
}

/* The sites up to a level; 0 when they are too many, or fewer than `fewest` in some layer. */
static size_t take_below(const layers_sequence *s, const candidates *c, double level, size_t fewest, layers_atom *atom)
{
    size_t n = 0, in_layer[LAYERS_MOST] = {0};
    for (size_t i = 0; i < c->n; i++)
        if (c->value[i] <= level) {
            if (n == LAYERS_CUT)
                return 0;
            in_layer[c->atom[i].layer]++;
            atom[n++] = c->atom[i];
        }
    for (int layer = 0; layer < s->n_layers; layer++)
        if (in_layer[layer] < fewest)
            return 0;
    return n;
}

/* A body of definite size: a block of a x b atoms per layer, or what lies below a level. */
typedef struct {
    body body;
    int a, b;
    double level;
} solid;

static solid draw_solid(const layers_sequence *s, random_stream *random)
{
    enum { LONGEST = 8 };
    solid out = {.body = draw_body(random)};
    if (out.body.kind == BLOCK) {
        out.a = 3 + (int)random_below(random, LONGEST - 2);
        out.b = out.a + (random_below(random, 3) == 0);
        if (random_below(random, 5) == 0)
            out.b = 2 + (int)random_below(random, LONGEST);
        return out;
    }
    candidates c;
    list_candidates(s, &out.body, &c);
    out.level = level_of(&c, (size_t)exp(random_uniform(random, log(LAYERS_FEWEST_ATOMS), log(LAYERS_MOST_ATOMS))));
    return out;
}

/* Its atoms in a sequence; 0: too many. */
static size_t fill(const layers_sequence *s, const solid *from, size_t fewest, layers_atom *atom)
{
    if (from->body.kind == BLOCK)
        return fill_block(s, from->a, from->b, atom);
    candidates c;
    list_candidates(s, &from->body, &c);
    return take_below(s, &c, from->level, fewest, atom);
}

/* Its layers with each of the letters; false: too many atoms with one of them. */
static bool cut_letters(int n_layers, const solid *from, layers_solid *out)
{
    for (int letter = 0; letter < 3; letter++) {
        layers_cut *cut = &out->of_letter[letter];
        layers_sequence same = {.n_layers = n_layers};
        memset(same.letters, 'A' + letter, (size_t)n_layers);
        size_t n = fill(&same, from, 0, cut->atom);
        if (n == 0)
            return false;
        memset(cut->first, 0, sizeof cut->first);
        for (size_t i = 0; i < n; i++)
            cut->first[cut->atom[i].layer + 1]++;
        for (int layer = 0; layer < LAYERS_MOST; layer++)
            cut->first[layer + 1] += cut->first[layer];
    }
    return true;
}

/* More layers have more sequences, and more of the protocol. */
static int draw_sequence(const layers_set *set, const bool *allowed, random_stream *random)
{
    static const double share[] = {0.05, 0.08, 0.11, 0.16, 0.21, 0.23, 0.09, 0.07};
    for (;;) {
        int n_layers = LAYERS_FEWEST;
        double left = random_uniform(random, 0, 1);
        while (n_layers < LAYERS_MOST && left >= share[n_layers - LAYERS_FEWEST])
            left -= share[n_layers++ - LAYERS_FEWEST];
        size_t first = 0, n = 0;
        while (set->sequence[first].n_layers < n_layers)
            first++;
        while (first + n < set->n_sequences && set->sequence[first + n].n_layers == n_layers)
            n++;
        size_t i = first + random_below(random, n);
        if (allowed[i])
            return (int)i;
    }
}

void layers_draw(const layers_set *set, const bool allowed[LAYERS_SEQUENCES], random_stream *random,
                 layers_structure *out, layers_solid *cuts)
{
    layers_atom atom[LAYERS_CUT];
    for (;;) {
        const layers_sequence *s = &set->sequence[draw_sequence(set, allowed, random)];
        const solid from = draw_solid(s, random);
        /* What is but a few atoms on another sequence is not drawn. */
        size_t n = fill(s, &from, from.body.kind == OTHER ? 5 : 1, atom);
        if (n >= LAYERS_FEWEST_ATOMS && layers_place(set, atom, n, out) && cut_letters(s->n_layers, &from, cuts))
            return;
    }
}

/* ---- all of the protocol's kinds -------------------------------------------------------------------------------- */

typedef struct {
    const layers_set *set;
    void (*visit)(void *user, const layers_structure *body);
    void *user;
} visitor;

static void show(const visitor *v, const layers_atom *atom, size_t n)
{
    layers_structure placed;
    if (n >= LAYERS_FEWEST_ATOMS && layers_place(v->set, atom, n, &placed))
        v->visit(v->user, &placed);
}

static int by_value(const void *va, const void *vb)
{
    double a = *(const double *)va, b = *(const double *)vb;
    return a < b ? -1 : a > b;
}

/* A body at each of its levels. */
static void visit_levels(const visitor *v, const layers_sequence *s, const body *b)
{
    candidates c;
    double level[MOST_VALUES];
    layers_atom atom[LAYERS_CUT];
    list_candidates(s, b, &c);
    memcpy(level, c.value, c.n * sizeof *level);
    qsort(level, c.n, sizeof *level, by_value);
    for (size_t i = 0; i + 1 < c.n && i < LAYERS_MOST_ATOMS; i++)
        if (level[i + 1] > level[i] + 1e-6)
            show(v, atom, take_below(s, &c, level[i] + 1e-6, 1, atom));
}

void layers_visit_bodies(const layers_set *set, int sequence, void (*visit)(void *user, const layers_structure *body),
                         void *user)
{
    enum { LONGEST = 9 };
    const layers_sequence *s = &set->sequence[sequence];
    const visitor v = {set, visit, user};
    layers_atom atom[LAYERS_MOST_ATOMS];
    for (int a = 2; a <= LONGEST; a++)
        for (int b = a; b <= LONGEST; b++)
            show(&v, atom, fill_block(s, a, b, atom));
    for (int axis = 0; axis < N_AXES; axis++)
        for (body_kind kind = HEXAGON; kind <= SPHERE; kind++)
            for (int sign = 1; sign >= (kind == TRIANGLE ? -1 : 1); sign -= 2)
                visit_levels(&v, s, &(body){.kind = kind, .x = axes[axis][0], .y = axes[axis][1], .sign = sign});
}
