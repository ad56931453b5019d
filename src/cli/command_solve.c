/* deepstruc solve: the main job, for one file or a batch of them. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <deepstruc/report.h>
#include <deepstruc/solve.h>

#include "cli/cli.h"

typedef struct {
    bool print_settings;
} solve_options;

static const deepstruc_field option_fields[] = {{"print-settings", DEEPSTRUC_FIELD_FLAG,
                                                 offsetof(solve_options, print_settings), 0, 0, false, NULL,
                                                 "print every effective setting and stop"},
                                                {0}};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "a/b/Au144.gr" gives "Au144"; standard input gives "stdin". */
static void stem_of(const char *path, char *out, size_t size)
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
static deepstruc_status solve_file(deepstruc_solution **out, const char *path, const char *dir, bool force,
                                   const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                   deepstruc_diag *diag)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    double start = now();
    deepstruc_status status = check_output(dir, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *diag = (deepstruc_diag){0};
    status = deepstruc_pdf_read(&pdf, path, diag);
    double seconds_read = now() - start;
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

/* The verdict, the table, what was assumed, and where the files are. */
static void print_solution(const deepstruc_solution *solution, const char *dir)
{
    enum { ROWS = 12 };
    char *table = NULL;
    size_t n_first = 0;
    for (size_t i = 0; i < solution->n_candidates; i++)
        n_first += solution->candidate[i].group == 1;
    printf("%s: %s\n\n", deepstruc_verdict_name(solution->verdict.kind), solution->verdict.why);
    if (deepstruc_report_table(&table, solution, ROWS, NULL) == DEEPSTRUC_OK)
        fputs(table, stdout);
    free(table);
    printf("\n%zu candidates, %zu in group 1: the data do not tell those apart.\n", solution->n_candidates, n_first);
    for (size_t i = 0; i < solution->target->assumed.n; i++)
        printf("assumed: %s\n", solution->target->assumed.text[i]);
    printf("Results: %s/ (report.html, result.json, candidates.csv, candidates/*.xyz, fit.svg)\n", dir);
}

static int solve_one(const cli_call *call, const deepstruc_solve_settings *settings)
{
    char dir[PATH_MAX], stem[NAME_MAX + 1];
    const char *path = call->operands[0];
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag = {0};
    stem_of(path, stem, sizeof stem);
    if (call->common.output)
        snprintf(dir, sizeof dir, "%s", call->common.output);
    else
        snprintf(dir, sizeof dir, "deepstruc-%s", stem);
    const deepstruc_progress *progress = cli_progress_begin(call);
    deepstruc_status status = solve_file(&solution, path, dir, call->common.force, settings, progress, &diag);
    cli_progress_end();
    if (status != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!call->common.quiet)
        print_solution(solution, dir);
    deepstruc_solution_destroy(solution);
    return CLI_OK;
}

/* ---- batches ----------------------------------------------------------------------------------------------------- */

static void summary_row(FILE *summary, const char *path, const deepstruc_solution *s, const deepstruc_diag *diag)
{
    if (!s) {
        char text[1024];
        deepstruc_diag_text(diag, text, sizeof text);
        for (char *c = text; *c; c++)
            if (*c == '"')
                *c = '\'';
        fprintf(summary, "\"%s\",failed,,,,,,,\"%s\"\n", path, text);
        return;
    }
    const deepstruc_candidate *best = &s->candidate[0];
    fprintf(summary, "\"%s\",%s,%s,%zu,%.5f,%.5f,%.4f,%s,\"%s\"\n", path, deepstruc_verdict_name(s->verdict.kind),
            deepstruc_type_name(best->cluster->type), best->cluster->n_atoms, best->fit.rw, best->fit.bond_length,
            best->fit.biso, s->verdict.flags, s->verdict.why);
}

/* The summary is written beside its name and renamed when the batch is through. */
static FILE *summary_open(const cli_call *call, const char *parent, char path[PATH_MAX], char temporary[PATH_MAX])
{
    struct stat info;
    snprintf(path, PATH_MAX, "%s/summary.csv", parent);
    if (snprintf(temporary, PATH_MAX, "%s.tmp-%ld", path, (long)getpid()) >= PATH_MAX) {
        fprintf(stderr, "deepstruc: %s: the path is too long\n", parent);
        return NULL;
    }
    if (mkdir(parent, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "deepstruc: %s: cannot be made: %s\n", parent, strerror(errno));
        return NULL;
    }
    if (!call->common.force && stat(path, &info) == 0) {
        fprintf(stderr, "deepstruc: %s: exists already; choose another folder or add --force\n", path);
        return NULL;
    }
    FILE *summary = fopen(temporary, "w");
    if (!summary)
        fprintf(stderr, "deepstruc: %s: cannot be written: %s\n", path, strerror(errno));
    return summary;
}

static int summary_close(FILE *summary, const char *path, const char *temporary)
{
    bool bad = ferror(summary);
    bad |= fclose(summary) != 0;
    if (!bad && rename(temporary, path) == 0)
        return CLI_OK;
    fprintf(stderr, "deepstruc: %s: cannot be written: %s\n", path, strerror(errno));
    unlink(temporary);
    return CLI_FAILED;
}

/* Each file into DIR/STEM; a file that fails is named, in the summary too, and does not stop the rest. */
static int solve_batch(const cli_call *call, const deepstruc_solve_settings *settings)
{
    const char *parent = call->common.output ? call->common.output : "deepstruc-batch";
    char path[PATH_MAX], temporary[PATH_MAX], dir[PATH_MAX + NAME_MAX], stem[NAME_MAX + 1];
    int code = CLI_OK;
    FILE *summary = summary_open(call, parent, path, temporary);
    if (!summary)
        return CLI_FAILED;
    fputs("file,verdict,type,n_atoms,rw,bond_length,biso,flags,why\n", summary);
    deepstruc_status status = DEEPSTRUC_OK;
    for (int i = 0; i < call->n_operands && status != DEEPSTRUC_CANCELLED; i++) {
        deepstruc_solution *solution = NULL;
        deepstruc_diag diag = {0};
        stem_of(call->operands[i], stem, sizeof stem);
        snprintf(dir, sizeof dir, "%s/%s", parent, stem);
        const deepstruc_progress *progress = cli_progress_begin(call);
        status = solve_file(&solution, call->operands[i], dir, call->common.force, settings, progress, &diag);
        cli_progress_end();
        summary_row(summary, call->operands[i], solution, &diag);
        if (status != DEEPSTRUC_OK)
            code = cli_fail(&diag);
        else if (!call->common.quiet)
            printf("%-32s %s: %s\n", stem, deepstruc_verdict_name(solution->verdict.kind), solution->verdict.why);
        deepstruc_solution_destroy(solution);
    }
    if (summary_close(summary, path, temporary) != CLI_OK)
        return CLI_FAILED;
    if (!call->common.quiet)
        printf("\nResults: %s/ (summary.csv and a folder for each file)\n", parent);
    return code;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int run(cli_call *call)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    solve_options options = {0};
    const cli_group groups[] = {
        {"Search", deepstruc_solve_settings_fields, &settings},
        {"Data and fit (over the header)", deepstruc_refine_settings_fields, &settings.refine},
        {"Information", option_fields, &options},
        {0},
    };
    int code = cli_parse(call, groups, 1, INT_MAX);
    if (code != CLI_CONTINUE)
        return code;
    settings.seed = call->common.seed;
    settings.threads = call->common.threads;
    char model[PATH_MAX];
    bool found = cli_find_model(settings.model, model, sizeof model);
    if (settings.model && !found)
        return cli_fail(&(deepstruc_diag){.message = "no such model; name a file, or one in the models folder"});
    settings.model = found ? model : NULL;
    char cache[PATH_MAX];
    settings.cache = cli_cache_folder(cache, sizeof cache) ? cache : NULL;
    if (options.print_settings) {
        cli_print_settings(groups);
        return CLI_OK;
    }
    return call->n_operands == 1 ? solve_one(call, &settings) : solve_batch(call, &settings);
}

const cli_command cli_command_solve = {
    "solve",
    "FILE.gr... [-o DIR]",
    "From a PDF to ranked, refined structures: the main job",
    "Reads any .gr file (\"-\": standard input), fits structures to it and writes a folder with report.html, "
    "result.json,\n"
    "candidates.csv, structures (.xyz) and fits. Several files: a folder for each and DIR/summary.csv.",
    run,
};
