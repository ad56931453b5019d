/* The type of a structure, read off its atoms. */
#ifndef CLUSTER_CLASSIFY_H
#define CLUSTER_CLASSIFY_H

#include <deepstruc/cluster.h>

/* deepstruc_cluster_classify, where memory that runs out is told. */
deepstruc_status classify_cluster(deepstruc_type *out, const deepstruc_cluster *cluster, deepstruc_diag *diag);

#endif
