/* A shape of a frame as atoms. */
#ifndef PROPOSE_SHAPE_CLUSTER_H
#define PROPOSE_SHAPE_CLUSTER_H

#include "dataset/frame.h"

/* Equal for equal lists of sites. */
uint64_t shape_hash(const frame_shape *shape);

/* Coordinates in Å for a bond length in Å; the type is read from the atoms, the element is "X". */
deepstruc_status shape_cluster(deepstruc_cluster **out, const frame *f, const frame_shape *shape, double bond,
                               const char *name, deepstruc_diag *diag);

/* The same, its name saying `how` it was found, on which frame, and which of all shapes it is. */
deepstruc_status shape_cluster_found(deepstruc_cluster **out, const frame_set *frames, const frame_shape *shape,
                                     double bond, const char *how, deepstruc_diag *diag);

#endif
