/* Every bound on what a request may ask of the server. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

enum {
    LIMIT_CONNECTIONS = 256,
    LIMIT_THREADS = 4,              /* that answer requests; work on structures has its own */
    LIMIT_IDLE_SECONDS = 10,        /* a connection that says nothing for so long is closed */
    LIMIT_HEADER_SECONDS = 20,      /* from connecting, or from the last answer, to the end of the headers */
    LIMIT_REQUEST_SECONDS = 60,     /* from headers to the end of the body */
    LIMIT_CONNECTION_BYTES = 32768, /* request line and headers */
    LIMIT_FORM_BYTES = 64 << 20,    /* body of a form with files */
    LIMIT_FILE_BYTES = 16 << 20,    /* one .gr file */
    LIMIT_FILES = 100,              /* in one form */
    LIMIT_FIELD_BYTES = 4096,       /* one other field of a form */
    LIMIT_FIELDS = 40,
    LIMIT_JSON_BYTES = 1 << 16,
    LIMIT_QUEUE = 100,        /* jobs that wait */
    LIMIT_JOBS = 5000,        /* kept in the history */
    LIMIT_LIST = 200,         /* jobs in one answer */
    LIMIT_JOB_SECONDS = 1800, /* a job that runs longer is stopped */
    LIMIT_TASKS = 16,         /* samples and archives that wait */
    LIMIT_CLOUD = 8000,       /* points of one map */
    LIMIT_SAMPLES = 64,       /* structures sampled and fitted in one request */
    LIMIT_NAME = 200,         /* bytes of a file's name */
};

#endif
