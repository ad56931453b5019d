/* Carving: which sites of a parent make a cluster. A scheme is up to three families of faces about the cluster's middle
 * (or one round surface); a family gives each site a value, the distance at which its nearest face would just touch the
 * site; limits on the values leave a cluster. docs/theory-cluster.md lists the families. */
#ifndef CLUSTER_CARVE_H
#define CLUSTER_CARVE_H

#include <deepstruc/cluster.h>

#include "cluster/parents.h"

enum { MAX_FAMILIES = 3 };
#define NO_LIMIT 1000.0 /* what a family that takes nothing away has for a limit */

typedef enum {
    FACES_100, /* cubic */
    FACES_110,
    FACES_111,
    FACES_TETRA, /* every other {111} face */
    FACES_OTHER_TETRA,
    FACES_BASAL,    /* hexagonal: {0001} */
    FACES_PRISM,    /* {10-10} */
    FACES_PRISM_2,  /* {11-20} */
    FACES_PYRAMID,  /* {10-11} */
    FACES_TRIANGLE, /* every other {10-10} */
    FACES_SIDE,     /* decahedron: {100} */
    FACES_CAP,      /* {111} */
    FACES_NOTCH,    /* depth along the twin planes */
    FACES_SHELL,    /* icosahedron: its 20 faces */
    FACES_CORNER,   /* planes across its 12 corners */
    FACES_EDGE,     /* planes across its 30 edges */
    ROUND,          /* sphere */
    ROUND_100,      /* spheroid, `stretch` times as long along an axis of a cubic parent */
    ROUND_111,
    ROUND_AXIS,  /* along z */
    ROUND_LAYER, /* cylinder around z */
    N_FAMILIES
} family;

typedef enum {
    SCHEME_CUBIC,
    SCHEME_TETRAHEDRAL,
    SCHEME_HEXAGONAL,
    SCHEME_HEXAGONAL_2,
    SCHEME_HEXAGON,
    SCHEME_TRIANGLE,
    SCHEME_DISC,
    SCHEME_INO,
    SCHEME_MARKS,
    SCHEME_ICOSAHEDRAL,
    SCHEME_SPHERE,
    SCHEME_SPHEROID_100,
    SCHEME_SPHEROID_111,
    SCHEME_SPHEROID,
    SCHEME_CUT_SPHERE,
    SCHEME_CUT_SPHERE_111,
    SCHEME_CUT_SPHERE_BASAL,
    N_SCHEMES
} scheme_id;

typedef struct {
    const char *label; /* in names */
    int n_families;
    family families[MAX_FAMILIES];
} scheme;

extern const scheme schemes[N_SCHEMES];

/* The value of a family at x, relative to the cluster's middle. */
double family_value(family f, const double x[3], double stretch);

/* What a carved recipe's parameters say. */
typedef struct {
    parent from;
    double lift; /* of PARENT_TWIN: the middle of each half above (below) the twin plane */
    scheme_id by;
    double stretch, limit[MAX_FAMILIES], reach; /* every site is within `reach` of the centre */
} carving;

deepstruc_recipe carving_recipe(const carving *c, deepstruc_type type);
/* False when the parameters are none of a carving; `c` then holds rubbish. Its sequence points into the recipe. */
bool carving_read(carving *c, const deepstruc_recipe *recipe);
/* Where family values are taken for the site at x: x itself, or its image in the upper half of a twin, in cubic axes.
 */
void carving_frame(const carving *c, const double x[3], double out[3]);

/* The atoms of a carved recipe, in order, for free(); false when out of memory. The recipe must be one that can be
 * read. */
bool carve(const deepstruc_recipe *recipe, double **xyz, size_t *n_atoms);
/* "Marks decahedron off centre", "sphere"; and the canonical name. */
void carving_shape(const deepstruc_recipe *recipe, char *out, size_t size);
void carving_name(const deepstruc_recipe *recipe, char *out, size_t size);

#endif
