/* From the best structures of a pool to better ones: atoms are added to sites of the parent frame and taken off, until
 * the fit improves no more. It finds shapes that no catalogue lists and no model has seen, where the data are good
 * enough to tell single atoms. */
#ifndef PROPOSE_CLIMB_H
#define PROPOSE_CLIMB_H

#include "dataset/frame.h"
#include "propose/pool.h"

typedef struct {
    const frame_set *frames;
    const deepstruc_target *target; /* what the pool was fitted to */
    size_t max_atoms;
    int threads; /* 0: all; the same bytes for any number */
} climb_settings;

/* `pool` is ranked. Adds, not fitted yet and as method "climb", what is told apart from its start by more than the
 * choice among so many changes explains (docs/theory-solve.md, "Climbing"). Structures that no frame holds are no
 * starts. */
deepstruc_status propose_climb(candidate_pool *pool, const climb_settings *settings, const deepstruc_progress *progress,
                               deepstruc_diag *diag);

#endif
