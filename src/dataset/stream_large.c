#include "dataset/stream_large.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "dataset/frame_parent.h"
#include "dataset/stream_shape.h"

bool large_parents_create(large_parents **out)
{
    large_parents *parents = memory_zeroed(1, sizeof *parents);
    bool good = parents != NULL;
    for (int k = 0; k < FRAME_COUNT && good; k++)
        good = frame_parent_sites(&parents->frame[k], k, true) && parents->frame[k].n_sites <= FRAME_MAX_FAR_SITES;
    if (!good) {
        large_parents_destroy(parents);
        return false;
    }
    *out = parents;
    return true;
}

void large_parents_destroy(large_parents *parents)
{
    for (int k = 0; k < FRAME_COUNT && parents; k++) {
        free(parents->frame[k].site);
        free(parents->frame[k].layer);
        free(parents->frame[k].letter);
        free(parents->frame[k].centre);
    }
    free(parents);
}

bool stream_large_draw(const large_parents *parents, const frame_set *set, frame_family family, random_stream *random,
                       frame_shape *whole, frame_shape *core)
{
    int frames[FRAME_COUNT], n_frames = 0, letter[32];
    for (int k = 0; k < FRAME_COUNT; k++)
        if (set->frame[k].family == family)
            frames[n_frames++] = k;
    whole->frame = core->frame = frames[random_below(random, (uint64_t)n_frames)];
    const frame *far = &parents->frame[whole->frame], *table = &set->frame[core->frame];
    bool stacked = family == FRAME_STACKING;
    size_t n = (size_t)exp(random_uniform(random, log(LARGE_MIN_ATOMS), log(LARGE_MAX_ATOMS + 1)));
    double level;
    solid b;
    solid_draw(&b, table, random);
    stream_shape_sequence(letter, random);
    if (!stream_shape_fill(far, &b, stacked ? letter : NULL, n, whole, &level) || whole->n_atoms > LARGE_MAX_ATOMS ||
        whole->n_atoms < LARGE_MIN_ATOMS || (stacked && !stream_shape_is_faulted(far, whole, letter)))
        return false;
    core->n_atoms = 0;
    for (size_t i = 0; i < table->n_sites; i++)
        if ((!stacked || letter[table->layer[i] + 16] == table->letter[i]) && solid_value(&b, table->site[i]) <= level)
            core->site[core->n_atoms++] = (uint16_t)i;
    frame_canonical(set, core);
    return core->n_atoms > 0;
}
