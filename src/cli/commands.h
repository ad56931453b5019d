/* The one list of commands, in the order of --help. X(name) wants a `const cli_command cli_command_name` in
 * src/cli/command_name.c. */
#define CLI_COMMAND_LIST(X) X(simulate)
