/* Diagnostics as the library fills them. */
#ifndef SERVE_FAIL_H
#define SERVE_FAIL_H

#include <deepstruc/deepstruc.h>

deepstruc_status serve_fail(deepstruc_diag *diag, deepstruc_status status, const char *file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
