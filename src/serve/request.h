/* One request on its way from headers to answer, and what answers it. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>

#include <deepstruc/latent.h>

#include "serve/background.h"
#include "serve/folder.h"
#include "serve/form.h"
#include "serve/slow.h"
#include "serve/store.h"
#include "serve/worker.h"

/* What all requests share; read-only while requests are answered. */
typedef struct {
    struct MHD_Daemon *daemon;
    int port;
    folder data;
    store *jobs;
    worker *solver;
    background *background;
    slow *connections;
    const char *model_path;        /* NULL: none */
    deepstruc_latent_model *model; /* NULL: none */
    long threads;
} server;

typedef struct request request;
typedef enum { BODY_NONE, BODY_FORM, BODY_JSON } body_kind;

typedef struct {
    const char *method;  /* "GET", "POST", "DELETE" */
    const char *pattern; /* "/api/jobs/#/files/" then a star: # is a number, a star at the end is any rest */
    body_kind body;
    void (*answer)(request *r); /* calls one of the reply functions, or request_later */
} route;

struct request {
    server *server;
    struct MHD_Connection *connection;
    const route *route;
    long id;    /* for # in the pattern */
    char *rest; /* for the star in the pattern */
    double began;
    size_t body_size;
    struct MHD_PostProcessor *post;
    form form;
    char *json;
    bool broken;    /* the body */
    bool answering; /* the route has been asked */
    bool waiting;   /* for request_later's work */
    struct MHD_Response *response;
    unsigned status;
};

/* ---- answers (reply.c): each request gets one ----------------------------------------------------------------------
 */

void reply_json(request *r, unsigned status, json_t *value); /* takes over `value`; NULL: out of memory */
void reply_error(request *r, unsigned status, const char *format, ...) __attribute__((format(printf, 3, 4)));
void reply_diag(request *r, deepstruc_status status, const deepstruc_diag *diag);
/* Takes over `text`, made by malloc. */
void reply_text(request *r, const char *type, char *text);
/* Bytes that live as long as the program. */
void reply_static(request *r, const char *type, const void *bytes, size_t size, bool gzipped, bool immutable);
/* An open file, which is closed afterwards; `download` (may be NULL) is the name that a browser saves it under. */
void reply_fd(request *r, const char *type, int fd, const char *download);
/* A file; 404 when it is not there. */
void reply_file(request *r, const char *type, const char *path, const char *download);

/* ---- helpers --------------------------------------------------------------------------------------------------------
 */

/* Has `work` answer the request on another thread: for what takes longer than a moment. */
void request_later(request *r, void (*work)(request *r));
/* The value of ?name=; NULL when absent. */
const char *request_query(const request *r, const char *name);
/* A number of the query within bounds, or `otherwise`; false, with the answer given, for anything else. */
bool request_number(request *r, const char *name, double min, double max, double otherwise, double *out);

/* ---- routes ---------------------------------------------------------------------------------------------------------
 */

/* Finds the route, filling r->id and r->rest; NULL, with the answer given, where there is none. */
const route *routes_find(request *r, const char *method, const char *path);

void answer_page(request *r);
void answer_asset(request *r);
void answer_about(request *r);
void answer_inspect(request *r);
void answer_jobs(request *r);
void answer_job(request *r);
void answer_new_jobs(request *r);
void answer_cancel(request *r);
void answer_again(request *r);
void answer_delete(request *r);
void answer_result_file(request *r);
void answer_candidate(request *r);
void answer_archive(request *r);
void answer_map(request *r);
void answer_samples(request *r);

#endif
