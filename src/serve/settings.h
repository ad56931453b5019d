/* The settings that a request may give, by the names of the command line's options. */
#ifndef SERVE_SETTINGS_H
#define SERVE_SETTINGS_H

#include <jansson.h>

#include <deepstruc/solve.h>

/* Whether a request may set this. */
bool settings_known(const char *name);

/* Sets what the JSON object `given` holds, as text or numbers, over the defaults. Texts stay `given`'s. BAD_ARGUMENT
 * with name and range. */
deepstruc_status settings_apply(deepstruc_solve_settings *out, const json_t *given, deepstruc_diag *diag);

#endif
