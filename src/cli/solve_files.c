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

/* The ranks that share the search agree on every failure, so that none waits for another; rank 0 writes. */
deepstruc_status solve_one_file(deepstruc_solution **out, const char *path, const char *dir, bool force,
                                const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                deepstruc_diag *diag)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    double start = cli_now();
    deepstruc_ranks *ranks = progress->ranks;
    deepstruc_status status = check_output(dir, force, diag);
    if (status == DEEPSTRUC_OK) {
        *diag = (deepstruc_diag){0};
        status = deepstruc_pdf_read(&pdf, path, diag);
    }
    double seconds_read = cli_now() - start;
    status = deepstruc_ranks_agree(ranks, status, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_ranks_agree(ranks, deepstruc_solve(&solution, pdf, settings, progress, diag), diag);
    if (status == DEEPSTRUC_OK && deepstruc_ranks_index(ranks) == 0) {
        solution->seconds_read = seconds_read;
        status = deepstruc_report_write(solution, pdf, dir, force, diag);
    }
    status = deepstruc_ranks_agree(ranks, status, diag);
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

enum { TOLD = 1024 };
/* What became of a file: told[0], and behind it the message of a failure. */
enum { NOT_DONE, SOLVED, KEPT, FAILED };

typedef struct {
    const cli_call *call;
    const deepstruc_solve_settings *settings;
    const char *parent;
    bool resume;
    bool alone; /* each rank has files of its own, since there are as many; else all share each file */
    size_t n;
    deepstruc_overview_item *item; /* n */
    char (*stem)[NAME_MAX + 1];    /* n, no two the same */
    char (*told)[TOLD];            /* n */
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
    char dir[PATH_MAX + NAME_MAX];
    const char *path = b->call->operands[i];
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag = {0};
    if (is_finished(b, i)) {
        b->told[i][0] = KEPT;
        return DEEPSTRUC_OK;
    }
    progress->i_file = i, progress->stem = b->stem[i], progress->n_stages = 0, progress->stage[0] = '\0';
    snprintf(dir, sizeof dir, "%s/%s", b->parent, b->stem[i]);
    deepstruc_progress wrapped = {.report = report_batch,
                                  .cancelled = batch_cancelled,
                                  .user = progress,
                                  .ranks = b->alone ? NULL : b->call->ranks};
    deepstruc_status status = solve_one_file(&solution, path, dir, b->call->common.force, b->settings, &wrapped, &diag);
    if (status == DEEPSTRUC_CANCELLED || status == DEEPSTRUC_RANK_LOST)
        return status;
    b->told[i][0] = status == DEEPSTRUC_OK ? SOLVED : FAILED;
    if (status != DEEPSTRUC_OK)
        deepstruc_diag_text(&diag, b->told[i] + 1, TOLD - 1);
    else if (!b->call->common.quiet && (b->alone || cli_leads(b->call)))
        printf("%-32s %s: %s\n", b->stem[i], deepstruc_verdict_name(solution->verdict.kind), solution->verdict.why);
    deepstruc_solution_destroy(solution);
    return DEEPSTRUC_OK;
}

static deepstruc_status solve_items(batch *b, deepstruc_diag *diag)
{
    size_t count = deepstruc_ranks_count(b->call->ranks);
    b->alone = b->n >= count;
    batch_progress progress = {.display = cli_progress_begin(b->call), .n_files = b->n};
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = b->alone ? deepstruc_ranks_index(b->call->ranks) : 0; i < b->n && status == DEEPSTRUC_OK;
         i += b->alone ? count : 1)
        status = solve_item(b, i, &progress);
    cli_progress_end();
    if (!b->alone)
        return status;
    deepstruc_ranks_wait(b->call->ranks); /* some files take longer than others */
    deepstruc_status merged = deepstruc_ranks_merge(b->call->ranks, b->told, b->n * sizeof *b->told, diag);
    return merged == DEEPSTRUC_OK ? status : merged;
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
static int finish(const batch *b, deepstruc_status status)
{
    deepstruc_diag diag = {0};
    size_t n_done = 0, n_kept = 0, n_failed = 0, first_failed = 0;
    for (size_t i = 0; i < b->n; i++) {
        char became = b->told[i][0], *error = became == FAILED ? b->told[i] + 1 : NULL;
        if (became == NOT_DONE)
            continue;
        b->item[n_done++] = (deepstruc_overview_item){b->call->operands[i], error ? NULL : b->stem[i], error};
        n_kept += became == KEPT;
        if (error && n_failed++ == 0)
            first_failed = i;
    }
    if (deepstruc_report_overview(b->item, n_done, b->parent, true, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!b->call->common.quiet)
        printf("\nResults: %s/ (overview.html, summary.csv and a folder for each file)\n", b->parent);
    if (n_kept && !b->call->common.quiet)
        printf("%zu files were solved before and are kept as they are.\n", n_kept);
    if (status == DEEPSTRUC_CANCELLED) {
        snprintf(diag.message, sizeof diag.message, "stopped after %zu of %zu files; add --resume to go on", n_done,
                 b->n);
        return cli_fail(&diag);
    }
    if (n_failed == 0)
        return CLI_OK;
    snprintf(diag.message, sizeof diag.message, "%zu of %zu files failed: %.400s%s", n_failed, b->n,
             b->told[first_failed] + 1, n_failed > 1 ? "; the others are in summary.csv" : "");
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
    b.told = calloc(b.n, sizeof *b.told);
    if (!b.item || !b.stem || !b.told)
        diag = (deepstruc_diag){.status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"};
    else if (cli_leads(call))
        prepare(&b, &diag);
    int code;
    if (deepstruc_ranks_agree(call->ranks, diag.status, &diag) != DEEPSTRUC_OK) {
        code = cli_fail_together(call, &diag);
    } else {
        name_folders(&b);
        deepstruc_status status = solve_items(&b, &diag);
        if (status == DEEPSTRUC_RANK_LOST)
            code = cli_fail_together(call, &diag);
        else
            code = cli_leads(call) ? finish(&b, status) : CLI_OK;
    }
    free(b.item);
    free(b.stem);
    free(b.told);
    return code;
}
