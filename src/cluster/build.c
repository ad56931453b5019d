/* Recipes and the one way from a recipe to a cluster. */
#include <deepstruc/cluster.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "cluster/builders.h"
#include "cluster/carve.h"

/* ---- recipes -------------------------------------------------------------------------------------------------- */

static deepstruc_recipe make(deepstruc_type type, int form, int a, int b, int c)
{
    return (deepstruc_recipe){.type = type, .form = form, .param = {a, b, c}};
}

deepstruc_recipe deepstruc_recipe_sc(int h, int k, int l)
{
    return make(DEEPSTRUC_TYPE_SC, FORM_LAYERS, h, k, l);
}

deepstruc_recipe deepstruc_recipe_bcc(int h, int k, int l)
{
    return make(DEEPSTRUC_TYPE_BCC, FORM_LAYERS, h, k, l);
}

deepstruc_recipe deepstruc_recipe_fcc(int h, int k, int l)
{
    return make(DEEPSTRUC_TYPE_FCC, FORM_LAYERS, h, k, l);
}

deepstruc_recipe deepstruc_recipe_hcp(int a, int b, int c)
{
    return make(DEEPSTRUC_TYPE_HCP, FORM_CELLS, a, b, c);
}

deepstruc_recipe deepstruc_recipe_icosahedron(int n_shells)
{
    return make(DEEPSTRUC_TYPE_ICOSAHEDRON, FORM_SHELLS, n_shells, 0, 0);
}

deepstruc_recipe deepstruc_recipe_decahedron(int p, int q, int r)
{
    return make(DEEPSTRUC_TYPE_DECAHEDRON, FORM_WEDGES, p, q, r);
}

deepstruc_recipe deepstruc_recipe_octahedron(int length, int cutoff)
{
    return make(DEEPSTRUC_TYPE_OCTAHEDRON, FORM_OCTAHEDRON, length, cutoff, 0);
}

deepstruc_recipe deepstruc_recipe_layers(const char *sequence, int a, int b)
{
    deepstruc_recipe recipe = make(sequence_type(sequence), FORM_SEQUENCE, a, b, 0);
    if (strlen(sequence) < sizeof recipe.sequence)
        text_copy(recipe.sequence, sizeof recipe.sequence, sequence);
    return recipe; /* what is too long stays empty, and is refused by the build */
}

/* ---- the table of forms --------------------------------------------------------------------------------------- */

typedef struct {
    const char *label; /* begins the canonical name; NULL: the type's name */
    size_t (*place)(const deepstruc_recipe *recipe, double *xyz);
    int n_params, min[4], max[4];
    const char *wants; /* the parameters, for the message that refuses others */
} form;

/* The largest parameters keep the counting pass short; most combinations exceed DEEPSTRUC_MAX_ATOMS before. */
static const form forms[N_FORMS] = {
    [FORM_LAYERS] = {NULL, build_layers, 3, {1, 1, 1}, {100, 100, 100}, "layers H,K,L from 1 to 100"},
    [FORM_CELLS] = {NULL, build_cells, 3, {1, 1, 1}, {500, 500, 500}, "repeats A,B,C from 1 to 500"},
    [FORM_SHELLS] = {NULL, build_shells, 4, {1}, {45, 4095, 2, 1}, "1 to 45 shells"},
    [FORM_WEDGES] = {NULL, build_wedges, 3, {1, 1, 0}, {100, 100, 50}, "P and Q from 1 to 100 and R from 0 to 50"},
    [FORM_OCTAHEDRON] =
        {NULL, build_octahedron, 2, {2, 0}, {100, 50}, "a length from 2 to 100 and a cut below half of it"},
    [FORM_SEQUENCE] = {"layers",
                       build_sequence,
                       2,
                       {1, 1},
                       {500, 500},
                       "a sequence of at most 31 letters A, B, C without repeats, and sizes A,B from 1 to 500"},
    [FORM_CARVED] = {.wants = "the parameters of a carving"},
};

static bool parameters_fit(const deepstruc_recipe *recipe)
{
    if (recipe->form < 0 || recipe->form >= N_FORMS)
        return false;
    const form *f = &forms[recipe->form];
    carving ignored;
    if (recipe->form == FORM_CARVED)
        return carving_read(&ignored, recipe);
    for (int k = 0; k < f->n_params; k++)
        if (!(recipe->param[k] >= f->min[k] && recipe->param[k] <= f->max[k] &&
              recipe->param[k] == floor(recipe->param[k])))
            return false;
    if (recipe->form == FORM_OCTAHEDRON)
        return recipe->param[0] >= 2 * recipe->param[1] + 1;
    if (recipe->form == FORM_SEQUENCE)
        return memchr(recipe->sequence, '\0', sizeof recipe->sequence) &&
               sequence_type(recipe->sequence) != DEEPSTRUC_TYPE_UNKNOWN;
    return true;
}

void deepstruc_recipe_name(const deepstruc_recipe *recipe, char *out, size_t size)
{
    text_copy(out, size, "");
    if (recipe->form < 0 || recipe->form >= N_FORMS)
        return;
    if (recipe->form == FORM_CARVED) {
        carving_name(recipe, out, size);
        return;
    }
    const form *f = &forms[recipe->form];
    text_copy(out, size, f->label ? f->label : deepstruc_type_name(recipe->type));
    if (recipe->sequence[0])
        text_append(out, size, " %s", recipe->sequence);
    int n = f->n_params;
    while (recipe->form == FORM_SHELLS && n > 1 && recipe->param[n - 1] == 0)
        n--; /* nothing is missing or added */
    for (int k = 0; k < n; k++)
        text_append(out, size, "%c%d", k ? ',' : ' ', (int)recipe->param[k]);
}

/* The words between the type and the numbers. */
static void recipe_shape(const deepstruc_recipe *recipe, char *out, size_t size)
{
    if (recipe->form == FORM_CARVED)
        carving_shape(recipe, out, size);
    else if (recipe->form == FORM_SEQUENCE)
        text_copy(out, size, recipe->sequence);
    else if (recipe->form == FORM_SHELLS)
        snprintf(out, size, "%s%s%s", recipe->param[3] > 0 ? "hollow " : "",
                 recipe->param[2] > 0 ? "anti-Mackay icosahedron" : "Mackay icosahedron",
                 recipe->param[1] > 0 ? " without corners" : "");
    else if (recipe->form == FORM_WEDGES)
        text_copy(out, size, recipe->param[2] > 0 ? "Marks decahedron" : "Ino decahedron");
    else if (recipe->form == FORM_OCTAHEDRON && recipe->param[1] > 0)
        text_copy(out, size, recipe->param[0] == 2 * recipe->param[1] + 1 ? "cuboctahedron" : "truncated octahedron");
}

size_t recipe_place(const deepstruc_recipe *recipe, double *xyz)
{
    return parameters_fit(recipe) && recipe->form != FORM_CARVED ? forms[recipe->form].place(recipe, xyz) : 0;
}

/* ---- building ------------------------------------------------------------------------------------------------- */

/* Scales, and moves the smallest x, y, z to 0 as the published coordinates have it (hcp blocks stay where they are). */
static void place_as_published(deepstruc_cluster *cluster, int how, double bond_length)
{
    for (size_t k = 0; k < 3; k++) {
        double *x = cluster->xyz + k, least = how == FORM_CELLS ? 0 : x[0];
        for (size_t i = 0; how != FORM_CELLS && i < cluster->n_atoms; i++)
            least = x[3 * i] < least ? x[3 * i] : least;
        for (size_t i = 0; i < cluster->n_atoms; i++) {
            double moved = x[3 * i] - least;
            x[3 * i] = fabs(moved) < 1e-12 ? 0 : moved * bond_length; /* no rounding where the least is met twice */
        }
    }
}

/* A cluster with bonds of length 1. */
static deepstruc_status place_atoms(deepstruc_cluster **out, const deepstruc_recipe *recipe, deepstruc_diag *diag)
{
    double *xyz = NULL;
    size_t n_atoms;
    bool carved = recipe->form == FORM_CARVED;
    if (!carved)
        n_atoms = forms[recipe->form].place(recipe, NULL);
    else if (!carve(recipe, &xyz, &n_atoms))
        return diag_no_memory(diag);
    deepstruc_cluster *cluster = NULL;
    deepstruc_status status = DEEPSTRUC_OK;
    if (n_atoms == 0)
        status = diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "these parameters leave no atom");
    else
        status = deepstruc_cluster_create(&cluster, n_atoms, diag);
    if (cluster) {
        if (carved)
            memcpy(cluster->xyz, xyz, 3 * n_atoms * sizeof *xyz);
        else
            forms[recipe->form].place(recipe, cluster->xyz);
        *out = cluster;
    }
    free(xyz);
    return status;
}

deepstruc_status deepstruc_cluster_build(deepstruc_cluster **out, const deepstruc_recipe *recipe, double bond_length,
                                         const char *element, deepstruc_diag *diag)
{
    if (!(bond_length > 0 && isfinite(bond_length)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "bond length %g Å; it must be positive", bond_length);
    if (recipe->form < 0 || recipe->form >= N_FORMS)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "form %d is none of the %d that can be built", recipe->form,
                         N_FORMS);
    const form *f = &forms[recipe->form];
    if (!parameters_fit(recipe))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%s wants %s",
                         f->label ? f->label : deepstruc_type_name(recipe->type), f->wants);
    deepstruc_cluster *cluster = NULL;
    deepstruc_status status = place_atoms(&cluster, recipe, diag);
    if (!cluster)
        return status;
    place_as_published(cluster, recipe->form, bond_length);
    cluster->bond_length = bond_length;
    cluster->type = recipe->type;
    text_copy(cluster->element, sizeof cluster->element, element && element[0] ? element : "X");
    recipe_shape(recipe, cluster->shape, sizeof cluster->shape);
    deepstruc_recipe_name(recipe, cluster->name, sizeof cluster->name);
    *out = cluster;
    return DEEPSTRUC_OK;
}
