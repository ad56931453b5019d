#include "serve/fail.h"

#include <stdarg.h>
#include <stdio.h>

deepstruc_status serve_fail(deepstruc_diag *diag, deepstruc_status status, const char *file, const char *format, ...)
{
    if (!diag)
        return status;
    *diag = (deepstruc_diag){.status = status};
    snprintf(diag->file, sizeof diag->file, "%s", file);
    va_list args;
    va_start(args, format);
    vsnprintf(diag->message, sizeof diag->message, format, args);
    va_end(args);
    return status;
}
