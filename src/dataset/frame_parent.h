/* The parents themselves: where the sites of each frame are, and the point groups. */
#ifndef DATASET_FRAME_PARENT_H
#define DATASET_FRAME_PARENT_H

#include "dataset/frame.h"

typedef struct {
    size_t n;
    double matrix[120][9]; /* row-major rotations and mirrors */
} frame_operations;

/* Beyond the tables: as far as the bodies of stream_large.h reach. */
#define FRAME_FAR_REACH 8.2

/* Name, family, reach, sites (ordered), layers, letters and centres of frame k; false when out of memory. `far`: out to
 * FRAME_FAR_REACH, more sites than a table holds. */
bool frame_parent_sites(frame *f, int k, bool far);
/* The point group of a family's parent about its most symmetric centre. */
void frame_parent_operations(frame_family family, frame_operations *ops);
/* Direction i (0..11) of an icosahedron's vertices, length 1; and whether two of them are neighbours. */
void frame_vertex(int i, double v[3]);
bool frame_vertices_touch(const double a[3], const double b[3]);
void frame_turn(const double matrix[9], const double in[3], double out[3]);

#endif
