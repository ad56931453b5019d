/* The structures of the stacking-fault study: close-packed clusters of every sequence of 3 to 8 layers. */
#ifndef STUDY_STACKING_H
#define STUDY_STACKING_H

#include "study/protocols.h"

/* Up to STACKING_SHAPES layer shapes of each sequence with 20 to 200 atoms: parallelograms, and hexagons, discs,
 * triangles and spheres of the rich catalogue. Whole sequences are held out, a fifth of them. */
enum { STACKING_SHAPES = 8 };
deepstruc_status study_stacking_list(study_list *out, deepstruc_diag *diag);
/* The same structures under a random split, 60/20/20, as in the paper. */
deepstruc_status study_stacking_random_list(study_list *out, deepstruc_diag *diag);

#endif
