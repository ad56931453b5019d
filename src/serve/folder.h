/* The data folder: jobs.sqlite and results/ID/ for every job that is done. */
#ifndef SERVE_FOLDER_H
#define SERVE_FOLDER_H

#include <deepstruc/deepstruc.h>

#include "serve/store.h"

enum { FOLDER_PATH = 4096 };

typedef struct {
    char path[FOLDER_PATH / 2];
} folder;

/* Makes what is absent. */
deepstruc_status folder_open(folder *out, const char *path, deepstruc_diag *diag);
void folder_jobs_file(const folder *data, char out[FOLDER_PATH]);
/* results/ID, or results/ID/NAME. `name` is never a request's text: it is one of the names this server gives. */
void folder_result(const folder *data, long id, const char *name, char out[FOLDER_PATH]);
/* Removes the result of a job, and what an interrupted one left. */
void folder_drop_result(const folder *data, long id);
/* Removes every result whose job is not done. */
void folder_clean(const folder *data, store *jobs);

#endif
