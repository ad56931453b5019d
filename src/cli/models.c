/* Where models are: a path as it is; a name in ../share/deepstruc/models beside the program, or in models/ of the
 * source tree that the program was built in. */
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static bool readable(const char *path)
{
    return access(path, R_OK) == 0;
}

bool cli_find_model(const char *name, char *out, size_t size)
{
    static const char *const places[] = {"../share/deepstruc/models", "../../models"};
    char program[PATH_MAX];
    if (name && (strchr(name, '/') || strchr(name, '.'))) {
        snprintf(out, size, "%s", name);
        return readable(out);
    }
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return false;
    program[length] = '\0';
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(out, size, "%s/%s/%s.safetensors", folder, places[i], name ? name : "default");
        if (n > 0 && (size_t)n < size && readable(out))
            return true;
    }
    return false;
}
