/* One step of a climb: the best change of the occupied sites, or the best two at once. */
#ifndef PROPOSE_CLIMB_STEP_H
#define PROPOSE_CLIMB_STEP_H

#include "propose/climb_changes.h"
#include "refine/refiner.h"

typedef struct climb_scratch climb_scratch;

/* A structure on its frame, and its fit. The caller fills shape, bond and biso. */
typedef struct {
    const frame_set *frames;
    frame_shape shape;
    double bond, biso; /* Å, Å² */
    double chi;        /* Rw², weighted where dG is real */
    size_t max_atoms;
    climb_scratch *scratch;
} climb_place;

/* n_points: of the target. */
deepstruc_status climb_place_create(climb_place **out, const frame_set *frames, size_t n_points, size_t max_atoms);
void climb_place_destroy(climb_place *at);

/* Fits bond length, Biso and scale, from what they are. */
deepstruc_status climb_settle(climb_place *at, deepstruc_refiner *refiner);

typedef struct {
    size_t n_changes; /* 0: none improves the misfit, 1 or 2 */
    size_t n_choices; /* changes there were to choose from */
} climb_taken;

/* Of a settled place: makes the change, or the two, after which the misfit is least at the same bond length and Biso.
 */
deepstruc_status climb_step(climb_place *at, deepstruc_refiner *refiner, climb_taken *taken);

#endif
