/* What the readers of structure files share (xyz_reader.c has the code). */
#ifndef CLUSTER_READERS_H
#define CLUSTER_READERS_H

#include <deepstruc/cluster.h>

enum { READERS_MAX_FILE = 128 << 20 };

/* Atomic number from a species field: "Au", "AU", "au", "Au1", "Au3+", "79"; 0 for "X" (not known), -1 when it is none
 * of these. */
int reader_species(const char *field);

/* Sets the mean bond length and refuses atoms that lie on each other; the atoms are on consecutive lines from
 * first_line on (0: the lines are not known). */
deepstruc_status reader_measure_bonds(deepstruc_cluster *cluster, const char *name, long first_line,
                                      deepstruc_diag *diag);

deepstruc_status reader_several_elements(const char *name, long line, int one, int other, deepstruc_diag *diag);

#endif
