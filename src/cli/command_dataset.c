/* deepstruc dataset: the structures of a protocol, listed, or simulated into a file. */
#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <deepstruc/dataset.h>

#include "cli/cli.h"

typedef struct {
    const char *protocol, *from;
    bool list;
} settings;

static const deepstruc_field fields[] = {
    {"protocol", DEEPSTRUC_FIELD_TEXT, offsetof(settings, protocol), 0, 0, false, "NAME",
     "paper: 197 shapes in 19 sizes; stacking: close-packed layers in every sequence"},
    {"from", DEEPSTRUC_FIELD_TEXT, offsetof(settings, from), 0, 0, true, "DIR",
     "add the structures of your own that lie there (.xyz, .cif, .stru), split 60/20/20"},
    {"list", DEEPSTRUC_FIELD_FLAG, offsetof(settings, list), 0, 0, false, NULL,
     "one line per structure: name, type, atoms, element"},
    {0}};

static int list(const cli_call *call, const char *protocol)
{
    deepstruc_structures *structures;
    deepstruc_diag diag;
    if (deepstruc_structures_of_protocol(&structures, protocol, &diag) != DEEPSTRUC_OK)
        return diag.status == DEEPSTRUC_BAD_ARGUMENT ? cli_usage(call, "%s", diag.message) : cli_fail(&diag);
    for (size_t i = 0; i < structures->n; i++) {
        const deepstruc_structure *one = &structures->structure[i];
        printf("%s\t%s\t%zu\t%s\n", one->name, deepstruc_type_name(one->recipe.type), one->n_atoms, one->element);
    }
    deepstruc_structures_destroy(structures);
    return CLI_OK;
}

static int is_structure(const struct dirent *entry)
{
    const char *ending = strrchr(entry->d_name, '.');
    return ending && ending != entry->d_name &&
           (strcasecmp(ending, ".xyz") == 0 || strcasecmp(ending, ".cif") == 0 || strcasecmp(ending, ".stru") == 0);
}

/* The structures of a folder, in the order of their names, with PDFs simulated as the protocol's are. */
static deepstruc_status read_own(deepstruc_dataset **out, const char *folder, const deepstruc_pdf_settings *published,
                                 deepstruc_diag *diag)
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, is_structure, alphasort);
    size_t n_read = 0;
    deepstruc_cluster **own = calloc(n > 0 ? (size_t)n : 1, sizeof *own);
    deepstruc_status status = own && n > 0 ? DEEPSTRUC_OK : DEEPSTRUC_CANNOT_READ;
    if (status != DEEPSTRUC_OK) {
        *diag = (deepstruc_diag){.status = status};
        snprintf(diag->file, sizeof diag->file, "%s", folder);
        snprintf(diag->message, sizeof diag->message, "is no folder with .xyz, .cif or .stru files that can be read");
    }
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        if (status == DEEPSTRUC_OK)
            status = deepstruc_cluster_read(&own[n_read], path, diag);
        n_read += status == DEEPSTRUC_OK;
        free(entry[i]);
    }
    free(entry);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_dataset_of_clusters(out, (const deepstruc_cluster *const *)own, n_read, published, diag);
    for (size_t i = 0; i < n_read; i++)
        deepstruc_cluster_destroy(own[i]);
    free(own);
    return status;
}

static int simulate(const cli_call *call, const char *protocol, const char *from)
{
    deepstruc_diag diag;
    deepstruc_dataset *dataset = NULL;
    deepstruc_pdf_settings published = deepstruc_pdf_settings_default();
    deepstruc_status status =
        deepstruc_dataset_simulate(&dataset, protocol, &published, cli_progress_begin(call), &diag);
    cli_progress_end();
    if (status == DEEPSTRUC_BAD_ARGUMENT)
        return cli_usage(call, "%s", diag.message);
    if (status == DEEPSTRUC_OK && from) {
        deepstruc_dataset *own = NULL;
        status = read_own(&own, from, &published, &diag);
        if (status == DEEPSTRUC_OK)
            status = deepstruc_dataset_append(dataset, own, &diag);
        deepstruc_dataset_destroy(own);
    }
    if (status == DEEPSTRUC_OK && cli_leads(call))
        status = deepstruc_dataset_write(dataset, call->common.output, call->common.force, &diag);
    status = deepstruc_ranks_agree(call->ranks, status, &diag);
    if (status == DEEPSTRUC_OK && !call->common.quiet && cli_leads(call)) {
        char text[256];
        deepstruc_dataset_describe(dataset, text, sizeof text);
        printf("%s: %s\n", call->common.output, text);
    }
    deepstruc_dataset_destroy(dataset);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail_together(call, &diag);
}

static int run(cli_call *call)
{
    settings s = {.protocol = "paper"};
    const cli_group groups[] = {{"Data set", fields, &s}, {0}};
    int code = cli_parse(call, groups, 0, 0);
    if (code != CLI_CONTINUE)
        return code;
    if (!s.list == !call->common.output)
        return cli_usage(call, "wants either --list or -o FILE.h5");
    if (s.list && !cli_leads(call))
        return CLI_OK;
    return s.list ? list(call, s.protocol) : simulate(call, s.protocol, s.from);
}

const cli_command cli_command_dataset = {
    .name = "dataset",
    .operands = "[--protocol NAME] --list | [--from DIR] -o FILE.h5",
    .summary = "The structures that models are trained and judged on",
    .details = "PDFs are simulated as the published labels were: Q from 0.7 to 25 1/A, Biso 0.3 A^2, r from 0 to 30 A.",
    .run = run,
    .shared = true,
};
