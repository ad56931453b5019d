/* How hexagonal a close packing is: 0 of fcc, 1 of hcp, between them that of twins, faults and decahedra. */
#ifndef DATASET_HEXAGONALITY_H
#define DATASET_HEXAGONALITY_H

#include "dataset/frame.h"

/* Of a shape's atoms that its parent surrounds as fcc or hcp does the share of the latter; NaN where there is none. In
 * a stacking all atoms of a layer between two alike are hcp's, and those of the outermost layers are neither; in a
 * decahedron those on the twin planes are hcp's, and those on the axis are neither. */
double hexagonality_of(const frame_set *frames, const frame_shape *shape);

#endif
