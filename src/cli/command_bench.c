#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deepstruc/pdf.h>

#include "cli/bench.h"
#include "cli/cli.h"

static const double SHORTEST_S = 0.005; /* of a repeat */

double bench_once(void (*work)(void *data), void *data)
{
    double began = cli_now();
    work(data);
    return cli_now() - began;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void bench_take(bench_result *out, double *each)
{
    qsort(each, BENCH_REPEATS, sizeof *each, by_size);
    out->median_s = each[BENCH_REPEATS / 2];
    out->repeats = BENCH_REPEATS;
}

void bench_time(bench_result *out, void (*work)(void *data), void *data)
{
    double each[BENCH_REPEATS], first = bench_once(work, data); /* also warms the caches */
    long count = first < SHORTEST_S ? (long)(SHORTEST_S / fmax(first, 1e-7)) + 1 : 1;
    for (int repeat = 0; repeat < BENCH_REPEATS; repeat++) {
        double began = cli_now();
        for (long i = 0; i < count; i++)
            work(data);
        each[repeat] = (cli_now() - began) / (double)count;
    }
    bench_take(out, each);
}

typedef struct {
    const char *json;
} bench_options;

static const deepstruc_field bench_fields[] = {
    {"json", DEEPSTRUC_FIELD_TEXT, offsetof(bench_options, json), 0, 0, true, "FILE", "write the rows as JSON, too"},
    {0}};

static void print_row(const bench_row *row, const bench_result *result)
{
    printf("%-20s %12.1f us", row->name, 1e6 * result->median_s);
    if (!isnan(result->limit_s))
        printf("  %4.0f %% products  %s\n", 100 * result->limit_s / result->median_s, row->what);
    else if (isnan(result->reference_s))
        printf("%16s  %s\n", "", row->what);
    else
        printf("  1/%-12.0f  %s\n", result->reference_s / result->median_s, row->what);
    fflush(stdout);
}

static json_t *known_or_null(double seconds)
{
    return isnan(seconds) ? json_null() : json_real(seconds);
}

static json_t *row_as_json(const bench_row *row, const bench_result *result)
{
    return json_pack("{s:s, s:f, s:i, s:o, s:o}", "name", row->name, "median_s", result->median_s, "repeats",
                     result->repeats, "reference_s", known_or_null(result->reference_s), "limit_s",
                     known_or_null(result->limit_s));
}

/* Into a file of another name first, so that a result is never half there. */
static deepstruc_status write_json(json_t *rows, const char *path, deepstruc_diag *diag)
{
    char temporary[4200];
    snprintf(temporary, sizeof temporary, "%.4000s.tmp-XXXXXX", path);
    int file = mkstemp(temporary);
    mode_t mask = umask(0);
    umask(mask);
    bool written = file >= 0 && fchmod(file, 0666 & ~mask) == 0 && json_dumpfd(rows, file, JSON_INDENT(1)) == 0;
    if (file >= 0 && close(file) == 0 && written && rename(temporary, path) == 0)
        return DEEPSTRUC_OK;
    *diag = (deepstruc_diag){.status = DEEPSTRUC_CANNOT_WRITE};
    snprintf(diag->file, sizeof diag->file, "%s", path);
    snprintf(diag->message, sizeof diag->message, "cannot be written: %s", strerror(errno));
    if (file >= 0)
        remove(temporary);
    return diag->status;
}

static const bench_row *const tables[] = {bench_pdf_rows, bench_model_rows, bench_train_rows};
enum { N_TABLES = sizeof tables / sizeof *tables };

/* All rows when no operand names any. */
static bool wanted(const cli_call *call, const char *name)
{
    for (int i = 0; i < call->n_operands; i++)
        if (strcmp(call->operands[i], name) == 0)
            return true;
    return call->n_operands == 0;
}

static bool known(const char *name)
{
    for (int table = 0; table < N_TABLES; table++)
        for (const bench_row *row = tables[table]; row->name; row++)
            if (strcmp(row->name, name) == 0)
                return true;
    return false;
}

static deepstruc_status run_table(const bench_row *row, json_t *rows, const cli_call *call,
                                  const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (; row->name && status == DEEPSTRUC_OK; row++) {
        bench_result result = {.reference_s = NAN, .limit_s = NAN};
        if (!wanted(call, row->name))
            continue;
        if (progress->cancelled(progress->user)) {
            *diag = (deepstruc_diag){.status = DEEPSTRUC_CANCELLED, .message = "cancelled"};
            status = diag->status;
            break;
        }
        status = row->run(&result, call->common.threads, diag);
        if (status == DEEPSTRUC_OK && json_array_append_new(rows, row_as_json(row, &result)) != 0)
            status = diag->status = DEEPSTRUC_NO_MEMORY;
        if (status == DEEPSTRUC_OK && !call->common.quiet)
            print_row(row, &result);
    }
    return status;
}

static deepstruc_status run_rows(json_t *rows, const cli_call *call, deepstruc_diag *diag)
{
    const deepstruc_progress *progress = cli_progress_begin(call);
    deepstruc_status status = DEEPSTRUC_OK;
    for (int table = 0; table < N_TABLES && status == DEEPSTRUC_OK; table++)
        status = run_table(tables[table], rows, call, progress, diag);
    cli_progress_end();
    return status;
}

static int run(cli_call *call)
{
    bench_options options = {0};
    const cli_group groups[] = {{"Output", bench_fields, &options}, {0}};
    int code = cli_parse(call, groups, 0, 64);
    if (code != CLI_CONTINUE)
        return code;
    for (int i = 0; i < call->n_operands; i++)
        if (!known(call->operands[i]))
            return cli_usage(call, "has no row '%s'; without names it runs all", call->operands[i]);
    deepstruc_diag diag = {0};
    if (cli_refuse_existing(options.json, call->common.force, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    json_t *report =
        json_pack("{s:s, s:s, s:[]}", "version", deepstruc_version(), "kernels", deepstruc_engine_kernels(), "rows");
    deepstruc_status status = run_rows(json_object_get(report, "rows"), call, &diag);
    if (status == DEEPSTRUC_OK && options.json)
        status = write_json(report, options.json, &diag);
    json_decref(report);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

const cli_command cli_command_bench = {
    .name = "bench",
    .operands = "[ROW...] [--json FILE]",
    .summary = "Speed on this machine, beside plain code",
    .details = "Times the main pieces of work, the median of 11 repeats each, and beside it the same work by plain\n"
               "reference code in the same run (how many times longer that takes), or how much of the time the matrix\n"
               "products alone would take at the rate of a large one.",
    .run = run,
};
