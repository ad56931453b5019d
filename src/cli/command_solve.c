/* deepstruc solve: the main job, for one file or a batch of them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/report.h>
#include <deepstruc/solve.h>

#include "cli/cli.h"
#include "cli/solve_files.h"

typedef struct {
    bool resume;
} solve_options;

#define AT(field) offsetof(solve_options, field)
static const deepstruc_field option_fields[] = {
    {"resume", DEEPSTRUC_FIELD_FLAG, AT(resume), 0, 0, false, NULL,
     "several files: go on where a run was stopped; files whose folder is there are not solved again"},
    {0}};
#undef AT

/* The verdict, the table, what was assumed, and where the files are. */
static void print_solution(const deepstruc_solution *solution, const char *dir)
{
    enum { ROWS = 12 };
    char *table = NULL;
    size_t n_first = 0, n_kinds = 0;
    for (size_t k = 0; k < solution->n_kinds; k++)
        n_kinds += solution->kind[k].group == 1;
    for (size_t i = 0; i < solution->n_candidates; i++)
        n_first += solution->candidate[i].group == 1;
    printf("%s: %s\n\n", deepstruc_verdict_name(solution->verdict.kind), solution->verdict.why);
    if (deepstruc_report_table(&table, solution, ROWS, NULL) == DEEPSTRUC_OK)
        fputs(table, stdout);
    free(table);
    printf("\n%zu candidates, %zu in group 1: the data do not tell those apart (%zu kind%s of family and size).\n",
           solution->n_candidates, n_first, n_kinds, n_kinds == 1 ? "" : "s");
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
    solve_stem(path, stem, sizeof stem);
    if (call->common.output)
        snprintf(dir, sizeof dir, "%s", call->common.output);
    else
        snprintf(dir, sizeof dir, "deepstruc-%s", stem);
    const deepstruc_progress *progress = cli_progress_begin(call);
    deepstruc_status status = solve_one_file(&solution, path, dir, call->common.force, settings, progress, &diag);
    cli_progress_end();
    if (status != DEEPSTRUC_OK)
        return cli_fail_together(call, &diag);
    if (!call->common.quiet && cli_leads(call))
        print_solution(solution, dir);
    deepstruc_solution_destroy(solution);
    return CLI_OK;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

/* *asked becomes the file of the model that was asked for; NULL when nothing was and `otherwise` is not installed. */
static deepstruc_status find_model(const char **asked, const char *otherwise, char out[PATH_MAX], deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_model_find(out, PATH_MAX, *asked ? *asked : otherwise, diag);
    if (status != DEEPSTRUC_OK && *asked)
        return status;
    *asked = status == DEEPSTRUC_OK ? out : NULL;
    return DEEPSTRUC_OK;
}

static int run(cli_call *call)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    solve_options options = {0};
    cli_files files = {0};
    const cli_group groups[] = {
        {"Search", deepstruc_solve_settings_fields, &settings},
        {"Data and fit (over the header)", deepstruc_refine_settings_fields, &settings.refine},
        {"Batch", option_fields, &options},
        {"Settings files", cli_files_fields, &files},
        {0},
    };
    int code = cli_parse(call, groups, 1, INT_MAX);
    if (code != CLI_CONTINUE)
        return code;
    settings.seed = call->common.seed;
    settings.threads = call->common.threads;
    deepstruc_diag diag = {0};
    char model[PATH_MAX], tree[PATH_MAX], plain[PATH_MAX], cache[PATH_MAX];
    if (find_model(&settings.model, "default", model, &diag) || find_model(&settings.tree, "tree", tree, &diag) ||
        find_model(&settings.plain, "plain-cvae", plain, &diag))
        return cli_fail_together(call, &diag);
    settings.cache = cli_cache_folder(cache, sizeof cache) ? cache : NULL;
    if (files.print_settings)
        return cli_leads(call) ? cli_print_settings(call, groups) : CLI_OK;
    return call->n_operands == 1 ? solve_one(call, &settings) : solve_batch(call, &settings, options.resume);
}

const cli_command cli_command_solve = {
    .name = "solve",
    .operands = "FILE.gr... [-o DIR]",
    .summary = "From a PDF to ranked, refined structures: the main job",
    .details =
        "Reads any .gr file (\"-\": standard input), fits structures to it and writes a folder with report.html, "
        "result.json,\n"
        "candidates.csv, structures (.xyz) and fits. Several files: a folder for each, DIR/summary.csv and "
        "DIR/overview.html.",
    .run = run,
    .shared = true,
};
