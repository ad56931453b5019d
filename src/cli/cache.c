/* The folder of what can be made again, by the XDG base directory specification: the library itself reads no
 * environment. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

bool cli_cache_folder(char *out, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (cache && cache[0] == '/') /* the specification: relative paths are to be ignored */
        n = snprintf(out, size, "%s", cache);
    else if (home && home[0] == '/')
        n = snprintf(out, size, "%s/.cache", home);
    if (n < 0 || (size_t)n + sizeof "/deepstruc" > size)
        return false;
    mkdir(out, 0700);
    snprintf(out + n, size - (size_t)n, "/deepstruc");
    mkdir(out, 0700);
    return access(out, W_OK) == 0;
}
