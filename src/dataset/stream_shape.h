/* Random cuts of the parent frames: the shapes a model is trained on, besides the published ones. */
#ifndef DATASET_STREAM_SHAPE_H
#define DATASET_STREAM_SHAPE_H

#include "base/random.h"
#include "dataset/frame.h"
#include "dataset/stream_solid.h"

/* Draws a shape of the family with roughly n_min to n_max atoms (log-uniform; whole shells are kept, corners may be
 * missing), centred on its frame and in canonical orientation. Spheres, ellipsoids, boxes, prisms and facetted cuts,
 * about a centre of symmetry or off it. False when no try gave one: draw again.
 * `other` (may be NULL) receives the same body at another size, 0.4 to 2.5 times the atoms: real samples hold several
 * sizes. It is neither centred nor canonical. */
bool stream_shape_draw(const frame_set *set, frame_family family, random_stream *random, size_t n_min, size_t n_max,
                       frame_shape *out, frame_shape *other);

/* A known shape with up to a third of its atoms cut off along a plane, or some of its corners missing; centred on its
 * frame and in canonical orientation. False when the rest has no frame: draw again. */
bool stream_shape_variant(const frame_set *set, const frame_shape *known, random_stream *random, frame_shape *out);

/* ---- steps, shared with stream_large.c */

/* The allowed sites (all, or those of a stacking's letters) below the level that holds about `n` of them; false when
 * the table's edge cuts the shape. */
bool stream_shape_fill(const frame *f, const solid *b, const int *letter, size_t n, frame_shape *shape, double *level);
/* Layer letters of a stacking: any sequence without a repeat. */
void stream_shape_sequence(int letter[32], random_stream *random);
/* Is the stacking neither fcc nor hcp throughout? Those have frames of their own. */
bool stream_shape_is_faulted(const frame *f, const frame_shape *shape, const int letter[32]);

#endif
