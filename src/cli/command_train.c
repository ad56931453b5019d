/* deepstruc train: a network from a data set, or from PDFs simulated on the fly. */
#include <stdio.h>
#include <string.h>

#include <deepstruc/layers.h>
#include <deepstruc/sites.h>
#include <deepstruc/train.h>
#include <deepstruc/tree.h>

#include "cli/cli.h"

/* The architecture decides which options there are, so it is looked for before they are parsed. */
static bool is_arch(const cli_call *call, const char *name)
{
    for (int i = 0; i < call->argc; i++)
        if ((strncmp(call->argv[i], "--arch=", 7) == 0 && strcmp(call->argv[i] + 7, name) == 0) ||
            (strcmp(call->argv[i], "--arch") == 0 && i + 1 < call->argc && strcmp(call->argv[i + 1], name) == 0))
            return true;
    return false;
}

/* A training that is not shared would be done, and written, by every rank. */
static int refuse_ranks(const cli_call *call, const char *arch)
{
    if (deepstruc_ranks_count(call->ranks) == 1)
        return CLI_CONTINUE;
    return cli_usage(call, "--arch %s trains as one process; start it without mpirun", arch);
}

/* ---- those that need no data set: every sample is simulated when it is needed -------------------------------------
 */

/* Reads the options of one architecture; where it trains as one process, refuses to be one of several. */
static int parse_arch(cli_call *call, const char *name, const char *help, const deepstruc_field *fields, void *settings,
                      bool as_ranks)
{
    struct {
        const char *arch;
    } choice = {name};
    const deepstruc_field arch[] = {{"arch", DEEPSTRUC_FIELD_TEXT, 0, 0, 0, false, "NAME", help}, {0}};
    const cli_group groups[] = {{"Architecture", arch, &choice}, {"Training", fields, settings}, {0}};
    int code = cli_parse(call, groups, 0, 0);
    if (code == CLI_CONTINUE && !as_ranks)
        code = refuse_ranks(call, name);
    if (code != CLI_CONTINUE)
        return code;
    if (!call->common.output)
        return cli_usage(call, "wants -o MODEL");
    return CLI_CONTINUE;
}

/* `made`: what to say of the output when all went well. */
static int end_arch(const cli_call *call, deepstruc_status status, const deepstruc_diag *diag, const char *made)
{
    cli_progress_end();
    if (status != DEEPSTRUC_OK)
        return cli_fail_together(call, diag);
    if (!call->common.quiet && cli_leads(call))
        printf("%s %s\n", call->common.output, made);
    return CLI_OK;
}

static int run_sites(cli_call *call)
{
    deepstruc_sites_training settings = deepstruc_sites_training_default();
    int code = parse_arch(call, "sites", "sites: the default model, simulated on the fly",
                          deepstruc_sites_training_fields, &settings, true);
    if (code != CLI_CONTINUE)
        return code;
    settings.seed = call->common.seed;
    deepstruc_diag diag;
    deepstruc_status status =
        deepstruc_sites_train(call->common.output, &settings, call->common.force, cli_progress_begin(call), &diag);
    return end_arch(call, status, &diag,
                    settings.calibrate ? "calibrated" : "and its checkpoint written; --resume goes on");
}

static int run_stacking(cli_call *call)
{
    deepstruc_layers_training settings = deepstruc_layers_training_default();
    int code = parse_arch(call, "stacking", "stacking: sequences of close-packed layers, simulated on the fly",
                          deepstruc_layers_training_fields, &settings, false);
    if (code != CLI_CONTINUE)
        return code;
    settings.seed = call->common.seed;
    deepstruc_diag diag;
    deepstruc_status status =
        deepstruc_layers_train(call->common.output, &settings, call->common.force, cli_progress_begin(call), &diag);
    return end_arch(call, status, &diag, "and its checkpoint written; --resume goes on");
}

static int run_tree(cli_call *call)
{
    deepstruc_tree_training settings = deepstruc_tree_training_default();
    int code = parse_arch(call, "tree", "tree: XGBoost names the published shape", deepstruc_tree_training_fields,
                          &settings, false);
    if (code != CLI_CONTINUE)
        return code;
    settings.seed = call->common.seed;
    deepstruc_diag diag;
    deepstruc_status status =
        deepstruc_tree_train(call->common.output, &settings, call->common.force, cli_progress_begin(call), &diag);
    return end_arch(call, status, &diag, "written: trees for each published shape");
}

/* ---- deepstruc-2023: a data set in a file ----------------------------------------------------------------------- */

static void print_result(const char *path, const deepstruc_train_result *result)
{
    printf("%s: %ld epochs, %ld steps", path, result->epochs, result->steps);
    if (result->epochs > 0)
        printf("; loss %.4g, validation error %.3f A, %.1f %% of the counts right", result->loss, result->error,
               100 * result->exact_count);
    puts(result->finished ? "" : "; stopped, add --resume to go on");
}

static int run_2023(cli_call *call)
{
    deepstruc_train_settings settings = deepstruc_train_settings_default();
    const cli_group groups[] = {{"Training", deepstruc_train_settings_fields, &settings}, {0}};
    int code = cli_parse(call, groups, 1, 1);
    if (code != CLI_CONTINUE)
        return code;
    if (!call->common.output)
        return cli_usage(call, "wants -o MODEL.safetensors");
    settings.seed = call->common.seed;
    settings.threads = call->common.threads;
    deepstruc_diag diag;
    deepstruc_dataset *dataset = NULL;
    deepstruc_train_result result;
    deepstruc_status status = deepstruc_dataset_read(&dataset, call->operands[0], &diag);
    status = deepstruc_ranks_agree(call->ranks, status, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_train(dataset, call->common.output, call->common.force, &settings, cli_progress_begin(call),
                                 &result, &diag);
    cli_progress_end();
    deepstruc_dataset_destroy(dataset);
    if (status != DEEPSTRUC_OK)
        return cli_fail_together(call, &diag);
    if (!call->common.quiet && cli_leads(call))
        print_result(call->common.output, &result);
    return CLI_OK;
}

static int run(cli_call *call)
{
    if (call->visitor) { /* every set of options is to be heard */
        run_2023(call);
        run_tree(call);
        run_stacking(call);
    }
    return call->visitor || is_arch(call, "sites") ? run_sites(call)
           : is_arch(call, "tree")                 ? run_tree(call)
           : is_arch(call, "stacking")             ? run_stacking(call)
                                                   : run_2023(call);
}

const cli_command cli_command_train = {
    .name = "train",
    .operands = "[DATA.h5] -o MODEL.safetensors [--arch NAME]",
    .summary = "Trains a network",
    .details =
        "deepstruc-2023 trains on DATA.h5, which comes from deepstruc dataset -o; the original's graph files, or a\n"
        "folder of them, are read too. --arch sites, the default model, needs no data: its samples are simulated\n"
        "on the fly (deepstruc train --arch sites --help shows its options). --arch stacking, sequences of\n"
        "close-packed layers, needs none either, nor does --arch tree, the paper's classifier baseline, which\n"
        "wants XGBoost installed.\n"
        "Beside the model stand MODEL.safetensors.checkpoint, from which --resume goes on, and\n"
        "MODEL.safetensors.csv with a line per epoch. Interrupting stops cleanly with all three.",
    .run = run,
    .shared = true,
};
