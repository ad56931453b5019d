/* Structure files into an open stream, for callers with their own way to disk. */
#ifndef CLUSTER_WRITERS_H
#define CLUSTER_WRITERS_H

#include <stdio.h>

#include <deepstruc/cluster.h>

/* The text of deepstruc_cluster_write_xyz. */
void cluster_print_xyz(const deepstruc_cluster *cluster, const char *comment, FILE *out);

#endif
