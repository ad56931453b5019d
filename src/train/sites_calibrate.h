/* What a trained model's word about the number of atoms is worth. */
#ifndef TRAIN_SITES_CALIBRATE_H
#define TRAIN_SITES_CALIBRATE_H

#include "dataset/stream.h"
#include "model/sites.h"

/* Fills the model's calibrations from fresh samples of the stream, seen at nearly the right bond length as after
 * `solve`'s corrections. Batches are those of a seed that no training draws. Weights are those in the arena. A model
 * that has calibration.atoms keeps it, for its decoded answers depend on that; calibration.doubt is fitted anew. */
deepstruc_status sites_calibrate(sites_model *model, sites_buffers *buffers, stream *samples, deepstruc_diag *diag);

#endif
