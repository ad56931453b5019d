#include "study/stacking.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "study/sequence.h"

enum { FEWEST = 20, MOST = 200, FIRST_LAYERS = 3, LAST_LAYERS = 8, MAX_SEQUENCES = 80, EVERY = 5 };

typedef struct {
    const deepstruc_catalogue *rich;
    deepstruc_structures *all;
    size_t capacity;
    int n_sequences, *sequence; /* of each structure: which it has */
    size_t capacity_sequence;
} builder;

static deepstruc_status add(builder *b, deepstruc_recipe recipe, const char *letters, size_t n_atoms,
                            deepstruc_diag *diag)
{
    static const char *const elements[] = {"Pt", "Au", "Pd", "Ag", "Cu"};
    static const double bonds[] = {2.72, 2.88, 2.75, 2.89, 2.56};
    size_t i = b->all->n;
    if (!MEMORY_GROW(&b->all->structure, &b->capacity, i + 1) ||
        !MEMORY_GROW(&b->sequence, &b->capacity_sequence, i + 1))
        return diag_no_memory(diag);
    deepstruc_structure *s = &b->all->structure[i];
    *s = (deepstruc_structure){.recipe = recipe, .n_atoms = n_atoms, .bond_length = bonds[i % 5]};
    text_copy(s->recipe.sequence, sizeof s->recipe.sequence, letters);
    text_copy(s->element, sizeof s->element, elements[i % 5]);
    deepstruc_recipe_name(&s->recipe, s->name, sizeof s->name);
    b->sequence[i] = b->n_sequences;
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
        if (n_layers * (size_t)(side * side) <= MOST) {
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
    b->n_sequences++;
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

/* A fifth of the sequences, drawn once and for all. */
static void hold_out(bool *held, int n_sequences)
{
    random_stream random;
    random_seed(&random, 0, 0x737461636bull);
    int order[MAX_SEQUENCES];
    for (int i = 0; i < n_sequences; i++)
        order[i] = i;
    for (int i = n_sequences - 1; i > 0; i--) {
        int j = (int)random_below(&random, (uint64_t)i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (int i = 0; i < n_sequences; i++)
        held[order[i]] = i % EVERY == 0;
}

/* Structures of held-out sequences are to be found and in no catalogue; by a random split when `by_structure`. */
static deepstruc_status divide(study_list *list, const builder *b, bool by_structure, deepstruc_diag *diag)
{
    bool held[MAX_SEQUENCES] = {false};
    size_t n = b->all->n;
    list->test = memory_zeroed(n, sizeof *list->test);
    list->known = memory_zeroed(n, sizeof *list->known);
    deepstruc_split *split = memory_zeroed(n, sizeof *split);
    if (!list->test || !list->known || !split) {
        free(split);
        return diag_no_memory(diag);
    }
    deepstruc_split_random(split, n);
    hold_out(held, b->n_sequences);
    for (size_t i = 0; i < n; i++) {
        bool test = by_structure ? split[i] == DEEPSTRUC_TEST : held[b->sequence[i]];
        bool known = by_structure ? split[i] == DEEPSTRUC_TRAINING : !test;
        if (test)
            list->test[list->n_test++] = i;
        if (known)
            list->known[list->n_known++] = i;
    }
    free(split);
    return DEEPSTRUC_OK;
}

/* The catalogue's entries of the held-out sequences, to be left out of every search. */
static deepstruc_status leave_out(study_list *list, deepstruc_catalogue *rich)
{
    size_t n = 0;
    for (size_t i = 0; i < rich->n; i++) {
        bool held = false;
        for (size_t k = 0; k < list->n_test && !held && rich->entry[i].recipe.sequence[0]; k++)
            held = strcmp(list->all->structure[list->test[k]].recipe.sequence, rich->entry[i].recipe.sequence) == 0;
        if (held)
            rich->entry[n++] = rich->entry[i];
    }
    rich->n = n;
    list->left_out = rich;
    return DEEPSTRUC_OK;
}

static deepstruc_status make_list(study_list *out, bool by_structure, deepstruc_diag *diag)
{
    study_list list = {0};
    deepstruc_catalogue *rich = NULL;
    builder b = {0};
    deepstruc_status status = deepstruc_catalogue_rich(&rich, FEWEST, MOST, diag);
    if (status == DEEPSTRUC_OK && !(list.all = memory_zeroed(1, sizeof *list.all)))
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        b.rich = rich;
        b.all = list.all;
        status = build_all(&b, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = divide(&list, &b, by_structure, diag);
    if (status == DEEPSTRUC_OK && !by_structure)
        status = leave_out(&list, rich);
    if (status != DEEPSTRUC_OK || by_structure)
        deepstruc_catalogue_destroy(rich);
    free(b.sequence);
    if (status != DEEPSTRUC_OK)
        study_list_free(&list);
    *out = list;
    return status;
}

deepstruc_status study_stacking_list(study_list *out, deepstruc_diag *diag)
{
    return make_list(out, false, diag);
}

deepstruc_status study_stacking_random_list(study_list *out, deepstruc_diag *diag)
{
    return make_list(out, true, diag);
}
