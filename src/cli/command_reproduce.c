/* deepstruc reproduce: the published tables and figures, ours beside theirs. */
#include <stdio.h>

#include <deepstruc/reproduce.h>

#include "cli/cli.h"

static void find(const char **file, const char *name, char *out, size_t size)
{
    if (cli_find_model(*file ? *file : name, out, size))
        *file = out;
}

static int run(cli_call *call)
{
    deepstruc_reproduce_settings settings = deepstruc_reproduce_settings_default();
    const cli_group groups[] = {{"Study", deepstruc_reproduce_settings_fields, &settings}, {0}};
    int code = cli_parse(call, groups, 0, 0);
    if (code != CLI_CONTINUE)
        return code;
    char model[4096], tree[4096], plain[4096], network[4096], stackings[4096];
    settings.seed = call->common.seed;
    find(&settings.model, "default", model, sizeof model);
    find(&settings.tree, "tree", tree, sizeof tree);
    find(&settings.plain, "plain-cvae", plain, sizeof plain);
    find(&settings.network, "deepstruc-2023", network, sizeof network);
    find(&settings.stackings, "stacking", stackings, sizeof stackings);
    const char *dir = call->common.output ? call->common.output : "deepstruc-reproduction";
    deepstruc_diag diag = {0};
    deepstruc_status status = deepstruc_reproduce(dir, &settings, call->common.force, cli_progress_begin(call), &diag);
    cli_progress_end();
    if (status != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!call->common.quiet)
        printf("Results: %s/ (table.html, table.md, table.json, figures as .svg and .png, data/)\n", dir);
    return CLI_OK;
}

const cli_command cli_command_reproduce = {
    .name = "reproduce",
    .operands = "[-o DIR]",
    .summary = "The published tables and figures, ours beside theirs",
    .details =
        "Makes DIR (default deepstruc-reproduction), or completes it: finished parts are not computed again while\n"
        "settings and models are the same; --force computes all. Models that are not there, and the published\n"
        "measurements without --data, stand as missing. All cases take hours; --limit 40 some minutes each part.",
    .run = run,
};
