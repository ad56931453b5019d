#include "dataset/held_out.h"

#include <math.h>
#include <stdlib.h>

#include <deepstruc/dataset.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "cluster/fingerprint.h"
#include "dataset/stream_known.h"

static const uint64_t SHAPES_SEED = 2026;
static const double HELD_OUT_SHARE = 0.2;

void deepstruc_split_shapes(deepstruc_split *split, const deepstruc_catalogue *catalogue)
{
    random_stream random;
    random_seed(&random, SHAPES_SEED, catalogue->n);
    for (size_t first = 0, end; first < catalogue->n; first = end) {
        deepstruc_type type = catalogue->entry[first].recipe.type;
        for (end = first; end < catalogue->n && catalogue->entry[end].recipe.type == type; end++)
            split[end] = DEEPSTRUC_TRAINING;
        size_t n = end - first, wanted = (size_t)(HELD_OUT_SHARE * (double)n + 0.5);
        for (wanted = wanted > 0 ? wanted : 1; wanted > 0;) {
            size_t i = first + random_below(&random, n);
            wanted -= split[i] == DEEPSTRUC_TRAINING;
            split[i] = DEEPSTRUC_TEST;
        }
    }
}

void held_out_describe(const frame *f, const frame_shape *shape, double number[HELD_OUT_NUMBERS])
{
    moments sums = {0};
    double mean[N_FINGERPRINT];
    for (size_t i = 0; i < shape->n_atoms; i++)
        moments_add(&sums, f->site[shape->site[i]]);
    moments_fingerprint(&sums, mean);
    number[0] = log((double)shape->n_atoms) / 3;
    for (int k = 0; k < N_FINGERPRINT; k++)
        number[1 + k] = log(mean[k] + 1e-9);
}

double held_out_distance(const double a[HELD_OUT_NUMBERS], const double b[HELD_OUT_NUMBERS])
{
    double furthest = 0;
    for (int k = 0; k < HELD_OUT_NUMBERS; k++)
        furthest = fmax(furthest, fabs(a[k] - b[k]));
    return furthest;
}

bool held_out_has(const held_out *list, const frame *f, const frame_shape *shape)
{
    if (list->n == 0)
        return false;
    double number[HELD_OUT_NUMBERS];
    held_out_describe(f, shape, number);
    for (size_t i = 0; i < list->n; i++)
        if (held_out_distance(list->number[i], number) <= HELD_OUT_RADIUS)
            return true;
    return false;
}

deepstruc_status held_out_published(held_out *out, const frame_set *frames, deepstruc_diag *diag)
{
    held_out list = {0};
    frame_shape *shape = NULL;
    deepstruc_split *split = NULL;
    deepstruc_catalogue *catalogue = NULL;
    size_t n = 0;
    deepstruc_status status = deepstruc_catalogue_paper(&catalogue, diag);
    if (status == DEEPSTRUC_OK)
        status = stream_known_shapes(&shape, &n, frames, diag);
    if (status == DEEPSTRUC_OK) {
        split = memory_zeroed(n, sizeof *split);
        list.number = memory_zeroed(n, sizeof *list.number);
        status = split && list.number ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK) {
        deepstruc_split_shapes(split, catalogue);
        for (size_t i = 0; i < n; i++)
            if (split[i] == DEEPSTRUC_TEST)
                held_out_describe(&frames->frame[shape[i].frame], &shape[i], list.number[list.n++]);
        *out = list;
    } else {
        held_out_free(&list);
    }
    free(split);
    free(shape);
    deepstruc_catalogue_destroy(catalogue);
    return status;
}

void held_out_free(held_out *list)
{
    free(list->number);
    *list = (held_out){0};
}
