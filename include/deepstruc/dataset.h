/* Data sets: which structures a protocol is made of. */
#ifndef DEEPSTRUC_DATASET_H
#define DEEPSTRUC_DATASET_H

#include <deepstruc/cluster.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One structure of a protocol: a shape in an element's size. */
typedef struct {
    deepstruc_recipe recipe;
    size_t n_atoms;
    double bond_length; /* Å: what deepstruc_cluster_build wants */
    char element[4];
    char name[80]; /* of the shape, then the element: "decahedron 5,1,0 Zr"; unique in the protocol */
} deepstruc_structure;

typedef struct {
    size_t n;
    deepstruc_structure *structure;
} deepstruc_structures;

/* "paper": the 197 published shapes in each of the 19 distinct bond lengths of its 28 metals, 3743 in all, shape by
 * shape. Of metals with equal radii the alphabetically first stands for all (docs/decisions). BAD_ARGUMENT for an
 * unknown protocol. */
deepstruc_status deepstruc_structures_of_protocol(deepstruc_structures **out, const char *protocol,
                                                  deepstruc_diag *diag);
void deepstruc_structures_destroy(deepstruc_structures *structures);

#ifdef __cplusplus
}
#endif
#endif
