/* What the pairs of close-packed clusters say about layers and outer shape. */
#ifndef CLUSTER_CLASSIFY_LAYERS_H
#define CLUSTER_CLASSIFY_LAYERS_H

#include "cluster/near_pairs.h"

/* fcc, hcp, twin or stacking by the sequence of close-packed layers; UNKNOWN when they lie along several directions. */
deepstruc_type layered_type(pair_list *list, const deepstruc_cluster *cluster);
/* Whether an fcc cluster is all the sites between {111} and {100} planes at one distance each: an octahedron, truncated
 * or not. */
bool is_octahedral(const pair_list *list, const deepstruc_cluster *cluster);

#endif
