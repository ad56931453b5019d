/* Bodies larger than any that a network was trained on: it reads no more atoms in them than it has ever seen. Their
 * envelope tells the size at any size, so such a body is shown as its core of a size that the network knows, and the
 * envelope says how many times more atoms the whole has. */
#ifndef MODEL_SITES_BEYOND_H
#define MODEL_SITES_BEYOND_H

#include "model/sites_decode.h"

typedef struct {
    sites_read read; /* of what the network was shown: the body, or its core */
    double log_whole,
        whole_sd; /* log(atoms of the whole / of what was shown) with its standard deviation; 0 of a body */
} sites_sight;

#ifndef NN_DOUBLE
/* From b->x: conditions all n rows and reads them. Rows of bodies beyond the model's largest become those of their
 * cores. */
void sites_look(const sites_model *model, sites_buffers *b, size_t n, sites_sight *sight);
#endif

#endif
