/* How well a network that is being trained reads the published shapes. */
#ifndef TRAIN_SITES_SCORE_H
#define TRAIN_SITES_SCORE_H

#include "dataset/stream.h"
#include "model/sites.h"

/* Numbers of shapes: all, those whose clean PDF at one bond length gives exactly their sites, and exactly their count.
 */
typedef struct {
    double n, sites, counts;
} published_score;

/* Adds the known shapes of the stream, no more than the buffers hold: score[0] of those that are trained on, score[1]
 * of those that `never` has. */
deepstruc_status sites_score(const sites_model *model, sites_buffers *buffers, stream *known, const held_out *never,
                             published_score score[2], deepstruc_diag *diag);

#endif
