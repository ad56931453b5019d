#include "serve/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "serve/fail.h"
#include "serve/limits.h"

struct store {
    sqlite3 *db;
    pthread_mutex_t mutex;
    char path[4096];
};

static const char *const state_names[] = {
#define X(name, text) [STORE_##name] = text,
    STORE_STATE_LIST(X)
#undef X
};

/* The file's content stands last, for a column behind it is only found by walking over it. */
static const char schema[] = "CREATE TABLE IF NOT EXISTS job ("
                             " id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, state INTEGER NOT NULL,"
                             " settings TEXT NOT NULL, created REAL NOT NULL, started REAL, finished REAL, error TEXT,"
                             " verdict TEXT, input BLOB NOT NULL);"
                             "CREATE INDEX IF NOT EXISTS job_state ON job (state, id);";

#define NOW "(julianday('now') - 2440587.5) * 86400.0"
#define NOW_AT_LEAST "max(coalesce(started, created), " NOW ")" /* a job runs forward though the clock was set back */

/* ---- statements ----------------------------------------------------------------------------------------------- */

/* Prepares `sql` and binds one argument per letter of `kinds`: i long, t text (may be NULL). */
static sqlite3_stmt *prepare(store *jobs, const char *sql, const char *kinds, ...)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(jobs->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    va_list args;
    va_start(args, kinds);
    for (int i = 1; *kinds; kinds++, i++) {
        if (*kinds == 'i')
            sqlite3_bind_int64(statement, i, va_arg(args, long));
        else
            sqlite3_bind_text(statement, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
    }
    va_end(args);
    return statement;
}

/* Runs a statement that gives at most one number; `otherwise` when it gives none. */
static long run_for_number(sqlite3_stmt *statement, long otherwise)
{
    long value = otherwise;
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        value = (long)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* Runs a statement that changes rows: how many, or -1. */
static int run_for_changes(store *jobs, sqlite3_stmt *statement)
{
    bool good = statement && sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_finalize(statement);
    return good ? sqlite3_changes(jobs->db) : -1;
}

static deepstruc_status failed(store *jobs, deepstruc_diag *diag)
{
    return serve_fail(diag, DEEPSTRUC_CANNOT_WRITE, jobs->path, "%s; is the disk full, or the file damaged?",
                      sqlite3_errmsg(jobs->db));
}

/* ---- opening --------------------------------------------------------------------------------------------------- */

static deepstruc_status open_file(store *jobs, deepstruc_diag *diag)
{
    if (sqlite3_open_v2(jobs->path, &jobs->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
                        NULL) != SQLITE_OK)
        return serve_fail(diag, DEEPSTRUC_CANNOT_WRITE, jobs->path, "cannot be opened: %s",
                          jobs->db ? sqlite3_errmsg(jobs->db) : "out of memory");
    /* The exclusive lock is held as long as the file is open, so that two servers cannot share it. */
    sqlite3_exec(jobs->db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA trusted_schema = OFF;",
                 NULL, NULL, NULL);
    int code = sqlite3_exec(jobs->db, "BEGIN EXCLUSIVE; COMMIT;", NULL, NULL, NULL);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return serve_fail(diag, DEEPSTRUC_UNAVAILABLE, jobs->path,
                          "another server uses this folder; end it, or choose "
                          "another with --data");
    if (code != SQLITE_OK || sqlite3_exec(jobs->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return serve_fail(diag, DEEPSTRUC_BAD_INPUT, jobs->path,
                          "%s; move it away or choose another folder with "
                          "--data",
                          sqlite3_errmsg(jobs->db));
    sqlite3_stmt *statement =
        prepare(jobs, "UPDATE job SET state = ?, finished = " NOW_AT_LEAST ", error = ? WHERE state = ?", "iti",
                (long)STORE_INTERRUPTED, "the server was stopped while this job ran", (long)STORE_RUNNING);
    return run_for_changes(jobs, statement) < 0 ? failed(jobs, diag) : DEEPSTRUC_OK;
}

deepstruc_status store_open(store **out, const char *path, deepstruc_diag *diag)
{
    store *jobs = calloc(1, sizeof *jobs);
    if (!jobs)
        return serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory");
    strncpy(jobs->path, path, sizeof jobs->path - 1);
    pthread_mutex_init(&jobs->mutex, NULL);
    deepstruc_status status = open_file(jobs, diag);
    if (status == DEEPSTRUC_OK)
        *out = jobs;
    else
        store_close(jobs);
    return status;
}

void store_close(store *jobs)
{
    if (!jobs)
        return;
    sqlite3_close(jobs->db);
    pthread_mutex_destroy(&jobs->mutex);
    free(jobs);
}

/* ---- input ------------------------------------------------------------------------------------------------------- */

void store_input_clear(store_input *input)
{
    free(input->name);
    free(input->text);
    free(input->settings);
    *input = (store_input){0};
}

static deepstruc_status insert(store *jobs, const store_input *input, long *id, deepstruc_diag *diag)
{
    if (run_for_number(prepare(jobs, "SELECT count(*) FROM job WHERE state = ?", "i", (long)STORE_QUEUED), 0) >=
        LIMIT_QUEUE)
        return serve_fail(diag, DEEPSTRUC_TOO_LARGE, input->name, "%d jobs wait already; try again when some are done",
                          LIMIT_QUEUE);
    if (run_for_number(prepare(jobs, "SELECT count(*) FROM job", ""), 0) >= LIMIT_JOBS)
        return serve_fail(diag, DEEPSTRUC_TOO_LARGE, input->name, "the history holds %d jobs already; delete some",
                          LIMIT_JOBS);
    sqlite3_stmt *statement =
        prepare(jobs, "INSERT INTO job (name, state, settings, created, input) VALUES (?, ?, ?, " NOW ", ?)", "tit",
                input->name, (long)STORE_QUEUED, input->settings);
    if (statement)
        sqlite3_bind_blob64(statement, 4, input->text, input->size, SQLITE_STATIC);
    if (run_for_changes(jobs, statement) != 1)
        return failed(jobs, diag);
    *id = (long)sqlite3_last_insert_rowid(jobs->db);
    return DEEPSTRUC_OK;
}

deepstruc_status store_add(store *jobs, const store_input *input, long *id, deepstruc_diag *diag)
{
    pthread_mutex_lock(&jobs->mutex);
    deepstruc_status status = insert(jobs, input, id, diag);
    pthread_mutex_unlock(&jobs->mutex);
    return status;
}

static char *copy_column(sqlite3_stmt *statement, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t n = (size_t)sqlite3_column_bytes(statement, column);
    char *copy = malloc(n + 1);
    if (copy) {
        if (n > 0)
            memcpy(copy, bytes, n);
        copy[n] = '\0';
    }
    if (size)
        *size = n;
    return copy;
}

deepstruc_status store_read_input(store *jobs, long id, store_input *out, deepstruc_diag *diag)
{
    store_input input = {0};
    deepstruc_status status = serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "there is no job %ld", id);
    pthread_mutex_lock(&jobs->mutex);
    sqlite3_stmt *statement = prepare(jobs, "SELECT name, input, settings FROM job WHERE id = ?", "i", id);
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        input = (store_input){copy_column(statement, 0, NULL), NULL, copy_column(statement, 2, NULL), 0};
        input.text = copy_column(statement, 1, &input.size);
        status = input.name && input.text && input.settings
                     ? DEEPSTRUC_OK
                     : serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory");
    }
    sqlite3_finalize(statement);
    pthread_mutex_unlock(&jobs->mutex);
    if (status == DEEPSTRUC_OK)
        *out = input;
    else
        store_input_clear(&input);
    return status;
}

/* ---- the course of a job ----------------------------------------------------------------------------------------- */

long store_next(store *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    long id = run_for_number(prepare(jobs, "SELECT min(id) FROM job WHERE state = ?", "i", (long)STORE_QUEUED), 0);
    if (id > 0 &&
        run_for_changes(jobs, prepare(jobs, "UPDATE job SET state = ?, started = " NOW_AT_LEAST " WHERE id = ?", "ii",
                                      (long)STORE_RUNNING, id)) != 1)
        id = 0;
    pthread_mutex_unlock(&jobs->mutex);
    return id;
}

deepstruc_status store_finish(store *jobs, long id, store_state state, const char *error, const json_t *verdict,
                              deepstruc_diag *diag)
{
    char *text = verdict ? json_dumps(verdict, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;
    pthread_mutex_lock(&jobs->mutex);
    int n = run_for_changes(jobs, prepare(jobs,
                                          "UPDATE job SET state = ?, finished = " NOW_AT_LEAST
                                          ", error = ?, verdict = ? WHERE id = ?",
                                          "itti", (long)state, error, text, id));
    deepstruc_status status = n == 1 ? DEEPSTRUC_OK : failed(jobs, diag);
    pthread_mutex_unlock(&jobs->mutex);
    free(text);
    return status;
}

static bool change_one(store *jobs, sqlite3_stmt *statement)
{
    return run_for_changes(jobs, statement) == 1;
}

bool store_cancel(store *jobs, long id)
{
    pthread_mutex_lock(&jobs->mutex);
    bool done = change_one(
        jobs, prepare(jobs, "UPDATE job SET state = ?, finished = " NOW_AT_LEAST " WHERE id = ? AND state = ?", "iii",
                      (long)STORE_CANCELLED, id, (long)STORE_QUEUED));
    pthread_mutex_unlock(&jobs->mutex);
    return done;
}

bool store_delete(store *jobs, long id)
{
    pthread_mutex_lock(&jobs->mutex);
    bool done = change_one(jobs, prepare(jobs, "DELETE FROM job WHERE id = ? AND state NOT IN (?, ?)", "iii", id,
                                         (long)STORE_QUEUED, (long)STORE_RUNNING));
    pthread_mutex_unlock(&jobs->mutex);
    return done;
}

bool store_state_of(store *jobs, long id, store_state *state)
{
    pthread_mutex_lock(&jobs->mutex);
    long value = run_for_number(prepare(jobs, "SELECT state FROM job WHERE id = ?", "i", id), -1);
    pthread_mutex_unlock(&jobs->mutex);
    if (value < 0)
        return false;
    *state = (store_state)value;
    return true;
}

/* ---- as JSON ------------------------------------------------------------------------------------------------------
 */

/* `before` counts the jobs that wait ahead of a queued one. */
#define COLUMNS                                                                                                        \
    "id, name, state, settings, created, started, finished, error, verdict,"                                           \
    " CASE state WHEN 0 THEN (SELECT count(*) FROM job AS other WHERE other.state = 0 AND other.id < job.id) END"
_Static_assert(STORE_QUEUED == 0, "the statement above says 0");

static json_t *number_or_null(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? json_null()
                                                                 : json_real(sqlite3_column_double(statement, column));
}

static json_t *object_or_null(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    json_t *value = text ? json_loads(text, 0, NULL) : NULL;
    return value ? value : json_null();
}

static json_t *row_json(sqlite3_stmt *statement)
{
    long state = (long)sqlite3_column_int64(statement, 2);
    const char *error = (const char *)sqlite3_column_text(statement, 7);
    json_t *job = json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:s?, s:o}", "id", (json_int_t)sqlite3_column_int64(statement, 0), "name",
        (const char *)sqlite3_column_text(statement, 1), "state",
        state_names[state >= 0 && state <= STORE_INTERRUPTED ? state : STORE_FAILED], "settings",
        object_or_null(statement, 3), "created", number_or_null(statement, 4), "started", number_or_null(statement, 5),
        "finished", number_or_null(statement, 6), "error", error, "verdict", object_or_null(statement, 8));
    if (job && state == STORE_QUEUED)
        json_object_set_new(job, "ahead", json_integer(sqlite3_column_int64(statement, 9)));
    return job;
}

json_t *store_job(store *jobs, long id)
{
    json_t *job = NULL;
    pthread_mutex_lock(&jobs->mutex);
    sqlite3_stmt *statement = prepare(jobs, "SELECT " COLUMNS " FROM job WHERE id = ?", "i", id);
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        job = row_json(statement);
    sqlite3_finalize(statement);
    pthread_mutex_unlock(&jobs->mutex);
    return job;
}

json_t *store_list(store *jobs, long before, long limit)
{
    json_t *list = json_array();
    pthread_mutex_lock(&jobs->mutex);
    sqlite3_stmt *statement = prepare(
        jobs, "SELECT " COLUMNS " FROM job WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2", "ii", before, limit);
    while (list && statement && sqlite3_step(statement) == SQLITE_ROW)
        json_array_append_new(list, row_json(statement));
    sqlite3_finalize(statement);
    pthread_mutex_unlock(&jobs->mutex);
    return list;
}
