/* Where samples are led: no type is starved, and a focus is reached. */
#ifndef PROPOSE_GENERATE_STEER_H
#define PROPOSE_GENERATE_STEER_H

#include "model/sites.h"
#include "propose/generate.h"

/* The family whose frames sample i may take, FRAME_N_FAMILIES for any: with a focus that type's; else each family in
 * turn for every fourth sample, so that a type that the model finds unlikely is tried, too. */
int steer_family(const generate_settings *settings, size_t i);

/* The place on the map that holds a known shape of the focused type (or else of its family) nearest to a PDF's place,
 * in units of its spread. False when there is none or nothing is focused on. */
bool steer_target(const sites_model *model, const generate_settings *settings, const generate_view *view,
                  double target[2]);

#endif
