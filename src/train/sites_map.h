/* The points of a model's latent map. */
#ifndef TRAIN_SITES_MAP_H
#define TRAIN_SITES_MAP_H

#include "dataset/stream.h"
#include "model/sites.h"

/* The means on the first two latent axes of the clean PDFs of the known shapes, of as many random cuts as make
 * SITES_MAP_POINTS, and of 200 bodies beyond the tables, into model->map (owned by the model). Weights are those in the
 * arena. */
deepstruc_status sites_map_fill(sites_model *model, const frame_shape *known, size_t n_known, deepstruc_diag *diag);

#endif
