/* What a structure is made of, for terms that treat its parts differently: a unique axis, shells from outside in, sizes
 * cut from it. */
#ifndef REFINE_ANATOMY_H
#define REFINE_ANATOMY_H

#include <deepstruc/cluster.h>

enum { ANATOMY_INSIDE = 0, ANATOMY_OUTER = 1, ANATOMY_SECOND = 2, ANATOMY_SHELLS = 3 };

typedef struct {
    double centre[3]; /* centroid, in the cluster's units */
    bool has_axis;
    double axis[3];       /* unit vector: of hcp and its stackings the c axis, of decahedra the fivefold one */
    unsigned char *shell; /* n_atoms: ANATOMY_OUTER for the surface, SECOND for what touches it, INSIDE for the rest */
    double *cut;          /* n_atoms: diameter of the sphere whose volume the atoms up to this one's radius fill */
    double diameter;      /* the same of all atoms */
} anatomy;

deepstruc_status anatomy_make(anatomy *out, const deepstruc_cluster *cluster, deepstruc_diag *diag);
void anatomy_clear(anatomy *a);

/* Volume of an atom in nearest-neighbour distances cubed: 1/sqrt(2) in close packings. */
double anatomy_atom_volume(deepstruc_type type);
/* Diameter of the sphere with the volume of n_atoms atoms at this bond length. */
double anatomy_diameter(deepstruc_type type, size_t n_atoms, double bond);

#endif
