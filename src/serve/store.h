/* The jobs: one SQLite file that survives whatever ends the process. Any thread may call; calls wait for each other. */
#ifndef SERVE_STORE_H
#define SERVE_STORE_H

#include <jansson.h>

#include <deepstruc/deepstruc.h>

#define STORE_STATE_LIST(X)                                                                                            \
    X(QUEUED, "queued")                                                                                                \
    X(RUNNING, "running")                                                                                              \
    X(DONE, "done")                                                                                                    \
    X(FAILED, "failed")                                                                                                \
    X(CANCELLED, "cancelled")                                                                                          \
    X(INTERRUPTED, "interrupted")

typedef enum {
#define X(name, text) STORE_##name,
    STORE_STATE_LIST(X)
#undef X
} store_state;

typedef struct store store;

/* Opens or makes the file. Jobs that it says are running cannot be: they become INTERRUPTED. UNAVAILABLE when another
 * server has the file. */
deepstruc_status store_open(store **out, const char *path, deepstruc_diag *diag);
void store_close(store *jobs);

/* What a job is made of. */
typedef struct {
    char *name, *text, *settings; /* of the file; its content; JSON object of the given settings */
    size_t size;                  /* of text */
} store_input;
void store_input_clear(store_input *input);

/* A new job in the queue. TOO_LARGE when queue or history are full. */
deepstruc_status store_add(store *jobs, const store_input *input, long *id, deepstruc_diag *diag);
/* The input of a job; BAD_ARGUMENT when there is no such job. */
deepstruc_status store_read_input(store *jobs, long id, store_input *out, deepstruc_diag *diag);

/* The oldest job of the queue, which is then RUNNING; 0: none waits. */
long store_next(store *jobs);
/* What came of a running job. `verdict` is a JSON object or NULL. */
deepstruc_status store_finish(store *jobs, long id, store_state state, const char *error, const json_t *verdict,
                              deepstruc_diag *diag);
/* Takes a waiting job out of the queue; false when it does not wait. */
bool store_cancel(store *jobs, long id);
/* Forgets a job that neither waits nor runs; false when it does, or is not there. */
bool store_delete(store *jobs, long id);
/* False when there is no such job. */
bool store_state_of(store *jobs, long id, store_state *state);

/* One job, or NULL. The list: the newest first, those with numbers below `before` (0: all), at most `limit`. */
json_t *store_job(store *jobs, long id);
json_t *store_list(store *jobs, long before, long limit);

#endif
