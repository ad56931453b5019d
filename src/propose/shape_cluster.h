/* A shape of a frame as atoms. */
#ifndef PROPOSE_SHAPE_CLUSTER_H
#define PROPOSE_SHAPE_CLUSTER_H

#include "dataset/frame.h"

/* Equal for equal lists of sites. */
uint64_t shape_hash(const frame_shape *shape);

/* Coordinates in Å for a bond length in Å; the type is read from the atoms, the element is "X", the name says `how` it
 * was found. */
deepstruc_status shape_cluster(deepstruc_cluster **out, const frame_set *frames, const frame_shape *shape, double bond,
                               const char *how, deepstruc_diag *diag);

#endif
