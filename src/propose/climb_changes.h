/* What may change in one step of a climb: sites at the surface, singly, with their equivalents, and by planes. */
#ifndef PROPOSE_CLIMB_CHANGES_H
#define PROPOSE_CLIMB_CHANGES_H

#include "dataset/frame.h"

enum {
    CLIMB_CHANGES = 640, /* most that are considered */
    CLIMB_CHANGE_SITES = 24 * CLIMB_CHANGES,
    CLIMB_DIRECTIONS = 64
};

/* Directions of a frame that planes of atoms may be normal to. */
typedef struct {
    size_t n;
    double direction[CLIMB_DIRECTIONS][3];
} climb_directions;

/* Change i turns sites[first[i]] to before sites[first[i + 1]] over: occupied ones become empty and the other way
 * round. */
typedef struct {
    size_t n, first[CLIMB_CHANGES + 1];
    uint16_t site[CLIMB_CHANGE_SITES];
} climb_changes;

/* The bonds, the normals of planes that two of them span, and sums of two bonds, as long as there is room. */
void climb_find_directions(climb_directions *out, const frame *f);

/* occupied[f->n_sites]. Planes first, then orbits under the symmetries that the shape itself has, then single sites, as
 * long as there is room. */
void climb_list_changes(climb_changes *out, const frame *f, const bool *occupied, const climb_directions *directions);

/* Turns the sites of change i over. */
void climb_apply(const climb_changes *changes, size_t i, bool *occupied);

#endif
