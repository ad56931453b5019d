/* The rich catalogue: which parents, about which centres, by which schemes. */
#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/builders.h"
#include "cluster/explore.h"

enum { RICH_MAX_ATOMS = 20000 };

/* ---- what is explored ----------------------------------------------------------------------------------------- */

typedef struct {
    double x, y, z;
} point;

/* Special centres, the most symmetric first. Cubic ones in cell edges. */
static const point sc_centres[] = {{0, 0, 0}, {.5, .5, .5}, {.5, 0, 0}, {.5, .5, 0}}; /* atom, cube, bond, square */
static const point bcc_centres[] = {
    {0, 0, 0}, {.5, 0, 0}, {.25, .25, .25}, {.5, .25, 0}}; /* atom, octahedron, bond, hole */
/* Atom, octahedron, tetrahedron, bond, triangle. */
static const point fcc_centres[] = {{0, 0, 0}, {.5, .5, .5}, {.25, .25, .25}, {.25, .25, 0}, {1. / 6, 1. / 6, 1. / 3}};
/* In layers: along x in bonds and y in bonds / sqrt3 from an A atom, z in layers. Atom, octahedron, trigonal bipyramid,
 * bond in a layer, tetrahedron, bond between layers. */
static const point hcp_centres[] = {{0, 0, 0}, {0, 1, .5}, {.5, .5, 0}, {.5, 0, 0}, {0, 0, .75}, {.25, .25, .5}};
/* Atom, the two hollows, bond. */
static const point layer_centres[] = {{0, 0, 0}, {.5, .5, 0}, {0, 1, 0}, {.5, 0, 0}};

static const double stretches[] = {0.7, 0.85, 1.2, 1.4};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static bool run_stretched(explorer *e, scheme_id by)
{
    for (int i = 0; i < COUNT(stretches); i++)
        if (!explorer_run(e, by, stretches[i]))
            return false;
    return true;
}

static bool run_all(explorer *e, const scheme_id *by, int n)
{
    for (int i = 0; i < n; i++)
        if (!explorer_run(e, by[i], 1))
            return false;
    return true;
}

/* ---- lattices ------------------------------------------------------------------------------------------------- */

/* The first `n_special` centres have more done about them. */
static bool add_cubic(explorer *e, parent_kind kind, const point *centres, int n_centres, int n_special, double edge,
                      deepstruc_type type)
{
    static const scheme_id everywhere[] = {SCHEME_SPHERE, SCHEME_CUBIC};
    static const scheme_id special[] = {SCHEME_CUT_SPHERE, SCHEME_CUT_SPHERE_111};
    for (int i = 0; i < n_centres; i++) {
        const point *p = &centres[i];
        carving at = {.from = {.kind = kind, .centre = {p->x * edge, p->y * edge, p->z * edge}}};
        if (!explorer_place(e, &at, type) || !run_all(e, everywhere, i < 4 ? 2 : 1))
            return false;
        if (kind == PARENT_FCC && i < 3 && !explorer_run(e, SCHEME_TETRAHEDRAL, 1))
            return false;
        if (i < n_special && (!run_all(e, special, COUNT(special)) || !run_stretched(e, SCHEME_SPHEROID_100) ||
                              !run_stretched(e, SCHEME_SPHEROID_111)))
            return false;
    }
    return true;
}

/* A point of `layer_centres` and the like in bonds. */
static void in_layers(const point *p, double out[3])
{
    out[0] = p->x;
    out[1] = p->y / sqrt(3);
    out[2] = p->z * sqrt(2.0 / 3);
}

static bool add_hcp(explorer *e)
{
    static const scheme_id by[] = {SCHEME_SPHERE, SCHEME_HEXAGONAL, SCHEME_HEXAGONAL_2, SCHEME_CUT_SPHERE_BASAL};
    for (int i = 0; i < COUNT(hcp_centres); i++) {
        carving at = {.from = {.kind = PARENT_HCP}};
        in_layers(&hcp_centres[i], at.from.centre);
        if (!explorer_place(e, &at, DEEPSTRUC_TYPE_HCP) ||
            !run_all(e, by,
                     i == 0  ? COUNT(by)
                     : i < 3 ? 2
                             : 1) ||
            (i < 3 && !run_stretched(e, SCHEME_SPHEROID)))
            return false;
    }
    return true;
}

/* Faceted crystals and their mirror images, the middle of each half at up to one layer from the plane; balls with the
 * plane through the middle or off it. */
static bool add_twins(explorer *e)
{
    const double half_layer = 0.5 * sqrt(2.0 / 3);
    for (int i = 0; i < 3; i++)
        for (int step = -2; step <= 5; step++) {
            carving at = {.from = {.kind = PARENT_TWIN}};
            in_layers(&layer_centres[i], at.from.centre);
            at.from.centre[2] = step >= 0 ? step * half_layer : 0;
            if (step >= 0 && (!explorer_place(e, &at, DEEPSTRUC_TYPE_TWIN) || !explorer_run(e, SCHEME_SPHERE, 1)))
                return false;
            at.from.centre[2] = 0;
            at.lift = step * half_layer;
            if (step <= 2 && (!explorer_place(e, &at, DEEPSTRUC_TYPE_TWIN) || !explorer_run(e, SCHEME_CUBIC, 1)))
                return false;
        }
    return true;
}

/* ---- multiply twinned ----------------------------------------------------------------------------------------- */

static bool add_decahedra_at(explorer *e, double x, double y, double z)
{
    static const scheme_id by[] = {SCHEME_SPHERE, SCHEME_INO, SCHEME_MARKS};
    carving at = {.from = {.kind = PARENT_DECAHEDRON, .centre = {x, y, z}}};
    bool on_axis = x == 0 && y == 0;
    return explorer_place(e, &at, DEEPSTRUC_TYPE_DECAHEDRON) && run_all(e, by, on_axis ? 3 : 1) &&
           run_stretched(e, SCHEME_SPHEROID);
}

/* About the axis at an atom and at a bond's middle; then off it, along a twin plane and between two, in half columns.
 */
static bool add_decahedra(explorer *e)
{
    double column[2], opposite[2];
    decahedron_column(0, column);
    decahedron_column(2, opposite); /* of the middle between two columns */
    for (int half = 0; half < 2; half++)
        if (!add_decahedra_at(e, 0, 0, half * 0.5))
            return false;
    for (int step = 1; step <= 5; step++)
        for (int half = 0; half < 2; half++) {
            double far = step * sqrt(3) / 4;
            if (!add_decahedra_at(e, far * column[0], far * column[1], half * 0.5) ||
                !add_decahedra_at(e, -far * opposite[0], -far * opposite[1], half * 0.5))
                return false;
        }
    return true;
}

static bool add_icosahedra(explorer *e)
{
    static const scheme_id by[] = {SCHEME_ICOSAHEDRAL, SCHEME_SPHERE};
    carving at = {.from = {.kind = PARENT_ICOSAHEDRON}};
    if (!explorer_place(e, &at, DEEPSTRUC_TYPE_ICOSAHEDRON) || !run_all(e, by, 2))
        return false;
    double a[3], b[3], c[3];
    icosahedron_corner(0, a);
    icosahedron_corner(1, b);
    icosahedron_corner(8, c);
    for (int axis = 1; axis <= 3; axis++) /* corner, edge, face */
        for (int step = 1; step <= 6; step++) {
            double length = 0;
            for (int k = 0; k < 3; k++) {
                at.from.centre[k] = a[k] + (axis > 1 ? b[k] : 0) + (axis > 2 ? c[k] : 0);
                length = hypot(length, at.from.centre[k]);
            }
            for (int k = 0; k < 3; k++)
                at.from.centre[k] *= 0.25 * step / length;
            if (!explorer_place(e, &at, DEEPSTRUC_TYPE_ICOSAHEDRON) || !explorer_run(e, SCHEME_SPHERE, 1))
                return false;
        }
    return true;
}

/* ---- stackings ------------------------------------------------------------------------------------------------ */

enum { FEWEST_LAYERS = 3, MOST_LAYERS = 20 };

/* The sequence in which bit k of `inverted` says whether layer k + 1 is; layers 0 and 1 are A and B. */
static void spell(unsigned inverted, int n_layers, char *out)
{
    out[0] = 'A';
    out[1] = 'B';
    for (int k = 2; k < n_layers; k++)
        out[k] = inverted >> (k - 2) & 1 ? out[k - 2] : (char)('A' + 'B' + 'C' - out[k - 1] - out[k - 2]);
    out[n_layers] = '\0';
}

/* A sequence and its reverse are one; of larger stacks only those with at most two faults are of interest. */
static bool is_wanted(unsigned inverted, int n_layers)
{
    enum { ALL_UP_TO = 8, FAULTS = 2 };
    unsigned reversed = 0;
    for (int k = 0; k < n_layers - 2; k++)
        reversed |= (inverted >> k & 1u) << (n_layers - 3 - k);
    int n = __builtin_popcount(inverted), rest = n_layers - 2 - n;
    return inverted <= reversed && (n_layers <= ALL_UP_TO || n <= FAULTS || rest <= FAULTS);
}

static bool add_stack(explorer *e, const char *sequence)
{
    static const scheme_id by[] = {SCHEME_SPHERE, SCHEME_HEXAGON, SCHEME_DISC, SCHEME_TRIANGLE};
    carving at = {.from = {.kind = PARENT_STACK, .sequence = sequence}};
    int n_layers = (int)strlen(sequence);
    for (int i = 0; i < 3; i++) {
        in_layers(&layer_centres[i], at.from.centre);
        at.from.centre[2] = (n_layers - 1) / 2.0 * sqrt(2.0 / 3);
        if (!explorer_place(e, &at, sequence_type(sequence)) || !run_all(e, by, i < 2 ? COUNT(by) : 2))
            return false;
    }
    for (int a = 1; n_layers <= 8 && a <= 20; a++)
        for (int b = a; b <= a + 1; b++) {
            deepstruc_recipe one = deepstruc_recipe_layers(sequence, a, b);
            if (one.type != DEEPSTRUC_TYPE_HCP && !collector_try(e->into, &one)) /* those are blocks of hcp cells */
                return false;
        }
    return true;
}

static bool add_stacks(explorer *e, int n_layers)
{
    char sequence[MOST_LAYERS + 1];
    for (unsigned inverted = 0; inverted < 1u << (n_layers - 2); inverted++) {
        if (!is_wanted(inverted, n_layers))
            continue;
        spell(inverted, n_layers, sequence);
        if (!add_stack(e, sequence))
            return false;
    }
    return true;
}

/* How many heights of stacks there are, from FEWEST_LAYERS on: a stack is about as wide as high between half and twice
 * the window. */
static int count_stacks(size_t n_max)
{
    double largest = 2 * cbrt(3 / (4 * M_PI) * sqrt(0.5) * (double)n_max);
    double most = fmin(MOST_LAYERS, 1.2 * largest / sqrt(2.0 / 3) + 1);
    return most < FEWEST_LAYERS ? 0 : (int)most + 1 - FEWEST_LAYERS;
}

/* ---- parts ---------------------------------------------------------------------------------------------------- */

static bool add_ready_made(explorer *e)
{
    return collector_add_published(e->into) && collector_add_ideal(e->into);
}

static bool add_fcc(explorer *e)
{
    return add_cubic(e, PARENT_FCC, fcc_centres, COUNT(fcc_centres), 2, sqrt(2), DEEPSTRUC_TYPE_FCC);
}

static bool add_sc(explorer *e)
{
    return add_cubic(e, PARENT_SC, sc_centres, COUNT(sc_centres), 1, 1, DEEPSTRUC_TYPE_SC);
}

static bool add_bcc(explorer *e)
{
    return add_cubic(e, PARENT_BCC, bcc_centres, COUNT(bcc_centres), 1, 1, DEEPSTRUC_TYPE_BCC);
}

/* Before the stacks of 3, 4, ... layers and behind them. */
static bool (*const before_stacks[])(explorer *) = {add_ready_made, add_fcc, add_decahedra,
                                                    add_icosahedra, add_hcp, add_twins};
static bool (*const behind_stacks[])(explorer *) = {add_sc, add_bcc};
enum {
    N_BEFORE = COUNT(before_stacks),
    N_BEHIND = COUNT(behind_stacks),
    MOST_PARTS = N_BEFORE + MOST_LAYERS + N_BEHIND
};

static bool add_part(explorer *e, int i, int n_stacks)
{
    return i < N_BEFORE              ? before_stacks[i](e)
           : i < N_BEFORE + n_stacks ? add_stacks(e, FEWEST_LAYERS + i - N_BEFORE)
                                     : behind_stacks[i - N_BEFORE - n_stacks](e);
}

/* One part into a collector of its own. */
static bool explore(collector *into, int i, int n_stacks, size_t n_min, size_t n_max)
{
    explorer e = {0};
    bool good = collector_create(into, n_min, n_max, NULL) == DEEPSTRUC_OK &&
                explorer_create(&e, into, NULL) == DEEPSTRUC_OK && add_part(&e, i, n_stacks);
    explorer_destroy(&e);
    return good;
}

/* The parts are explored side by side and joined in their order: of equal shapes the first part's stays. */
deepstruc_status deepstruc_catalogue_rich(deepstruc_catalogue **out, size_t n_min, size_t n_max, deepstruc_diag *diag)
{
    collector c, part[MOST_PARTS] = {{0}};
    if (n_max > RICH_MAX_ATOMS)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "a catalogue of up to %zu atoms; at most %d are enumerated", n_max,
                         RICH_MAX_ATOMS);
    deepstruc_status status = collector_create(&c, n_min, n_max, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    int n_stacks = count_stacks(n_max), n_parts = N_BEFORE + n_stacks + N_BEHIND, n_failed = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : n_failed)
    for (int i = 0; i < n_parts; i++)
        n_failed += !explore(&part[i], i, n_stacks, n_min, n_max);
    bool good = n_failed == 0;
    for (int i = 0; i < n_parts; i++) {
        good = good && collector_join(&c, &part[i]);
        collector_clear(&part[i]);
    }
    return collector_finish(&c, good, out, diag);
}
