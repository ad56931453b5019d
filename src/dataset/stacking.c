#include "dataset/stacking.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "cluster/sequence.h"

enum { FIRST_LAYERS = 3, LAST_LAYERS = 8 };

typedef struct {
    const deepstruc_catalogue *rich;
    deepstruc_structures *all;
    size_t capacity;
} builder;

static deepstruc_status add(builder *b, deepstruc_recipe recipe, const char *letters, size_t n_atoms,
                            deepstruc_diag *diag)
{
    static const char *const elements[] = {"Pt", "Au", "Pd", "Ag", "Cu"};
    static const double bonds[] = {2.72, 2.88, 2.75, 2.89, 2.56};
    size_t i = b->all->n;
    if (!MEMORY_GROW(&b->all->structure, &b->capacity, i + 1))
        return diag_no_memory(diag);
    deepstruc_structure *s = &b->all->structure[i];
    *s = (deepstruc_structure){.recipe = recipe, .n_atoms = n_atoms, .bond_length = bonds[i % 5]};
    text_copy(s->recipe.sequence, sizeof s->recipe.sequence, letters);
    text_copy(s->element, sizeof s->element, elements[i % 5]);
    deepstruc_recipe_name(&s->recipe, s->name, sizeof s->name);
    text_append(s->name, sizeof s->name, " %s", s->element);
    b->all->n++;
    return DEEPSTRUC_OK;
}

/* Two parallelograms and, evenly picked by size, shapes that the rich catalogue has of this sequence. */
static deepstruc_status add_sequence(builder *b, const char *letters, deepstruc_diag *diag)
{
    enum { SQUARES = 2 };
    const size_t n_layers = strlen(letters);
    size_t taken = 0, n = 0, wanted = STACKING_SHAPES - SQUARES;
    deepstruc_status status = DEEPSTRUC_OK;
    for (int side = 6; side >= 3 && taken < SQUARES && status == DEEPSTRUC_OK; side--)
        if (n_layers * (size_t)(side * side) <= STACKING_MOST) {
            status =
                add(b, deepstruc_recipe_layers(letters, side, side), letters, n_layers * (size_t)(side * side), diag);
            taken++;
        }
    size_t *with = memory_zeroed(b->rich->n, sizeof *with);
    if (!with)
        return diag_no_memory(diag);
    for (size_t i = 0; i < b->rich->n; i++)
        if (strcmp(b->rich->entry[i].recipe.sequence, letters) == 0)
            with[n++] = i;
    for (size_t k = 0; k < wanted && k < n && status == DEEPSTRUC_OK; k++) {
        const deepstruc_catalogue_entry *entry = &b->rich->entry[with[n <= wanted ? k : k * n / wanted]];
        status = add(b, entry->recipe, letters, entry->n_atoms, diag);
    }
    free(with);
    return status;
}

static deepstruc_status build_all(builder *b, deepstruc_diag *diag)
{
    char letters[SEQUENCE_TEXT];
    deepstruc_status status = DEEPSTRUC_OK;
    for (int n_layers = FIRST_LAYERS; n_layers <= LAST_LAYERS; n_layers++)
        for (int k = 0; sequence_spell(n_layers, k, letters) && status == DEEPSTRUC_OK; k++)
            status = add_sequence(b, letters, diag);
    return status;
}

deepstruc_status stacking_structures(deepstruc_structures *list, deepstruc_diag *diag)
{
    deepstruc_catalogue *rich = NULL;
    deepstruc_status status = deepstruc_catalogue_rich(&rich, STACKING_FEWEST, STACKING_MOST, diag);
    builder b = {rich, list, 0};
    if (status == DEEPSTRUC_OK)
        status = build_all(&b, diag);
    deepstruc_catalogue_destroy(rich);
    return status;
}

void stacking_held_out(bool held[STACKING_SEQUENCES])
{
    enum { EVERY = 5 };
    random_stream random;
    random_seed(&random, 0, 0x737461636bull);
    int order[STACKING_SEQUENCES];
    for (int i = 0; i < STACKING_SEQUENCES; i++)
        order[i] = i;
    for (int i = STACKING_SEQUENCES - 1; i > 0; i--) {
        int j = (int)random_below(&random, (uint64_t)i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (int i = 0; i < STACKING_SEQUENCES; i++)
        held[order[i]] = i % EVERY == 0;
}

void stacking_spared(bool spared[STACKING_SEQUENCES])
{
    enum { EVERY = 5 };
    bool held[STACKING_SEQUENCES];
    stacking_held_out(held);
    for (int i = 0, n = 0; i < STACKING_SEQUENCES; i++)
        spared[i] = !held[i] && n++ % EVERY == EVERY - 1;
}
