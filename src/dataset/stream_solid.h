/* Random bodies that cut clusters out of a parent: facetted ones, boxes, spheres and ellipsoids. */
#ifndef DATASET_STREAM_SOLID_H
#define DATASET_STREAM_SOLID_H

#include "base/random.h"
#include "dataset/frame.h"

enum { SOLID_MAX_PLANES = 64 };

/* A body around `middle`: the largest n.r / d over its planes, or the norm of an ellipsoid; sites below a level are in.
 */
typedef struct {
    double middle[3];
    size_t n_planes;
    double plane[SOLID_MAX_PLANES][3]; /* n / d */
    double axis[3][3];                 /* rows e / a of an ellipsoid; used when n_planes is 0 */
} solid;

/* A body such as the family of `f` grows, about a centre of symmetry or off it. */
void solid_draw(solid *b, const frame *f, random_stream *random);
double solid_value(const solid *b, const double site[3]);
void random_direction(random_stream *random, double v[3]); /* a unit vector */

#endif
