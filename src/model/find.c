#include "model/find.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"

/* The folder of the running program; "." when the system does not say. */
static void program_folder(char *out, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    text_copy(out + (n > 0 ? n : 0), size - (size_t)(n > 0 ? n : 0), n > 0 ? "" : ".");
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = '\0';
}

deepstruc_status model_find(char *path, size_t size, const char *name, deepstruc_diag *diag)
{
    /* Installed: bin/ and share/ are neighbours. Built: build/PRESET/, or tests/ in it, below the source tree. */
    static const char *const places[] = {"../share/deepstruc/models", "../../models", "../../../models"};
    char folder[3000];
    if (!name)
        name = "default";
    snprintf(path, size, "%s", name);
    if (strchr(name, '/') || strstr(name, ".safetensors"))
        return access(path, R_OK) == 0 ? DEEPSTRUC_OK
                                       : diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, name, 0, "no such model file");
    program_folder(folder, sizeof folder);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(path, size, "%s/%s/%s.safetensors", folder, places[i], name);
        if (access(path, R_OK) == 0)
            return DEEPSTRUC_OK;
    }
    return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                     "no model '%s' in share/deepstruc/models beside %.200s; install the models or give a file with -m",
                     name, folder);
}
