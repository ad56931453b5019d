/* Files of a solve: one, or a batch with one progress display, a summary and an overview. */
#define _GNU_SOURCE
#include "cli/solve_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deepstruc/report.h>

/* ---- one file -----------------------------------------------------------------------------------------------------
 */

/* "a/b/Au144.gr" gives "Au144"; standard input gives "stdin". */
void solve_stem(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/'), *name = strcmp(path, "-") == 0 ? "stdin" : slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    int length = dot && dot != name ? (int)(dot - name) : (int)strlen(name);
    snprintf(out, size, "%.*s", length, name);
}

/* What would stop the writing is said now and not after the work. */
static deepstruc_status check_output(const char *dir, bool force, deepstruc_diag *diag)
{
    char parent[PATH_MAX];
    struct stat info;
    snprintf(parent, sizeof parent, "%s", dir);
    char *slash = strrchr(parent, '/');
    if (slash)
        slash[slash == parent] = '\0';
    *diag = (deepstruc_diag){0};
    snprintf(diag->file, sizeof diag->file, "%s", dir);
    if (!force && stat(dir, &info) == 0) {
        diag->status = DEEPSTRUC_EXISTS;
        snprintf(diag->message, sizeof diag->message, "exists already; choose another name or add --force");
    } else if (access(slash ? parent : ".", W_OK) != 0) {
        diag->status = DEEPSTRUC_CANNOT_WRITE;
        snprintf(diag->message, sizeof diag->message, "cannot be made in that folder: %s", strerror(errno));
    }
    return diag->status;
}

/* Solves one file into `dir`. The solution is the caller's. */
deepstruc_status solve_one_file(deepstruc_solution **out, const char *path, const char *dir, bool force,
                                const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                deepstruc_diag *diag)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    double start = cli_now();
    deepstruc_status status = check_output(dir, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *diag = (deepstruc_diag){0};
    status = deepstruc_pdf_read(&pdf, path, diag);
    double seconds_read = cli_now() - start;
    if (status == DEEPSTRUC_OK)
        status = deepstruc_solve(&solution, pdf, settings, progress, diag);
    if (status == DEEPSTRUC_OK) {
        solution->seconds_read = seconds_read;
        status = deepstruc_report_write(solution, pdf, dir, force, diag);
    }
    if (status != DEEPSTRUC_OK && !diag->file[0])
        snprintf(diag->file, sizeof diag->file, "%s", path);
    deepstruc_pdf_destroy(pdf);
    if (status == DEEPSTRUC_OK)
        *out = solution;
    else
        deepstruc_solution_destroy(solution);
    return status;
}

/* ---- progress -----------------------------------------------------------------------------------------------------
 */

/* The display of the whole batch: a file's stages move it on within the file's share. */
typedef struct {
    const deepstruc_progress *display;
    size_t i_file, n_files;
    const char *stem;
    char stage[64];
    int n_stages; /* begun of this file */
} batch_progress;

static void report_batch(void *user, const char *stage, double fraction)
{
    enum { USUAL_STAGES = 7 };
    batch_progress *b = user;
    char text[64];
    if (strncmp(stage, b->stage, sizeof b->stage - 1) != 0) {
        snprintf(b->stage, sizeof b->stage, "%s", stage);
        b->n_stages++;
    }
    double within = (b->n_stages - 1 + fraction) / USUAL_STAGES;
    snprintf(text, sizeof text, "%zu of %zu, %.40s", b->i_file + 1, b->n_files, b->stem);
    b->display->report(b->display->user, text, ((double)b->i_file + (within < 1 ? within : 1)) / (double)b->n_files);
}

static bool batch_cancelled(void *user)
{
    const batch_progress *b = user;
    return b->display->cancelled(b->display->user);
}

/* ---- the batch ----------------------------------------------------------------------------------------------------
 */

typedef struct {
    const cli_call *call;
    const deepstruc_solve_settings *settings;
    const char *parent;
    bool resume;
    size_t n, n_failed, n_kept;
    deepstruc_overview_item *item; /* n */
    char (*stem)[NAME_MAX + 1];    /* n, no two the same */
    char **error;                  /* n */
} batch;

/* Names of folders: the file's, with a number where an earlier file has it. */
static void name_folders(batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        char stem[NAME_MAX - 20];
        solve_stem(b->call->operands[i], stem, sizeof stem);
        snprintf(b->stem[i], sizeof b->stem[i], "%s", stem);
        unsigned short number = 1; /* operands are counted by the shell, thousands at most */
        for (size_t j = 0; j < i; j++)
            if (strcmp(b->stem[i], b->stem[j]) == 0) {
                snprintf(b->stem[i], sizeof b->stem[i], "%s-%hu", stem, ++number);
                j = (size_t)-1; /* the new name may be taken, too */
            }
    }
}

static bool is_finished(const batch *b, size_t i)
{
    char path[PATH_MAX];
    struct stat info;
    return b->resume && snprintf(path, sizeof path, "%s/%s/result.json", b->parent, b->stem[i]) < PATH_MAX &&
           stat(path, &info) == 0;
}

/* A stop is no file's failure. */
static deepstruc_status solve_item(batch *b, size_t i, batch_progress *progress)
{
    char dir[PATH_MAX + NAME_MAX], text[1024];
    const char *path = b->call->operands[i];
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag = {0};
    b->item[i] = (deepstruc_overview_item){path, b->stem[i], NULL};
    if (is_finished(b, i)) {
        b->n_kept++;
        return DEEPSTRUC_OK;
    }
    progress->i_file = i, progress->stem = b->stem[i], progress->n_stages = 0, progress->stage[0] = '\0';
    snprintf(dir, sizeof dir, "%s/%s", b->parent, b->stem[i]);
    deepstruc_progress wrapped = {report_batch, batch_cancelled, progress};
    deepstruc_status status = solve_one_file(&solution, path, dir, b->call->common.force, b->settings, &wrapped, &diag);
    if (status == DEEPSTRUC_CANCELLED)
        return status;
    if (status == DEEPSTRUC_OK) {
        if (!b->call->common.quiet)
            printf("%-32s %s: %s\n", b->stem[i], deepstruc_verdict_name(solution->verdict.kind), solution->verdict.why);
        deepstruc_solution_destroy(solution);
        return DEEPSTRUC_OK;
    }
    deepstruc_diag_text(&diag, text, sizeof text);
    b->item[i].folder = NULL;
    b->item[i].error = b->error[i] = strdup(text);
    b->n_failed++;
    return b->error[i] ? DEEPSTRUC_OK : DEEPSTRUC_NO_MEMORY;
}

static deepstruc_status prepare(const batch *b, deepstruc_diag *diag)
{
    char path[PATH_MAX];
    struct stat info;
    snprintf(diag->file, sizeof diag->file, "%s", b->parent);
    if (mkdir(b->parent, 0777) != 0 && errno != EEXIST) {
        diag->status = DEEPSTRUC_CANNOT_WRITE;
        snprintf(diag->message, sizeof diag->message, "cannot be made: %s", strerror(errno));
    } else if (!b->call->common.force && !b->resume &&
               snprintf(path, sizeof path, "%s/summary.csv", b->parent) < PATH_MAX && stat(path, &info) == 0) {
        diag->status = DEEPSTRUC_EXISTS;
        snprintf(diag->message, sizeof diag->message,
                 "holds a batch already; choose another folder, or add --resume or --force");
    }
    return diag->status;
}

/* Ends with one line on stderr where anything went wrong; the failures of single files stand in the summary. */
static int finish(const batch *b, size_t n_done, deepstruc_status status)
{
    deepstruc_diag diag = {0};
    if (deepstruc_report_overview(b->item, n_done, b->parent, true, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!b->call->common.quiet)
        printf("\nResults: %s/ (overview.html, summary.csv and a folder for each file)\n", b->parent);
    if (b->n_kept && !b->call->common.quiet)
        printf("%zu files were solved before and are kept as they are.\n", b->n_kept);
    if (status == DEEPSTRUC_CANCELLED) {
        snprintf(diag.message, sizeof diag.message, "stopped after %zu of %zu files; add --resume to go on", n_done,
                 b->n);
        return cli_fail(&diag);
    }
    if (b->n_failed == 0)
        return CLI_OK;
    for (size_t i = 0; i < n_done; i++)
        if (b->error[i]) { /* the first one stands for all */
            snprintf(diag.message, sizeof diag.message, "%zu of %zu files failed: %.400s%s", b->n_failed, b->n,
                     b->error[i], b->n_failed > 1 ? "; the others are in summary.csv" : "");
            break;
        }
    return cli_fail(&diag);
}

int solve_batch(const cli_call *call, const deepstruc_solve_settings *settings, bool resume)
{
    batch b = {.call = call,
               .settings = settings,
               .parent = call->common.output ? call->common.output : "deepstruc-batch",
               .resume = resume,
               .n = (size_t)call->n_operands};
    deepstruc_diag diag = {0};
    b.item = calloc(b.n, sizeof *b.item);
    b.stem = calloc(b.n, sizeof *b.stem);
    b.error = calloc(b.n, sizeof *b.error);
    if (!b.item || !b.stem || !b.error)
        diag = (deepstruc_diag){.status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"};
    int code = diag.status || prepare(&b, &diag) ? cli_fail(&diag) : CLI_CONTINUE;
    if (code == CLI_CONTINUE) {
        name_folders(&b);
        batch_progress progress = {.display = cli_progress_begin(call), .n_files = b.n};
        deepstruc_status status = DEEPSTRUC_OK;
        size_t n_done = 0;
        while (n_done < b.n && (status = solve_item(&b, n_done, &progress)) == DEEPSTRUC_OK)
            n_done++;
        cli_progress_end();
        code = finish(&b, n_done, status);
    }
    for (size_t i = 0; b.error && i < b.n; i++)
        free(b.error[i]);
    free(b.item);
    free(b.stem);
    free(b.error);
    return code;
}
