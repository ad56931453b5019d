/* Connections that never finish asking: a byte now and then keeps one from being idle, so its headers have a time, too.
 */
#ifndef SERVE_SLOW_H
#define SERVE_SLOW_H

#include <deepstruc/deepstruc.h>

typedef struct slow slow;

deepstruc_status slow_create(slow **out, deepstruc_diag *diag);
void slow_destroy(slow *connections);

/* A connection has come, or has been answered: from now on it has LIMIT_HEADER_SECONDS to ask. */
void slow_begin(slow *connections, int fd);
/* It has asked, or is gone. */
void slow_end(slow *connections, int fd);
/* Shuts those down whose time is over; to be called now and then. */
void slow_sweep(slow *connections);

#endif
