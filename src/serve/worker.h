/* The one thread that solves the jobs of the queue, one after the other: each solve uses all cores by itself. */
#ifndef SERVE_WORKER_H
#define SERVE_WORKER_H

#include <jansson.h>

#include "serve/folder.h"
#include "serve/store.h"

typedef struct worker worker;

/* `model` may be NULL; it, `data` and `jobs` must outlive the worker. */
deepstruc_status worker_start(worker **out, store *jobs, const folder *data, const char *model, long threads,
                              deepstruc_diag *diag);
/* Ends the thread; a job that runs is given up and named as interrupted. */
void worker_stop(worker *w);

/* Says that a job has come into the queue. */
void worker_wake(worker *w);
/* Stops job `id` if it is the one that runs. */
bool worker_cancel(worker *w, long id);
/* {"stage", "fraction", "seconds"} of job `id` if it is the one that runs, else NULL. */
json_t *worker_progress(worker *w, long id);

#endif
