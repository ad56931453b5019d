#include "study/large.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

enum { FEWEST = 5, MOST = 1000, MAX_SIZES = 4000, TYPES = 7 };

/* Compact shapes of one type by size. */
typedef struct {
    size_t n;
    struct {
        deepstruc_recipe recipe;
        size_t n_atoms;
    } size[MAX_SIZES];
} size_list;

static deepstruc_status add_size(size_list *sizes, deepstruc_recipe recipe, deepstruc_diag *diag)
{
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_build(&cluster, &recipe, 1, "X", diag);
    if (status == DEEPSTRUC_BAD_ARGUMENT) /* parameters that give no atoms */
        return DEEPSTRUC_OK;
    if (status != DEEPSTRUC_OK)
        return status;
    if (cluster->n_atoms >= FEWEST && cluster->n_atoms <= MOST && sizes->n < MAX_SIZES) {
        sizes->size[sizes->n].recipe = recipe;
        sizes->size[sizes->n++].n_atoms = cluster->n_atoms;
    }
    deepstruc_cluster_destroy(cluster);
    return DEEPSTRUC_OK;
}

/* Parameters a, b, c of the builders, near enough to each other that the shape is compact. */
static deepstruc_status add_recipes(size_list *sizes, deepstruc_type type, int a, int b, int c, deepstruc_diag *diag)
{
    bool near = abs(a - b) <= 2 && abs(b - c) <= 2 && abs(a - c) <= 2;
    switch (type) {
    case DEEPSTRUC_TYPE_SC:
        return near ? add_size(sizes, deepstruc_recipe_sc(a, b, c), diag) : DEEPSTRUC_OK;
    case DEEPSTRUC_TYPE_BCC:
        return near ? add_size(sizes, deepstruc_recipe_bcc(a, b, c), diag) : DEEPSTRUC_OK;
    case DEEPSTRUC_TYPE_FCC:
        return near ? add_size(sizes, deepstruc_recipe_fcc(a, b, c), diag) : DEEPSTRUC_OK;
    case DEEPSTRUC_TYPE_HCP:
        return near && a <= b ? add_size(sizes, deepstruc_recipe_hcp(a, b, c), diag) : DEEPSTRUC_OK;
    case DEEPSTRUC_TYPE_DECAHEDRON:
        return a <= 7 && b <= 7 && c <= 3 && abs(a - b) <= 3
                   ? add_size(sizes, deepstruc_recipe_decahedron(a, b, c - 1), diag)
                   : DEEPSTRUC_OK;
    case DEEPSTRUC_TYPE_ICOSAHEDRON:
        return b == 1 && c == 1 ? add_size(sizes, deepstruc_recipe_icosahedron(a), diag) : DEEPSTRUC_OK;
    default:
        return c == 1 && 2 * (b - 1) < a ? add_size(sizes, deepstruc_recipe_octahedron(a, b - 1), diag) : DEEPSTRUC_OK;
    }
}

static int by_atoms(const void *a, const void *b)
{
    const deepstruc_structure *x = a, *y = b;
    return x->n_atoms < y->n_atoms ? -1 : x->n_atoms > y->n_atoms;
}

/* For each rung of a ladder of sizes the shape nearest to it, each once. */
static void pick(deepstruc_structures *all, const size_list *sizes)
{
    static const char *const elements[] = {"Pt", "Au", "Pd", "Ag", "Cu"};
    static const double bonds[] = {2.72, 2.88, 2.75, 2.89, 2.56};
    size_t first = all->n;
    for (int rung = 0; rung < LARGE_PER_TYPE; rung++) {
        double wanted = FEWEST * pow((double)MOST / FEWEST, rung / (LARGE_PER_TYPE - 1.0));
        size_t best = 0;
        for (size_t i = 1; i < sizes->n; i++)
            if (fabs(log((double)sizes->size[i].n_atoms / wanted)) <
                fabs(log((double)sizes->size[best].n_atoms / wanted)) - 1e-9)
                best = i;
        bool taken = false;
        for (size_t i = first; i < all->n; i++)
            taken = taken || all->structure[i].n_atoms == sizes->size[best].n_atoms;
        if (taken)
            continue;
        deepstruc_structure *s = &all->structure[all->n++];
        *s = (deepstruc_structure){.recipe = sizes->size[best].recipe, .n_atoms = sizes->size[best].n_atoms};
        s->bond_length = bonds[rung % 5] * (s->recipe.type == DEEPSTRUC_TYPE_BCC ? 2 / sqrt(3) : 1);
        text_copy(s->element, sizeof s->element, elements[rung % 5]);
        deepstruc_recipe_name(&s->recipe, s->name, sizeof s->name);
    }
    qsort(all->structure + first, all->n - first, sizeof *all->structure, by_atoms);
}

static deepstruc_status enumerate(size_list *sizes, deepstruc_type type, deepstruc_diag *diag)
{
    enum { LARGEST = 12 };
    deepstruc_status status = DEEPSTRUC_OK;
    sizes->n = 0;
    for (int a = 1; a <= LARGEST && status == DEEPSTRUC_OK; a++)
        for (int b = 1; b <= LARGEST && status == DEEPSTRUC_OK; b++)
            for (int c = 1; c <= LARGEST && status == DEEPSTRUC_OK; c++)
                status = add_recipes(sizes, type, a, b, c, diag);
    return status;
}

static const deepstruc_type types[TYPES] = {
    DEEPSTRUC_TYPE_SC,          DEEPSTRUC_TYPE_BCC,        DEEPSTRUC_TYPE_FCC,       DEEPSTRUC_TYPE_HCP,
    DEEPSTRUC_TYPE_ICOSAHEDRON, DEEPSTRUC_TYPE_DECAHEDRON, DEEPSTRUC_TYPE_OCTAHEDRON};

deepstruc_status study_large_list(study_list *out, deepstruc_diag *diag)
{
    study_list list = {0};
    deepstruc_structures *published = NULL;
    size_list *sizes = memory_zeroed(1, sizeof *sizes);
    deepstruc_status status =
        sizes ? deepstruc_structures_of_protocol(&published, "paper", diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        size_t most = published->n + TYPES * LARGE_PER_TYPE;
        list.all = memory_zeroed(1, sizeof *list.all);
        list.test = memory_zeroed(most, sizeof *list.test);
        list.known = memory_zeroed(most, sizeof *list.known);
        if (list.all)
            list.all->structure = memory_zeroed(most, sizeof *list.all->structure);
        status = list.all && list.test && list.known && list.all->structure ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    for (int t = 0; t < TYPES && status == DEEPSTRUC_OK; t++) {
        status = enumerate(sizes, types[t], diag);
        if (status == DEEPSTRUC_OK)
            pick(list.all, sizes);
    }
    if (status == DEEPSTRUC_OK) {
        for (; list.n_test < list.all->n; list.n_test++)
            list.test[list.n_test] = list.n_test;
        for (size_t i = 0; i < published->n; i++) {
            list.known[list.n_known++] = list.all->n;
            list.all->structure[list.all->n++] = published->structure[i];
        }
    }
    free(sizes);
    deepstruc_structures_destroy(published);
    if (status != DEEPSTRUC_OK)
        study_list_free(&list);
    *out = list;
    return status;
}
