/* The stacking-fault study: the structures of the data set "stacking" (dataset/stacking.h), divided. */
#ifndef STUDY_STACKING_H
#define STUDY_STACKING_H

#include "study/protocols.h"

/* Whole sequences are held out, a fifth of them. */
deepstruc_status study_stacking_list(study_list *out, deepstruc_diag *diag);
/* The same structures under a random split, 60/20/20, as in the paper. */
deepstruc_status study_stacking_random_list(study_list *out, deepstruc_diag *diag);

#endif
