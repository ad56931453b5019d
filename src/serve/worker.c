#define _GNU_SOURCE
#include "serve/worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <deepstruc/report.h>

#include "serve/fail.h"
#include "serve/limits.h"
#include "serve/settings.h"
#include "serve/write.h"

struct worker {
    store *jobs;
    const folder *data;
    const char *model;
    long threads;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t woken;
    bool stopping, cancelled;
    long running; /* 0: none */
    char stage[64];
    double fraction, began;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- progress -----------------------------------------------------------------------------------------------------
 */

static void set_stage(worker *w, const char *stage, double fraction)
{
    pthread_mutex_lock(&w->mutex);
    snprintf(w->stage, sizeof w->stage, "%s", stage);
    w->fraction = fraction;
    pthread_mutex_unlock(&w->mutex);
}

static void on_report(void *user, const char *stage, double fraction)
{
    set_stage(user, stage, fraction);
}

static bool took_too_long(const worker *w)
{
    return now() - w->began > LIMIT_JOB_SECONDS;
}

static bool on_cancelled(void *user)
{
    worker *w = user;
    pthread_mutex_lock(&w->mutex);
    bool stop = w->stopping || w->cancelled || took_too_long(w);
    pthread_mutex_unlock(&w->mutex);
    return stop;
}

bool worker_cancel(worker *w, long id)
{
    pthread_mutex_lock(&w->mutex);
    bool runs = w->running == id;
    w->cancelled = w->cancelled || runs;
    pthread_mutex_unlock(&w->mutex);
    return runs;
}

json_t *worker_progress(worker *w, long id)
{
    json_t *progress = NULL;
    pthread_mutex_lock(&w->mutex);
    if (w->running == id)
        progress =
            json_pack("{s:s, s:f, s:f}", "stage", w->stage, "fraction", w->fraction, "seconds", now() - w->began);
    pthread_mutex_unlock(&w->mutex);
    return progress;
}

/* ---- one job ------------------------------------------------------------------------------------------------------
 */

static json_t *verdict_json(const deepstruc_solution *solution)
{
    const deepstruc_verdict *verdict = &solution->verdict;
    const deepstruc_candidate *best = &solution->candidate[verdict->i_best];
    return json_pack("{s:s, s:s, s:s, s:I, s:f, s:f, s:s, s:s}", "kind", deepstruc_verdict_name(verdict->kind), "why",
                     verdict->why, "type", deepstruc_type_name(best->cluster->type), "n_atoms",
                     (json_int_t)best->cluster->n_atoms, "rw", best->fit.rw, "bond_length", best->fit.bond_length,
                     "element", solution->element, "flags", verdict->flags);
}

/* The result's folder as solve writes it, and what the page draws from beside it. */
static deepstruc_status write_result(const worker *w, long id, const deepstruc_solution *solution,
                                     const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    char path[FOLDER_PATH], *data = NULL;
    folder_drop_result(w->data, id);
    folder_result(w->data, id, NULL, path);
    deepstruc_status status = deepstruc_report_write(solution, pdf, path, false, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_report_data(&data, solution, pdf, diag);
    folder_result(w->data, id, "data.json", path);
    if (status == DEEPSTRUC_OK)
        status = write_file(path, data, strlen(data), diag);
    free(data);
    return status;
}

static deepstruc_status solve(worker *w, long id, json_t **verdict, deepstruc_diag *diag)
{
    store_input input = {0};
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    deepstruc_solve_settings settings;
    const deepstruc_progress progress = {.report = on_report, .cancelled = on_cancelled, .user = w};
    json_t *given = NULL;
    deepstruc_status status = store_read_input(w->jobs, id, &input, diag);
    if (status == DEEPSTRUC_OK) {
        given = json_loads(input.settings, 0, NULL);
        status = settings_apply(&settings, given, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_parse(&pdf, input.text, input.size, input.name, diag);
    if (status == DEEPSTRUC_OK) {
        settings.model = w->model;
        settings.threads = w->threads;
        status = deepstruc_solve(&solution, pdf, &settings, &progress, diag);
    }
    if (status == DEEPSTRUC_OK) {
        set_stage(w, "report", 0);
        status = write_result(w, id, solution, pdf, diag);
    }
    if (status == DEEPSTRUC_OK)
        *verdict = verdict_json(solution);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    json_decref(given);
    store_input_clear(&input);
    return status;
}

static void run_job(worker *w, long id)
{
    deepstruc_diag diag = {0};
    json_t *verdict = NULL;
    char text[1024] = "";
    deepstruc_status status = solve(w, id, &verdict, &diag);
    store_state state = status == DEEPSTRUC_OK ? STORE_DONE : STORE_FAILED;
    if (status != DEEPSTRUC_OK)
        deepstruc_diag_text(&diag, text, sizeof text);
    pthread_mutex_lock(&w->mutex);
    if (status == DEEPSTRUC_CANCELLED && w->cancelled) {
        state = STORE_CANCELLED;
        text[0] = '\0';
    } else if (status == DEEPSTRUC_CANCELLED && w->stopping) {
        state = STORE_INTERRUPTED;
        snprintf(text, sizeof text, "the server was stopped while this job ran");
    } else if (status == DEEPSTRUC_CANCELLED) {
        snprintf(text, sizeof text, "stopped after %d s; try fewer atoms or catalogue=paper", LIMIT_JOB_SECONDS);
    }
    pthread_mutex_unlock(&w->mutex);
    if (state != STORE_DONE)
        folder_drop_result(w->data, id);
    store_finish(w->jobs, id, state, text[0] ? text : NULL, verdict, NULL);
    json_decref(verdict);
}

/* ---- the thread ---------------------------------------------------------------------------------------------------
 */

/* Waits for a job and takes it; 0 when the worker is to end. */
static long take_job(worker *w)
{
    long id = 0;
    pthread_mutex_lock(&w->mutex);
    w->running = 0;
    while (!w->stopping && (id = store_next(w->jobs)) == 0)
        pthread_cond_wait(&w->woken, &w->mutex);
    w->running = id;
    w->cancelled = false;
    w->fraction = 0;
    w->began = now();
    snprintf(w->stage, sizeof w->stage, "reading");
    pthread_mutex_unlock(&w->mutex);
    return id;
}

/* Solving keeps all cores busy, and with it the threads that OpenMP makes from this one; requests come first. */
static void *work(void *user)
{
    setpriority(PRIO_PROCESS, (id_t)gettid(), 5);
    for (long id; (id = take_job(user)) > 0;)
        run_job(user, id);
    return NULL;
}

void worker_wake(worker *w)
{
    pthread_mutex_lock(&w->mutex);
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->mutex);
}

deepstruc_status worker_start(worker **out, store *jobs, const folder *data, const char *model, long threads,
                              deepstruc_diag *diag)
{
    worker *w = calloc(1, sizeof *w);
    if (!w)
        return serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory");
    w->jobs = jobs;
    w->data = data;
    w->model = model;
    w->threads = threads;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->woken, NULL);
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
        free(w);
        return serve_fail(diag, DEEPSTRUC_UNAVAILABLE, "", "the system gives no thread");
    }
    *out = w;
    return DEEPSTRUC_OK;
}

void worker_stop(worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->woken);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}
