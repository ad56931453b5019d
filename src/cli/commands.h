/* The one list of commands, in the order of --help. X(name) wants a `const cli_command cli_command_name` in
 * src/cli/command_name.c. */
/* clang-format off */
#ifdef DEEPSTRUC_HAVE_SERVE
#define CLI_COMMAND_SERVE(X) X(serve)
#else
#define CLI_COMMAND_SERVE(X)
#endif
#define CLI_COMMAND_LIST(X) \
    X(solve) \
    X(build) \
    X(simulate) \
    X(dataset) \
    X(train) \
    X(refine) \
    X(calibrate) \
    X(latent) \
    X(evaluate) \
    X(reproduce) \
    CLI_COMMAND_SERVE(X) \
    X(bench) \
    X(convert) \
    X(info) \
    X(cite) \
    X(options)
/* clang-format on */
