#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

deepstruc_status cli_refuse_existing(const char *path, bool force, deepstruc_diag *diag)
{
    if (!path || force || strcmp(path, "-") == 0 || access(path, F_OK) != 0)
        return DEEPSTRUC_OK;
    *diag =
        (deepstruc_diag){.status = DEEPSTRUC_EXISTS, .message = "exists already; choose another name or add --force"};
    snprintf(diag->file, sizeof diag->file, "%.*s", (int)sizeof diag->file - 1, path);
    return diag->status;
}
