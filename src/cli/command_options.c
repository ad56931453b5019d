/* deepstruc options: every command's options, for shells and manuals. One table of options feeds them all. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/forms.h"

static const cli_form *const forms[] = {&cli_form_bash, &cli_form_zsh, &cli_form_fish, &cli_form_man,
                                        &cli_form_markdown};

static int run(cli_call *call)
{
    const cli_group groups[] = {{0}};
    int code = cli_parse(call, groups, 1, 1);
    if (code != CLI_CONTINUE)
        return code;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i]->name, call->operands[0]) == 0) {
            forms[i]->print();
            return CLI_OK;
        }
    return cli_usage(call, "'%s' is no form; there are bash, zsh, fish, man, markdown", call->operands[0]);
}

const cli_command cli_command_options = {
    .name = "options",
    .operands = "bash|zsh|fish|man|markdown",
    .summary = "All commands and options, as shell completion or as a manual",
    .details = "The installed completions, man page and reference are this command's output. By hand:\n\n"
               "  source <(deepstruc options bash)\n"
               "  deepstruc options man | man -l -",
    .run = run,
};
