#include <stdio.h>
#include <string.h>

#include <deepstruc/pdf.h>

#include "cli/cli.h"

typedef struct {
    const char *compat;
} simulate_options;

static const deepstruc_field simulate_fields[] = {
    {"compat", DEEPSTRUC_FIELD_TEXT, offsetof(simulate_options, compat), 0, 0, true, "diffpy",
     "evaluate as libdiffpy's DebyePDFCalculator does, interpolation included"},
    {0}};

/* X.xyz -> X.gr in this folder; standard input -> standard output. */
static void default_output(char *out, size_t size, const char *input)
{
    const char *slash = strrchr(input, '/'), *name = slash ? slash + 1 : input, *dot = strrchr(name, '.');
    size_t stem = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    if (strcmp(input, "-") == 0)
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%.*s.gr", (int)stem, name);
}

/* A file that this program wrote can be written again; anything else, a measured PDF above all, wants --force. */
static bool is_ours(const char *path)
{
    char head[256] = "";
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t n = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    head[n] = '\0';
    return strstr(head, "\nversion = deepstruc ") != NULL;
}

static int run(cli_call *call)
{
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    simulate_options options = {0};
    cli_files files = {0};
    const cli_group groups[] = {{"PDF", deepstruc_pdf_settings_fields, &settings},
                                {"Mode", simulate_fields, &options},
                                {"Settings files", cli_files_fields, &files},
                                {0}};
    int code = cli_parse(call, groups, 1, 1);
    if (code != CLI_CONTINUE)
        return code;
    if (files.print_settings)
        return cli_print_settings(call, groups);
    if (options.compat && strcmp(options.compat, "diffpy") != 0)
        return cli_usage(call, "--compat knows diffpy, not '%s'", options.compat);
    char path[4096];
    default_output(path, sizeof path, call->operands[0]);
    const char *output = call->common.output ? call->common.output : path;

    deepstruc_diag diag = {0};
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_mode mode = options.compat ? DEEPSTRUC_MODE_DIFFPY : DEEPSTRUC_MODE_EXACT;
    deepstruc_status status = deepstruc_cluster_read(&cluster, call->operands[0], &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_simulate(&pdf, cluster, &settings, mode, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_write(pdf, output, call->common.force || is_ours(output), &diag);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

const cli_command cli_command_simulate = {
    .name = "simulate",
    .operands = "STRUCTURE [-o FILE.gr]",
    .summary = "The PDF of a structure, by the Debye sum",
    .details = "Reads .xyz (- for standard input), .cif and PDFfit's .stru: the atoms, as one particle. Writes G(r), "
               "by default\n"
               "to the structure's name with .gr in this folder. The defaults are those of the published training set.",
    .run = run,
};
