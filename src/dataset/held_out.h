/* Shapes that no training sample may be, nor come near to: the protocol "shapes".
 *
 * The distance of two shapes is the largest difference of five logarithms: of the cube root of the number of atoms, and
 * of the four roots of mean powers of their interatomic distances (cluster/fingerprint.h), all in bond lengths. */
#ifndef DATASET_HELD_OUT_H
#define DATASET_HELD_OUT_H

#include "dataset/frame.h"

/* Shapes within this distance of one that is held out count as it: some 1 % in every mean distance and 3 % in the
 * number of atoms. An atom taken from a cluster of 100 stays within, one taken from 30 does not. */
#define HELD_OUT_RADIUS 0.01

enum { HELD_OUT_NUMBERS = 5 };

typedef struct {
    size_t n;
    double (*number)[HELD_OUT_NUMBERS]; /* per shape */
} held_out;

/* The test shapes of deepstruc_split_shapes. A zeroed list holds none. */
deepstruc_status held_out_published(held_out *out, const frame_set *frames, deepstruc_diag *diag);
void held_out_free(held_out *list);

void held_out_describe(const frame *f, const frame_shape *shape, double number[HELD_OUT_NUMBERS]);
/* The distance of two shapes. */
double held_out_distance(const double a[HELD_OUT_NUMBERS], const double b[HELD_OUT_NUMBERS]);
/* Is the shape one of the list, or within HELD_OUT_RADIUS of one? Families do not matter. */
bool held_out_has(const held_out *list, const frame *f, const frame_shape *shape);

#endif
