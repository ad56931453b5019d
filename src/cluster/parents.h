/* Parents: endless arrangements of sites that clusters are carved from, with bonds of length 1 (bcc: a cell of edge 1).
 * Cubic ones stand on their cell's edges; layered ones have their layers along z and a close-packed row along x; the
 * decahedral one its axis along z. */
#ifndef CLUSTER_PARENTS_H
#define CLUSTER_PARENTS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    PARENT_SC,
    PARENT_BCC,
    PARENT_FCC,
    PARENT_HCP,        /* ideal: layers sqrt(2/3) apart; layer 0 is an A */
    PARENT_STACK,      /* the layers of a sequence, the first at z = 0 */
    PARENT_TWIN,       /* ...CBABC...: fcc above z = 0 and its mirror image below */
    PARENT_DECAHEDRON, /* five wedges of fcc around the axis; a site at the origin */
    PARENT_ICOSAHEDRON,
    N_PARENTS
} parent_kind;

typedef struct {
    parent_kind kind;
    double centre[3];     /* where the cluster's middle lies */
    const char *sequence; /* of PARENT_STACK */
} parent;

/* Positions that grow. */
typedef struct {
    double *xyz;
    size_t n, capacity; /* sites; numbers that xyz has room for */
} site_list;

/* Appends the sites within `reach` of the centre, relative to it, in a fixed order. False: out of memory. */
bool parent_sites(const parent *from, double reach, site_list *out);

/* Unit vector in the decahedron's plane towards column m of the first ring, on a twin plane; m from 0. The face
 * opposite looks the other way. */
void decahedron_column(int m, double out[2]);
/* Unit vector to corner k of the icosahedron, k from 0 to 11; and the sites of one shell, bonds along the radius of
 * length 1, with the corner each is (-1: none). */
void icosahedron_corner(int k, double out[3]);
typedef void (*icosahedron_visitor)(void *user, const double x[3], int corner);
void icosahedron_shell(int shell, icosahedron_visitor visit, void *user);

/* Added to every limit on a length before comparing: far above rounding, far below what tells sites apart. */
#define SITE_TOLERANCE 5e-6

#endif
