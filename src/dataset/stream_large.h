/* Bodies beyond the frames' tables: what a model learns of them is type, size and bond length, and the core that the
 * table holds. */
#ifndef DATASET_STREAM_LARGE_H
#define DATASET_STREAM_LARGE_H

#include "base/random.h"
#include "dataset/frame.h"

enum { LARGE_MIN_ATOMS = 300, LARGE_MAX_ATOMS = 1300 };

/* The parents, drawn out to FRAME_FAR_REACH: frames with sites only. */
typedef struct {
    frame frame[FRAME_COUNT];
} large_parents;

bool large_parents_create(large_parents **out);
void large_parents_destroy(large_parents *parents);

/* Draws a body of the family with LARGE_MIN_ATOMS to LARGE_MAX_ATOMS atoms (log-uniform): `whole` lists sites of the
 * far parent of the same number, `core` those of its sites that the table of the frame holds. False: draw again. */
bool stream_large_draw(const large_parents *parents, const frame_set *set, frame_family family, random_stream *random,
                       frame_shape *whole, frame_shape *core);

#endif
