/* The server put together: folder, jobs, the threads that work, the address that answers. */
#define _GNU_SOURCE
#include "serve/serve.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "serve/fail.h"
#include "serve/http.h"

serve_settings serve_settings_default(void)
{
    return (serve_settings){.port = 8137, .data = "deepstruc-jobs"};
}

#define AT(field) offsetof(serve_settings, field)
const deepstruc_field serve_settings_fields[] = {
    {"port", DEEPSTRUC_FIELD_LONG, AT(port), 0, 65535, false, "N", "port on 127.0.0.1; 0: any that is free"},
    {"data", DEEPSTRUC_FIELD_TEXT, AT(data), 0, 0, false, "DIR", "folder of jobs and results, made when absent"},
    {"model", DEEPSTRUC_FIELD_TEXT, AT(model), 0, 0, true, "MODEL", "name or file of the generative model (default)"},
    {0}};
#undef AT

static deepstruc_status start(server *s, const serve_settings *settings, deepstruc_diag *diag)
{
    char path[FOLDER_PATH];
    s->model_path = settings->model;
    s->threads = settings->threads;
    deepstruc_status status = folder_open(&s->data, settings->data, diag);
    if (status == DEEPSTRUC_OK) {
        folder_jobs_file(&s->data, path);
        status = store_open(&s->jobs, path, diag);
    }
    if (status == DEEPSTRUC_OK)
        folder_clean(&s->data, s->jobs);
    if (status == DEEPSTRUC_OK && settings->model)
        status = deepstruc_latent_open(&s->model, settings->model, diag);
    if (status == DEEPSTRUC_OK)
        status = background_start(&s->background, diag);
    if (status == DEEPSTRUC_OK)
        status = worker_start(&s->solver, s->jobs, &s->data, s->model_path, s->threads, diag);
    if (status == DEEPSTRUC_OK)
        status = slow_create(&s->connections, diag);
    if (status == DEEPSTRUC_OK)
        status = http_start(s, (int)settings->port, diag);
    return status;
}

/* What waits in the background is answered before the connections are closed. */
static void stop(server *s)
{
    http_quiesce(s);
    background_stop(s->background);
    http_stop(s);
    slow_destroy(s->connections);
    worker_stop(s->solver);
    store_close(s->jobs);
    deepstruc_latent_close(s->model);
}

deepstruc_status serve_run(const serve_settings *settings, void (*ready)(void *user, int port),
                           const deepstruc_progress *progress, deepstruc_diag *diag)
{
    static const struct timespec pause = {0, 100 * 1000 * 1000};
    deepstruc_status status = deepstruc_fields_check(serve_settings_fields, settings, diag);
    server *s = status == DEEPSTRUC_OK ? calloc(1, sizeof *s) : NULL;
    if (!s)
        return status == DEEPSTRUC_OK ? serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory") : status;
    status = start(s, settings, diag);
    if (status == DEEPSTRUC_OK) {
        if (ready)
            ready(progress ? progress->user : NULL, s->port);
        while (!(progress && progress->cancelled && progress->cancelled(progress->user))) {
            nanosleep(&pause, NULL);
            slow_sweep(s->connections);
        }
    }
    stop(s);
    free(s);
    return status;
}
