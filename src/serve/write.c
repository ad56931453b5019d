#define _GNU_SOURCE
#include "serve/write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve/fail.h"

deepstruc_status write_file(const char *path, const void *bytes, size_t size, deepstruc_diag *diag)
{
    char temporary[4200];
    snprintf(temporary, sizeof temporary, "%s.tmp-XXXXXX", path);
    int fd = mkstemp(temporary);
    bool good = fd >= 0;
    for (size_t at = 0; good && at < size;) {
        ssize_t n = write(fd, (const char *)bytes + at, size - at);
        good = n > 0;
        at += good ? (size_t)n : 0;
    }
    good = good && fsync(fd) == 0;
    if (fd >= 0)
        good = close(fd) == 0 && good;
    if (good && rename(temporary, path) == 0)
        return DEEPSTRUC_OK;
    deepstruc_status status = serve_fail(diag, DEEPSTRUC_CANNOT_WRITE, path, "cannot be written: %s", strerror(errno));
    if (fd >= 0)
        unlink(temporary);
    return status;
}
