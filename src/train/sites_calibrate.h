/* What a trained model's word about the number of atoms is worth. */
#ifndef TRAIN_SITES_CALIBRATE_H
#define TRAIN_SITES_CALIBRATE_H

#include "dataset/stream.h"
#include "model/sites.h"

/* Fills the model's calibration from fresh samples of the stream, seen at nearly the right bond length as after
 * `solve`'s corrections. Batches are those of a seed that no training draws. Weights are those in the arena. */
deepstruc_status sites_calibrate(sites_model *model, sites_buffers *buffers, stream *samples, deepstruc_diag *diag);

#endif
