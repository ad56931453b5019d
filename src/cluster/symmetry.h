/* Symmetry operations as CIF writes them: "x+1/2, -y, z" (International Tables for Crystallography G, 4.1). */
#ifndef CLUSTER_SYMMETRY_H
#define CLUSTER_SYMMETRY_H

#include <stdbool.h>
#include <stddef.h>

enum { SYMMETRY_MAX = 192 }; /* operations of F m -3 m, the most that a space group has in its conventional cell */

typedef struct {
    double turn[3][3], shift[3]; /* fractions of the cell: new = turn old + shift */
} symmetry_operation;

/* False when the text is no operation. */
bool symmetry_parse(const char *text, symmetry_operation *out);

/* The distinct images of `place` within one cell, fractions in [0, 1): images nearer than `same` Å to each other, over
 * the cell's borders too, are one atom on a special position. `m` has the cell's vectors in its rows. At most
 * n_operations go into `out`; the number of them is returned. */
size_t symmetry_orbit(const symmetry_operation *operation, size_t n_operations, const double place[3], double m[3][3],
                      double same, double (*out)[3]);

/* Shifts whole cells so that a particle that straddles the cell's border is in one piece: every fraction comes to
 * within half a cell of the atoms' mean on the circle, where there is one. */
void symmetry_gather(double *place, size_t n);

#endif
