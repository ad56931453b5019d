/* deepstruc dataset: the structures of a protocol. */
#include <stdio.h>

#include <deepstruc/dataset.h>

#include "cli/cli.h"

typedef struct {
    const char *protocol;
    bool list;
} settings;

static const deepstruc_field fields[] = {{"protocol", DEEPSTRUC_FIELD_TEXT, offsetof(settings, protocol), 0, 0, false,
                                          "NAME", "paper: 197 shapes in 19 sizes"},
                                         {"list", DEEPSTRUC_FIELD_FLAG, offsetof(settings, list), 0, 0, false, NULL,
                                          "one line per structure: name, type, atoms, element"},
                                         {0}};

static int run(cli_call *call)
{
    settings s = {.protocol = "paper"};
    const cli_group groups[] = {{"Data set", fields, &s}, {0}};
    int code = cli_parse(call, groups, 0, 0);
    if (code != CLI_CONTINUE)
        return code;
    if (!s.list)
        return cli_usage(call, "wants --list");
    deepstruc_structures *structures;
    deepstruc_diag diag;
    if (deepstruc_structures_of_protocol(&structures, s.protocol, &diag) != DEEPSTRUC_OK)
        return diag.status == DEEPSTRUC_BAD_ARGUMENT ? cli_usage(call, "%s", diag.message) : cli_fail(&diag);
    for (size_t i = 0; i < structures->n; i++) {
        const deepstruc_structure *one = &structures->structure[i];
        printf("%s\t%s\t%zu\t%s\n", one->name, deepstruc_type_name(one->recipe.type), one->n_atoms, one->element);
    }
    deepstruc_structures_destroy(structures);
    return CLI_OK;
}

const cli_command cli_command_dataset = {
    .name = "dataset",
    .operands = "--list [--protocol NAME]",
    .summary = "The structures that models are trained and judged on.",
    .details = "",
    .run = run,
};
