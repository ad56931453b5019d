#include "cluster/carve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cluster/builders.h"

/* The last family of a scheme is the one whose faces may be missing altogether. */
const scheme schemes[N_SCHEMES] = {
    [SCHEME_CUBIC] = {"111,100,110", 3, {FACES_111, FACES_100, FACES_110}},
    [SCHEME_TETRAHEDRAL] = {"tetra,100,other", 3, {FACES_TETRA, FACES_100, FACES_OTHER_TETRA}},
    [SCHEME_HEXAGONAL] = {"basal,prism,pyramid", 3, {FACES_BASAL, FACES_PRISM, FACES_PYRAMID}},
    [SCHEME_HEXAGONAL_2] = {"basal,prism,prism2", 3, {FACES_BASAL, FACES_PRISM, FACES_PRISM_2}},
    [SCHEME_HEXAGON] = {"hexagon", 1, {FACES_PRISM}},
    [SCHEME_TRIANGLE] = {"triangle", 1, {FACES_TRIANGLE}},
    [SCHEME_DISC] = {"disc", 1, {ROUND_LAYER}},
    [SCHEME_INO] = {"side,cap,basal", 3, {FACES_SIDE, FACES_CAP, FACES_BASAL}},
    [SCHEME_MARKS] = {"side,cap,notch", 3, {FACES_SIDE, FACES_CAP, FACES_NOTCH}},
    [SCHEME_ICOSAHEDRAL] = {"shell,corner,edge", 3, {FACES_SHELL, FACES_CORNER, FACES_EDGE}},
    [SCHEME_SPHERE] = {"sphere", 1, {ROUND}},
    [SCHEME_SPHEROID_100] = {"spheroid100", 1, {ROUND_100}},
    [SCHEME_SPHEROID_111] = {"spheroid111", 1, {ROUND_111}},
    [SCHEME_SPHEROID] = {"spheroid", 1, {ROUND_AXIS}},
    [SCHEME_CUT_SPHERE] = {"sphere,100", 2, {FACES_100, ROUND}},
    [SCHEME_CUT_SPHERE_111] = {"sphere,111", 2, {FACES_111, ROUND}},
    [SCHEME_CUT_SPHERE_BASAL] = {"sphere,basal", 2, {FACES_BASAL, ROUND}},
};

/* ---- recipes -------------------------------------------------------------------------------------------------- */

enum { KIND, CENTRE, LIFT = CENTRE + 3, SCHEME, STRETCH, LIMIT, REACH = LIMIT + MAX_FAMILIES, N_CARVED_PARAMS };
_Static_assert(N_CARVED_PARAMS <= DEEPSTRUC_RECIPE_PARAMS, "a carving fits into a recipe");

deepstruc_recipe carving_recipe(const carving *c, deepstruc_type type)
{
    deepstruc_recipe recipe = {.type = type, .form = FORM_CARVED};
    recipe.param[KIND] = c->from.kind;
    recipe.param[LIFT] = c->lift;
    recipe.param[SCHEME] = c->by;
    recipe.param[STRETCH] = c->stretch;
    recipe.param[REACH] = c->reach;
    for (int k = 0; k < 3; k++) {
        recipe.param[CENTRE + k] = c->from.centre[k];
        recipe.param[LIMIT + k] = k < schemes[c->by].n_families ? c->limit[k] : NO_LIMIT;
    }
    if (c->from.sequence)
        text_copy(recipe.sequence, sizeof recipe.sequence, c->from.sequence);
    return recipe;
}

/* Bounds within which everything stays small and finite: 100 bonds are 28 nm of gold. */
static bool between(double x, double low, double high)
{
    return x >= low && x <= high;
}

bool carving_read(carving *c, const deepstruc_recipe *recipe)
{
    const double *p = recipe->param, limit = 100;
    if (recipe->form != FORM_CARVED || !between(p[KIND], 0, N_PARENTS - 1) || !between(p[SCHEME], 0, N_SCHEMES - 1) ||
        !between(p[STRETCH], 0.01, limit) || !between(p[REACH], 0, 50) || !between(p[LIFT], -limit, limit))
        return false;
    *c = (carving){.lift = p[LIFT], .by = (scheme_id)p[SCHEME], .stretch = p[STRETCH], .reach = p[REACH]};
    c->from.kind = (parent_kind)p[KIND];
    for (int k = 0; k < 3; k++) {
        c->from.centre[k] = p[CENTRE + k];
        c->limit[k] = p[LIMIT + k];
        if (!between(c->from.centre[k], -limit, limit) || !between(c->limit[k], -limit, NO_LIMIT))
            return false;
    }
    c->from.sequence = recipe->sequence;
    bool stack = c->from.kind == PARENT_STACK;
    return memchr(recipe->sequence, '\0', sizeof recipe->sequence) &&
           (stack ? sequence_type(recipe->sequence) != DEEPSTRUC_TYPE_UNKNOWN : !recipe->sequence[0]);
}

/* ---- building ------------------------------------------------------------------------------------------------- */

/* The upper half of a twin has its layers along [111]: x along [1-10], y along [-1-12]. (The axes are left-handed,
 * which no face minds.) */
void carving_frame(const carving *c, const double x[3], double out[3])
{
    memcpy(out, x, 3 * sizeof *out);
    if (c->from.kind != PARENT_TWIN)
        return;
    double z = fabs(x[2] + c->from.centre[2]) - c->lift, a = x[0] / sqrt(2), b = x[1] / sqrt(6), d = z / sqrt(3);
    out[0] = a - b + d;
    out[1] = -a - b + d;
    out[2] = 2 * b + d;
}

bool carve(const deepstruc_recipe *recipe, double **xyz, size_t *n_atoms)
{
    carving c;
    site_list sites = {0};
    if (!carving_read(&c, recipe) || !parent_sites(&c.from, c.reach, &sites)) {
        free(sites.xyz);
        return false;
    }
    const scheme *s = &schemes[c.by];
    size_t n = 0;
    for (size_t i = 0; i < sites.n; i++) {
        const double *x = sites.xyz + 3 * i;
        double seen[3];
        bool in = true;
        carving_frame(&c, x, seen);
        for (int f = 0; in && f < s->n_families; f++)
            in = family_value(s->families[f], seen, c.stretch) <= c.limit[f] + SITE_TOLERANCE;
        if (in)
            n = put_atom(sites.xyz, n, x[0], x[1], x[2]);
    }
    *xyz = sites.xyz;
    *n_atoms = n;
    return true;
}

/* ---- names ---------------------------------------------------------------------------------------------------- */

static const char *const parent_names[N_PARENTS] = {"sc",     "bcc",  "fcc",        "hcp",
                                                    "layers", "twin", "decahedron", "icosahedron"};

/* Half-widths in units of half a cell: an octahedron's corners reach as far as its faces' sum. */
static const char *octahedral_shape(const carving *c)
{
    double cube = c->limit[1] * sqrt(2), octahedron = c->limit[0] * sqrt(6);
    if (cube > octahedron - 0.5)
        return "octahedron";
    if (octahedron < 2 * cube - 0.5)
        return "truncated octahedron";
    if (octahedron < 2 * cube + 0.5)
        return "cuboctahedron";
    return octahedron < 3 * cube - 0.5 ? "truncated cube" : "cube";
}

static const char *scheme_shape(const carving *c, deepstruc_type type)
{
    switch (c->by) {
    case SCHEME_CUBIC:
        return type == DEEPSTRUC_TYPE_OCTAHEDRON ? octahedral_shape(c) : "faceted crystal";
    case SCHEME_TETRAHEDRAL:
        return "truncated tetrahedron";
    case SCHEME_HEXAGONAL:
        return c->limit[2] < NO_LIMIT ? "hexagonal prism with pyramids" : "hexagonal prism";
    case SCHEME_HEXAGONAL_2:
        return c->limit[2] < NO_LIMIT ? "twelve-sided prism" : "hexagonal prism";
    case SCHEME_HEXAGON:
        return "hexagonal prism";
    case SCHEME_TRIANGLE:
        return "triangular prism";
    case SCHEME_DISC:
        return "cylinder";
    case SCHEME_INO:
        return "Ino decahedron";
    case SCHEME_MARKS:
        return c->limit[2] < NO_LIMIT ? "Marks decahedron" : "Ino decahedron";
    case SCHEME_ICOSAHEDRAL:
        return "truncated icosahedron";
    case SCHEME_SPHERE:
        return "sphere";
    case SCHEME_CUT_SPHERE:
    case SCHEME_CUT_SPHERE_111:
    case SCHEME_CUT_SPHERE_BASAL:
        return "faceted sphere";
    default:
        return c->stretch < 1 ? "flat spheroid" : "long spheroid";
    }
}

void carving_shape(const deepstruc_recipe *recipe, char *out, size_t size)
{
    carving c;
    text_copy(out, size, "");
    if (!carving_read(&c, recipe))
        return;
    if (recipe->sequence[0])
        text_append(out, size, "%s ", recipe->sequence);
    text_append(out, size, "%s", scheme_shape(&c, recipe->type));
    bool five_fold = c.from.kind == PARENT_DECAHEDRON || c.from.kind == PARENT_ICOSAHEDRON;
    if (five_fold && hypot(c.from.centre[0], c.from.centre[1]) > 1e-9)
        text_append(out, size, " off centre");
}

void carving_name(const deepstruc_recipe *recipe, char *out, size_t size)
{
    carving c;
    if (!carving_read(&c, recipe)) {
        text_copy(out, size, "");
        return;
    }
    text_copy(out, size, parent_names[c.from.kind]);
    if (recipe->sequence[0])
        text_append(out, size, " %s", recipe->sequence);
    text_append(out, size, " %s", schemes[c.by].label);
    for (int f = 0; f < schemes[c.by].n_families; f++)
        if (c.limit[f] < NO_LIMIT)
            text_append(out, size, "%c%.3f", f ? ',' : ' ', c.limit[f]);
        else
            text_append(out, size, ",-");
    if (c.stretch != 1)
        text_append(out, size, " x%g", c.stretch);
    text_append(out, size, " at %.3g,%.3g,%.3g", c.from.centre[0], c.from.centre[1], c.from.centre[2]);
    if (c.from.kind == PARENT_TWIN)
        text_append(out, size, "%+.3g", c.lift);
}
