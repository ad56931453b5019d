#include "study/stacking.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stacking.h"

/* Structures of held-out sequences are to be found; or those of the random split. */
static deepstruc_status divide(study_list *list, bool by_structure, deepstruc_diag *diag)
{
    bool held[STACKING_SEQUENCES];
    size_t n = list->all->n, sequence = 0;
    list->test = memory_zeroed(n, sizeof *list->test);
    list->known = memory_zeroed(n, sizeof *list->known);
    deepstruc_split *split = memory_zeroed(n, sizeof *split);
    if (!list->test || !list->known || !split) {
        free(split);
        return diag_no_memory(diag);
    }
    deepstruc_split_random(split, n);
    stacking_held_out(held);
    for (size_t i = 0; i < n; i++) {
        const deepstruc_structure *s = &list->all->structure[i];
        sequence += i > 0 && strcmp(s->recipe.sequence, s[-1].recipe.sequence) != 0;
        bool test = by_structure ? split[i] == DEEPSTRUC_TEST : held[sequence % STACKING_SEQUENCES];
        bool known = by_structure ? split[i] == DEEPSTRUC_TRAINING : !test;
        if (test)
            list->test[list->n_test++] = i;
        if (known)
            list->known[list->n_known++] = i;
    }
    free(split);
    return DEEPSTRUC_OK;
}

static bool is_held(const study_list *list, const char *sequence)
{
    bool held = false;
    for (size_t k = 0; k < list->n_test && !held && sequence[0]; k++)
        held = strcmp(list->all->structure[list->test[k]].recipe.sequence, sequence) == 0;
    return held;
}

/* The catalogue's entries of the held-out sequences, to be left out of every search. */
static deepstruc_status leave_out(study_list *list, deepstruc_diag *diag)
{
    size_t n = 0;
    deepstruc_status status = deepstruc_catalogue_rich(&list->left_out, STACKING_FEWEST, STACKING_MOST, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < list->left_out->n; i++)
        if (is_held(list, list->left_out->entry[i].recipe.sequence))
            list->left_out->entry[n++] = list->left_out->entry[i];
    list->left_out->n = n;
    return DEEPSTRUC_OK;
}

static deepstruc_status make_list(study_list *out, bool by_structure, deepstruc_diag *diag)
{
    study_list list = {0};
    deepstruc_status status = deepstruc_structures_of_protocol(&list.all, "stacking", diag);
    if (status == DEEPSTRUC_OK)
        status = divide(&list, by_structure, diag);
    if (status == DEEPSTRUC_OK && !by_structure)
        status = leave_out(&list, diag);
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
