/* Which structures a protocol is made of. */
#include <deepstruc/dataset.h>

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/stacking.h"

/* The published set's metals in alphabetical order. */
static const char *const paper_metals[] = {"Ag", "Au", "Cd", "Co", "Cr", "Cu", "Fe", "Hf", "Hg", "Ir",
                                           "Mn", "Nb", "Ni", "Os", "Pd", "Pt", "Re", "Rh", "Ru", "Sc",
                                           "Ta", "Tc", "Ti", "V",  "W",  "Y",  "Zn", "Zr"};
enum { N_PAPER_METALS = sizeof paper_metals / sizeof *paper_metals };

/* Whether no metal before this one has its radius. */
static bool stands_for_its_radius(int metal)
{
    for (int other = 0; other < metal; other++)
        if (deepstruc_element_metallic_radius(paper_metals[other]) ==
            deepstruc_element_metallic_radius(paper_metals[metal]))
            return false;
    return true;
}

static void put_structure(deepstruc_structures *list, const deepstruc_catalogue_entry *shape, const char *element)
{
    deepstruc_structure *one = &list->structure[list->n++];
    *one = (deepstruc_structure){.recipe = shape->recipe, .n_atoms = shape->n_atoms};
    one->bond_length = 2 * deepstruc_element_metallic_radius(element);
    text_copy(one->element, sizeof one->element, element);
    deepstruc_recipe_name(&shape->recipe, one->name, sizeof one->name);
    text_append(one->name, sizeof one->name, " %s", element);
}

static deepstruc_status list_paper(deepstruc_structures *list, deepstruc_diag *diag)
{
    deepstruc_catalogue *shapes;
    deepstruc_status status = deepstruc_catalogue_paper(&shapes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    list->structure = memory_zeroed(shapes->n * N_PAPER_METALS, sizeof *list->structure);
    for (size_t i = 0; list->structure && i < shapes->n; i++)
        for (int metal = 0; metal < N_PAPER_METALS; metal++)
            if (stands_for_its_radius(metal))
                put_structure(list, &shapes->entry[i], paper_metals[metal]);
    deepstruc_catalogue_destroy(shapes);
    return list->structure ? DEEPSTRUC_OK : diag_no_memory(diag);
}

deepstruc_status deepstruc_structures_of_protocol(deepstruc_structures **out, const char *protocol,
                                                  deepstruc_diag *diag)
{
    bool paper = strcmp(protocol, "paper") == 0;
    if (!paper && strcmp(protocol, "stacking") != 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "'%s' is no protocol; there are: paper, stacking", protocol);
    deepstruc_structures *list = memory_zeroed(1, sizeof *list);
    if (!list)
        return diag_no_memory(diag);
    deepstruc_status status = paper ? list_paper(list, diag) : stacking_structures(list, diag);
    if (status == DEEPSTRUC_OK)
        *out = list;
    else
        deepstruc_structures_destroy(list);
    return status;
}

void deepstruc_structures_destroy(deepstruc_structures *structures)
{
    if (!structures)
        return;
    free(structures->structure);
    free(structures);
}
