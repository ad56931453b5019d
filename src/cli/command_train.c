/* deepstruc train: a network from a data set. */
#include <stdio.h>

#include <deepstruc/train.h>

#include "cli/cli.h"

static void print_result(const char *path, const deepstruc_train_result *result)
{
    printf("%s: %ld epochs, %ld steps", path, result->epochs, result->steps);
    if (result->epochs > 0)
        printf("; loss %.4g, validation error %.3f A, %.1f %% of the counts right", result->loss, result->error,
               100 * result->exact_count);
    puts(result->finished ? "" : "; stopped, add --resume to go on");
}

static int run(cli_call *call)
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
    deepstruc_dataset *dataset;
    if (deepstruc_dataset_read(&dataset, call->operands[0], &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    deepstruc_train_result result;
    deepstruc_status status = deepstruc_train(dataset, call->common.output, call->common.force, &settings,
                                              cli_progress_begin(call), &result, &diag);
    cli_progress_end();
    deepstruc_dataset_destroy(dataset);
    if (status != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!call->common.quiet)
        print_result(call->common.output, &result);
    return CLI_OK;
}

const cli_command cli_command_train = {
    .name = "train",
    .operands = "DATA.h5 -o MODEL.safetensors",
    .summary = "Train a network on a data set.",
    .details =
        "DATA.h5 comes from deepstruc dataset -o; the original's graph files, or a folder of them, are read too.\n"
        "Beside the model stand MODEL.safetensors.checkpoint, from which --resume goes on, and\n"
        "MODEL.safetensors.csv with one line per epoch. Interrupting stops cleanly with both.",
    .run = run,
};
