/* deepstruc COMMAND [OPTIONS] ARGS: one table of commands; one file per command. */
#include <stdio.h>
#include <string.h>

#include <deepstruc/pdf.h>

#include "cli/cli.h"
#include "cli/commands.h"

#define X(name) extern const cli_command cli_command_##name;
CLI_COMMAND_LIST(X)
#undef X

const cli_command *const cli_commands[] = {
#define X(name) &cli_command_##name,
    CLI_COMMAND_LIST(X)
#undef X
        NULL,
};

static void print_commands(void)
{
    puts("usage: deepstruc COMMAND [OPTIONS] ARGS\n\n"
         "Solves the atomic structure of metallic nanoparticles from pair distribution function (PDF) "
         "data.\n\nCommands:");
    for (const cli_command *const *command = cli_commands; *command; command++)
        printf("  %-10s %s\n", (*command)->name, (*command)->summary);
    puts("\ndeepstruc COMMAND --help shows a command's options.\n"
         "The main job: deepstruc solve FILE.gr");
}

static int run(cli_call *call)
{
    int code = cli_ranks_begin(call);
    if (code == CLI_CONTINUE)
        code = call->command->run(call);
    deepstruc_settings_destroy(call->settings);
    deepstruc_ranks_end(call->ranks);
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_commands();
        return CLI_OK;
    }
    if (strcmp(name, "--version") == 0) {
        printf("deepstruc %s\n%s, pair kernels %s\n", deepstruc_version(), deepstruc_build_facts(),
               deepstruc_engine_kernels());
        return CLI_OK;
    }
    for (const cli_command *const *command = cli_commands; *command; command++)
        if (strcmp(name, (*command)->name) == 0)
            return run(&(cli_call){.command = *command, .argc = argc - 2, .argv = argv + 2});
    cli_near near = {.wanted = name};
    for (const cli_command *const *command = cli_commands; *command; command++)
        cli_near_try(&near, (*command)->name);
    if (name[0])
        fprintf(stderr, "deepstruc: unknown command '%s'%s%s; see deepstruc --help\n", name,
                near.name ? ", perhaps " : "", near.name ? near.name : "");
    else
        fputs("deepstruc: wants a command; see deepstruc --help\n", stderr);
    return CLI_USAGE;
}
