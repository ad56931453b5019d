/* The structures of the protocol "stacking". */
#ifndef DATASET_STACKING_H
#define DATASET_STACKING_H

#include <deepstruc/dataset.h>

/* Close-packed clusters of every sequence of 3 to 8 layers (77 of them), sequence by sequence, each in up to
 * STACKING_SHAPES layer shapes with 20 to 200 atoms: parallelograms, and hexagons, discs, triangles and spheres of the
 * rich catalogue, in five metals in turn. recipe.sequence holds the letters. */
enum { STACKING_SHAPES = 8, STACKING_FEWEST = 20, STACKING_MOST = 200, STACKING_SEQUENCES = 77 };
deepstruc_status stacking_structures(deepstruc_structures *list, deepstruc_diag *diag);

/* A fifth of the sequences, drawn once and for all, that no method of the protocol may know: held[k] of the k-th in the
 * order of the structures. */
void stacking_held_out(bool held[STACKING_SEQUENCES]);

/* A fifth of the others, to choose settings by: left out of a training as the held-out ones are, so that these need not
 * be looked at. */
void stacking_spared(bool spared[STACKING_SEQUENCES]);

#endif
