/* HTTP on the loopback address: who may ask, how much, how slowly. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "serve/request.h"

/* Starts to answer on 127.0.0.1:port; s->daemon and s->port are set. */
deepstruc_status http_start(server *s, int port, deepstruc_diag *diag);
/* Takes no new connections from here on; call before what answers in the background ends. */
void http_quiesce(server *s);
void http_stop(server *s);

#endif
