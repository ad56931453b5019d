/* Random cuts of the parent frames: the shapes a model is trained on, besides the published ones. */
#ifndef DATASET_STREAM_SHAPE_H
#define DATASET_STREAM_SHAPE_H

#include "base/random.h"
#include "dataset/frame.h"

/* Draws a shape of the family with roughly n_min to n_max atoms (log-uniform; whole shells are kept, corners may be
 * missing), centred on its frame and in canonical orientation. Spheres, ellipsoids, boxes, prisms and facetted cuts,
 * about a centre of symmetry or off it. False when no try gave one: draw again.
 * `other` (may be NULL) receives the same body at another size, 0.4 to 2.5 times the atoms: real samples hold several
 * sizes. It is neither centred nor canonical. */
bool stream_shape_draw(const frame_set *set, frame_family family, random_stream *random, size_t n_min, size_t n_max,
                       frame_shape *out, frame_shape *other);

#endif
