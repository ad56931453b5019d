/* One thread for what takes longer than a moment, so that the threads that answer stay free. */
#ifndef SERVE_BACKGROUND_H
#define SERVE_BACKGROUND_H

#include <deepstruc/deepstruc.h>

typedef struct background background;

deepstruc_status background_start(background **out, deepstruc_diag *diag);
/* False when too much waits already, or the thread is ending. */
bool background_add(background *b, void (*work)(void *subject), void *subject);
/* Refuses more, does what waits, ends the thread. */
void background_stop(background *b);

#endif
