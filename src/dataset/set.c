#include "dataset/set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

/* ---- split ---------------------------------------------------------------------------------------------------------
 */

static const uint64_t SPLIT_SEED = 2023;
static const double TRAINING_SHARE = 0.6, VALIDATION_SHARE = 0.2;

const char *deepstruc_split_name(deepstruc_split split)
{
    static const char *const names[DEEPSTRUC_N_SPLITS] = {"training", "validation", "test"};
    return names[split];
}

void deepstruc_split_random(deepstruc_split *split, size_t n)
{
    random_stream stream;
    random_seed(&stream, SPLIT_SEED, n);
    size_t n_training = (size_t)(TRAINING_SHARE * (double)n + 0.5),
           n_validation = (size_t)(VALIDATION_SHARE * (double)n + 0.5);
    for (size_t i = 0; i < n; i++)
        split[i] = i < n_training                  ? DEEPSTRUC_TRAINING
                   : i < n_training + n_validation ? DEEPSTRUC_VALIDATION
                                                   : DEEPSTRUC_TEST;
    for (size_t i = n; i > 1; i--) { /* Fisher-Yates */
        size_t j = random_below(&stream, i);
        deepstruc_split swap = split[i - 1];
        split[i - 1] = split[j];
        split[j] = swap;
    }
}

/* ---- memory --------------------------------------------------------------------------------------------------------
 */

deepstruc_status dataset_allocate(deepstruc_dataset **out, size_t n, size_t n_atoms, size_t n_points,
                                  deepstruc_diag *diag)
{
    size_t n_values;
    if (n == 0 || n > DEEPSTRUC_MAX_STRUCTURES || n_points > DEEPSTRUC_MAX_POINTS || n_atoms > (size_t)1 << 30 ||
        __builtin_mul_overflow(n, n_points, &n_values))
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "a data set of %zu structures, %zu atoms and PDFs of %zu points", n,
                         n_atoms, n_points);
    deepstruc_dataset *dataset = memory_zeroed(1, sizeof *dataset);
    if (!dataset)
        return diag_no_memory(diag);
    dataset->n = n;
    dataset->n_atoms = n_atoms;
    dataset->n_points = n_points;
    dataset->item = memory_zeroed(n, sizeof *dataset->item);
    dataset->xyz = memory_zeroed(n_atoms, 3 * sizeof *dataset->xyz);
    dataset->pdf = memory_zeroed(n_values, sizeof *dataset->pdf);
    if (!dataset->item || !dataset->xyz || !dataset->pdf) {
        deepstruc_dataset_destroy(dataset);
        return diag_no_memory(diag);
    }
    *out = dataset;
    return DEEPSTRUC_OK;
}

void deepstruc_dataset_destroy(deepstruc_dataset *dataset)
{
    if (!dataset)
        return;
    for (size_t i = 0; dataset->item && i < dataset->n; i++)
        dataset_graph_destroy(dataset->item[i].graph);
    free(dataset->item);
    free(dataset->xyz);
    free(dataset->pdf);
    free(dataset);
}

deepstruc_status dataset_make_graphs(deepstruc_dataset *dataset, deepstruc_diag *diag)
{
    for (size_t i = 0; i < dataset->n; i++) {
        dataset_item *item = &dataset->item[i];
        if (item->graph)
            continue;
        deepstruc_status status = dataset_graph_create(&item->graph, dataset->xyz + 3 * item->first_atom, item->n_atoms,
                                                       DATASET_PAPER_CUTOFF * item->bond_length, diag);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

/* ---- the sum ---------------------------------------------------------------------------------------------------- */

static uint64_t add_text(uint64_t sum, const char *text)
{
    return hash_more(sum, text, strlen(text) + 1);
}

uint64_t dataset_sum(const deepstruc_dataset *dataset)
{
    const double numbers[] = {dataset->rmin, dataset->rstep, dataset->qmin,
                              dataset->qmax, dataset->qdamp, dataset->biso};
    const uint64_t sizes[] = {dataset->n, dataset->n_atoms, dataset->n_points};
    uint64_t sum = add_text(hash_bytes(sizes, sizeof sizes), dataset->protocol);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i])) /* of which there are several */
            sum = hash_more(sum, &numbers[i], sizeof numbers[i]);
    for (size_t i = 0; i < dataset->n; i++) {
        const dataset_item *item = &dataset->item[i];
        const uint64_t whole[] = {item->split, item->n_atoms};
        sum = add_text(add_text(sum, item->name), item->element);
        sum = hash_more(add_text(sum, deepstruc_type_name(item->type)), whole, sizeof whole);
        sum = hash_more(sum, &item->bond_length, sizeof item->bond_length);
    }
    sum = hash_more(sum, dataset->xyz, 3 * dataset->n_atoms * sizeof *dataset->xyz);
    return hash_more(sum, dataset->pdf, dataset->n * dataset->n_points * sizeof *dataset->pdf);
}

/* ---- what is in it -------------------------------------------------------------------------------------------- */

size_t deepstruc_dataset_count(const deepstruc_dataset *dataset, deepstruc_split split)
{
    size_t n = 0;
    for (size_t i = 0; i < dataset->n; i++)
        n += dataset->item[i].split == split;
    return n;
}

void deepstruc_dataset_describe(const deepstruc_dataset *dataset, char *out, size_t size)
{
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < dataset->n; i++) {
        least = dataset->item[i].n_atoms < least ? dataset->item[i].n_atoms : least;
        most = dataset->item[i].n_atoms > most ? dataset->item[i].n_atoms : most;
    }
    text_copy(out, size, dataset->protocol);
    text_make_line(out);
    text_append(out, size,
                ", %zu structures (%zu training, %zu validation, %zu test), %zu to %zu atoms, PDFs of %zu points",
                dataset->n, deepstruc_dataset_count(dataset, DEEPSTRUC_TRAINING),
                deepstruc_dataset_count(dataset, DEEPSTRUC_VALIDATION),
                deepstruc_dataset_count(dataset, DEEPSTRUC_TEST), least, most, dataset->n_points);
}
