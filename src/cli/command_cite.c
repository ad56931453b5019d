/* deepstruc cite: the works behind what a run used, read from its result.json. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "cli/references.h"

typedef enum {
    ALWAYS,
    SEARCHED,    /* structures were proposed and judged, not only given ones fitted */
    ICOSAHEDRON, /* such a structure is among those that fit best */
    DECAHEDRON,
    PDFGETX3, /* made the data */
    N_CONDITIONS
} condition;

typedef struct {
    const char *key;
    condition when;
    const char *authors;
    int year;
    const char *title, *journal, *volume, *page, *doi;
} reference;

#define X(...) {__VA_ARGS__},
static const reference references[] = {CLI_REFERENCE_LIST(X)};
#undef X

typedef struct {
    bool bibtex;
} options;

static const deepstruc_field option_fields[] = {
    {"bibtex", DEEPSTRUC_FIELD_FLAG, offsetof(options, bibtex), 0, 0, false, NULL, "as BibTeX entries"}, {0}};

/* What holds for one result. */
static void read_conditions(const json_t *result, bool holds[N_CONDITIONS])
{
    const json_t *candidates = json_object_get(result, "candidates"), *candidate;
    const json_t *header = json_object_get(json_object_get(result, "input"), "header");
    const char *dialect = json_string_value(json_object_get(header, "dialect"));
    size_t i;
    holds[ALWAYS] = true;
    holds[PDFGETX3] |= dialect && strncmp(dialect, "PDFgetX3", 8) == 0;
    json_array_foreach(candidates, i, candidate)
    {
        const char *method = json_string_value(json_object_get(candidate, "method"));
        const char *type = json_string_value(json_object_get(candidate, "type"));
        bool best = json_integer_value(json_object_get(candidate, "group")) == 1;
        holds[SEARCHED] |= method && strcmp(method, "given") != 0;
        holds[ICOSAHEDRON] |= best && type && strcmp(type, "icosahedron") == 0;
        holds[DECAHEDRON] |= best && type && strcmp(type, "decahedron") == 0;
    }
}

/* `path` is a result.json, or the folder of one. */
static deepstruc_status read_result(const char *path, bool holds[N_CONDITIONS], deepstruc_diag *diag)
{
    char file[PATH_MAX];
    struct stat info;
    json_error_t error = {0};
    bool folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    *diag = (deepstruc_diag){0};
    snprintf(file, sizeof file, "%s%s", path, folder ? "/result.json" : "");
    snprintf(diag->file, sizeof diag->file, "%.255s", file);
    FILE *stream = fopen(file, "r");
    if (!stream) {
        snprintf(diag->message, sizeof diag->message, "cannot be opened: %s; name a folder that solve or refine wrote",
                 strerror(errno));
        return diag->status = DEEPSTRUC_CANNOT_READ;
    }
    json_t *result = json_loadf(stream, 0, &error);
    fclose(stream);
    if (!result || !json_is_array(json_object_get(result, "candidates"))) {
        diag->line = result ? 0 : error.line;
        snprintf(diag->message, sizeof diag->message, "is no result.json of deepstruc%s%s", result ? "" : ": ",
                 result ? "" : error.text);
        json_decref(result);
        return diag->status = DEEPSTRUC_BAD_INPUT;
    }
    read_conditions(result, holds);
    json_decref(result);
    return DEEPSTRUC_OK;
}

static void print_software(bool bibtex)
{
    if (bibtex)
        printf("@software{deepstruc,\n  title = {deepstruc},\n  author = {{The deepstruc developers}},\n"
               "  version = {%s},\n  license = {Apache-2.0}\n}\n",
               deepstruc_version());
    else
        printf("The deepstruc developers: deepstruc, version %s.\n", deepstruc_version());
}

static void print_reference(const reference *r, bool bibtex)
{
    if (bibtex) {
        printf(
            "@article{%s,\n  author = {%s},\n  title = {{%s}},\n  journal = {%s},\n  volume = {%s},\n  pages = {%s},\n"
            "  year = {%d}",
            r->key, r->authors, r->title, r->journal, r->volume, r->page, r->year);
        if (r->doi[0])
            printf(",\n  doi = {%s}", r->doi);
        puts("\n}");
        return;
    }
    for (const char *c = r->authors; *c; c++) /* "A, B. and C, D." reads better with semicolons */
        if (strncmp(c, " and ", 5) == 0) {
            fputs("; ", stdout);
            c += 4;
        } else {
            putchar(*c);
        }
    printf(": %s. %s %s, %s (%d).", r->title, r->journal, r->volume, r->page, r->year);
    if (r->doi[0])
        printf(" doi %s", r->doi);
    putchar('\n');
}

static int run(cli_call *call)
{
    options o = {0};
    const cli_group groups[] = {{"Form", option_fields, &o}, {0}};
    int code = cli_parse(call, groups, 0, INT_MAX);
    if (code != CLI_CONTINUE)
        return code;
    bool holds[N_CONDITIONS] = {false};
    deepstruc_diag diag;
    for (int i = 0; i < call->n_operands; i++)
        if (read_result(call->operands[i], holds, &diag) != DEEPSTRUC_OK)
            return cli_fail(&diag);
    print_software(o.bibtex);
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (call->n_operands == 0 || holds[references[i].when])
            print_reference(&references[i], o.bibtex);
    return CLI_OK;
}

const cli_command cli_command_cite = {
    .name = "cite",
    .operands = "[RESULT...]",
    .summary = "The works to cite for a result",
    .details =
        "RESULT is a folder that solve or refine wrote, or its result.json; several are taken together. Without\n"
        "one, every work that the program rests on.",
    .run = run,
};
