/* deepstruc serve: the web page on this machine's own address. */
#include <limits.h>
#include <stdio.h>

#include "cli/cli.h"
#include "serve/serve.h"

typedef struct {
    const cli_call *call;
    const char *folder;
    bool (*cancelled)(void *user);
    void *cancelled_user;
} session;

static void say_ready(void *user, int port)
{
    const session *s = user;
    if (s->call->common.quiet)
        return;
    printf("http://127.0.0.1:%d/\nJobs and results are kept in %s; Ctrl-C ends the server.\n", port, s->folder);
    fflush(stdout);
}

static bool ask_cancelled(void *user)
{
    const session *s = user;
    return s->cancelled(s->cancelled_user);
}

static int run(cli_call *call)
{
    serve_settings settings = serve_settings_default();
    const cli_group groups[] = {{"Server", serve_settings_fields, &settings}, {0}};
    char model[PATH_MAX];
    int code = cli_parse(call, groups, 0, 0);
    if (code != CLI_CONTINUE)
        return code;
    deepstruc_diag diag = {0};
    deepstruc_status found = deepstruc_model_find(model, sizeof model, settings.model, &diag);
    if (settings.model && found != DEEPSTRUC_OK)
        return cli_fail(&diag);
    settings.model = found == DEEPSTRUC_OK ? model : NULL;
    settings.threads = call->common.threads;
    const deepstruc_progress *signals = cli_progress_begin(call);
    session s = {call, settings.data, signals->cancelled, signals->user};
    deepstruc_status status =
        serve_run(&settings, say_ready, &(deepstruc_progress){.cancelled = ask_cancelled, .user = &s}, &diag);
    cli_progress_end();
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

const cli_command cli_command_serve = {
    .name = "serve",
    .operands = "[--port N] [--data DIR]",
    .summary = "The web page, on this machine only",
    .details = "Drop .gr files on the page, watch them being solved, look at the results, explore the latent map.\n"
               "The same through a JSON API: docs/api.md. Answers to 127.0.0.1 and localhost only.",
    .run = run,
};
