/* Collecting shapes, and the catalogue of the published work. */
#include "cluster/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cluster/builders.h"

/* ---- collecting ----------------------------------------------------------------------------------------------- */

deepstruc_status collector_create(collector *c, size_t n_min, size_t n_max, deepstruc_diag *diag)
{
    if (n_max > DEEPSTRUC_MAX_ATOMS || n_min > n_max)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a catalogue of %zu to %zu atoms; the limits must rise and stay below %d", n_min, n_max,
                         DEEPSTRUC_MAX_ATOMS);
    *c = (collector){.n_min = n_min, .n_max = n_max};
    c->catalogue = memory_zeroed(1, sizeof *c->catalogue);
    c->xyz = memory_zeroed(3 * n_max, sizeof *c->xyz);
    if (c->catalogue && c->xyz)
        return DEEPSTRUC_OK;
    free(c->catalogue);
    free(c->xyz);
    *c = (collector){0};
    return diag_no_memory(diag);
}

bool collector_add(collector *c, const deepstruc_recipe *recipe, size_t n_atoms,
                   const double fingerprint[N_FINGERPRINT])
{
    if (n_atoms < c->n_min || n_atoms > c->n_max)
        return true;
    shape_answer answer = shape_set_add(&c->shapes, n_atoms, fingerprint);
    if (answer == SHAPE_KNOWN)
        return true;
    deepstruc_catalogue *catalogue = c->catalogue;
    if (answer == SHAPE_NO_MEMORY || !MEMORY_GROW(&catalogue->entry, &c->capacity, catalogue->n + 1))
        return false;
    deepstruc_catalogue_entry *entry = &catalogue->entry[catalogue->n++];
    *entry = (deepstruc_catalogue_entry){.recipe = *recipe, .n_atoms = n_atoms};
    memcpy(entry->fingerprint, fingerprint, sizeof entry->fingerprint);
    return true;
}

bool collector_try(collector *c, const deepstruc_recipe *recipe)
{
    size_t n_atoms = recipe_place(recipe, NULL);
    if (n_atoms < c->n_min || n_atoms > c->n_max)
        return true;
    double fingerprint[N_FINGERPRINT];
    recipe_place(recipe, c->xyz);
    fingerprint_of(c->xyz, n_atoms, fingerprint);
    return collector_add(c, recipe, n_atoms, fingerprint);
}

bool collector_join(collector *c, const collector *from)
{
    for (size_t i = 0; i < from->catalogue->n; i++) {
        const deepstruc_catalogue_entry *entry = &from->catalogue->entry[i];
        if (!collector_add(c, &entry->recipe, entry->n_atoms, entry->fingerprint))
            return false;
    }
    return true;
}

void collector_clear(collector *c)
{
    shape_set_clear(&c->shapes);
    deepstruc_catalogue_destroy(c->catalogue);
    free(c->xyz);
    *c = (collector){0};
}

/* By type, atom count, form, parameters. */
static int compare(const void *left, const void *right)
{
    const deepstruc_catalogue_entry *a = left, *b = right;
    if (a->recipe.type != b->recipe.type)
        return a->recipe.type < b->recipe.type ? -1 : 1;
    if (a->n_atoms != b->n_atoms)
        return a->n_atoms < b->n_atoms ? -1 : 1;
    if (a->recipe.form != b->recipe.form)
        return a->recipe.form < b->recipe.form ? -1 : 1;
    for (int k = 0; k < DEEPSTRUC_RECIPE_PARAMS; k++)
        if (a->recipe.param[k] != b->recipe.param[k])
            return a->recipe.param[k] < b->recipe.param[k] ? -1 : 1;
    return strcmp(a->recipe.sequence, b->recipe.sequence);
}

deepstruc_status collector_finish(collector *c, bool good, deepstruc_catalogue **out, deepstruc_diag *diag)
{
    if (good) {
        if (c->catalogue->n)
            qsort(c->catalogue->entry, c->catalogue->n, sizeof *c->catalogue->entry, compare);
        *out = c->catalogue;
        c->catalogue = NULL;
    }
    collector_clear(c);
    return good ? DEEPSTRUC_OK : diag_no_memory(diag);
}

void deepstruc_catalogue_destroy(deepstruc_catalogue *catalogue)
{
    if (!catalogue)
        return;
    free(catalogue->entry);
    free(catalogue);
}

/* ---- the published catalogue ---------------------------------------------------------------------------------- */

/* The published script's ranges: every parameter from 1 to 10 for lattices, 1 to 5 (r: 0 to 5) for decahedra. Of equal
 * shapes the first stays: octahedra before fcc and sc before bcc, as in the published list, then the smallest
 * parameters. */
enum {
    LATTICE_MAX = 10,
    DECAHEDRON_MAX = 5,
    OCTAHEDRON_MAX = 10,
    ICOSAHEDRON_MAX = 7,
    PAPER_MIN_ATOMS = 5,
    PAPER_MAX_ATOMS = 200
};

static bool add_lattices(collector *c, deepstruc_recipe (*recipe)(int, int, int))
{
    for (int a = 1; a <= LATTICE_MAX; a++)
        for (int b = a; b <= LATTICE_MAX; b++)
            for (int d = b; d <= LATTICE_MAX; d++) {
                deepstruc_recipe one = recipe(a, b, d);
                if (!collector_try(c, &one))
                    return false;
            }
    return true;
}

static bool add_decahedra(collector *c)
{
    for (int p = 1; p <= DECAHEDRON_MAX; p++)
        for (int q = 1; q <= DECAHEDRON_MAX; q++)
            for (int r = 0; r <= DECAHEDRON_MAX; r++) {
                deepstruc_recipe one = deepstruc_recipe_decahedron(p, q, r);
                if (!collector_try(c, &one))
                    return false;
            }
    return true;
}

bool collector_add_published(collector *c)
{
    for (int length = 2; length <= OCTAHEDRON_MAX; length++) {
        deepstruc_recipe one = deepstruc_recipe_octahedron(length, 0);
        if (!collector_try(c, &one))
            return false;
    }
    for (int shells = 1; shells <= ICOSAHEDRON_MAX; shells++) {
        deepstruc_recipe one = deepstruc_recipe_icosahedron(shells);
        if (!collector_try(c, &one))
            return false;
    }
    return add_lattices(c, deepstruc_recipe_sc) && add_lattices(c, deepstruc_recipe_bcc) &&
           add_lattices(c, deepstruc_recipe_fcc) && add_lattices(c, deepstruc_recipe_hcp) && add_decahedra(c);
}

deepstruc_status deepstruc_catalogue_paper(deepstruc_catalogue **out, deepstruc_diag *diag)
{
    collector c;
    deepstruc_status status = collector_create(&c, PAPER_MIN_ATOMS, PAPER_MAX_ATOMS, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    bool good = collector_add_published(&c);
    return collector_finish(&c, good, out, diag);
}
