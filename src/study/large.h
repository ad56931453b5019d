/* The structures of the protocol "large". */
#ifndef STUDY_LARGE_H
#define STUDY_LARGE_H

#include "study/protocols.h"

/* Clusters of the seven published types with 5 to 1000 atoms, up to LARGE_PER_TYPE of each, evenly over the logarithm
 * of the size; what is known are the published structures. */
enum { LARGE_PER_TYPE = 24 };
deepstruc_status study_large_list(study_list *out, deepstruc_diag *diag);

#endif
