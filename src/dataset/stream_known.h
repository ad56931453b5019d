/* The published training shapes on their frames. */
#ifndef DATASET_STREAM_KNOWN_H
#define DATASET_STREAM_KNOWN_H

#include "dataset/frame.h"

/* shape[*n], freed with free(): the 197 shapes of the published catalogue, in its order. */
deepstruc_status stream_known_shapes(frame_shape **shape, size_t *n, const frame_set *frames, deepstruc_diag *diag);

#endif
