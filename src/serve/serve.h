/* The web page and its JSON API on this machine's loopback address. A room of the program and not of the library: it
 * builds on the public headers as any other program could. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include <deepstruc/deepstruc.h>

typedef struct {
    long port;         /* 8137; 0: any free one */
    const char *data;  /* the folder of jobs and results; made when absent; "deepstruc-jobs" */
    const char *model; /* file of the generative model, or NULL: none */
    long threads;      /* of each computation; 0: all */
} serve_settings;

serve_settings serve_settings_default(void);
extern const deepstruc_field serve_settings_fields[];

/* Serves http://127.0.0.1:PORT/ until `progress->cancelled` answers true, asked several times a second. `ready` (may be
 * NULL) is called once, with the port, when requests are answered. Jobs and finished results in the folder survive
 * whatever ends the process; a job that was running is then named as interrupted. One server per folder. */
deepstruc_status serve_run(const serve_settings *settings, void (*ready)(void *user, int port),
                           const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
