/* Close-packed layers: sequences, and whether a cluster's atoms are stacked in one. */
#ifndef CLUSTER_SEQUENCE_H
#define CLUSTER_SEQUENCE_H

#include <deepstruc/cluster.h>

enum { SEQUENCE_MAX_LAYERS = 16, SEQUENCE_TEXT = SEQUENCE_MAX_LAYERS + 1 };

/* The k-th sequence of n layers (3 to SEQUENCE_MAX_LAYERS) up to shifts, rotation and reversal, as letters "ABCAC";
 * false behind the last. There are 2, 3, 6, 10, 20, 36 of 3 to 8 layers. */
bool sequence_spell(int n_layers, int k, char out[SEQUENCE_TEXT]);

/* Whether the atoms lie in as many layers as `letters` says, stacked in that sequence or its reverse, seen along some
 * direction in which every atom belongs to a layer. */
bool sequence_is_of(const deepstruc_cluster *cluster, const char *letters);

/* The share of inner layers that are inverted, as in hcp: 0 for fcc, 1 for hcp. */
double sequence_hexagonality(const char *letters);

#endif
