/* Where the models are: beside the library or the program, wherever those were put. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"

/* From the folder of the library or program: installed as bin/ or lib/, as lib/TRIPLET/, as a Python wheel, and
 * build/PRESET/ of the source tree. */
static const char *const places[] = {"../share/deepstruc/models", "../../share/deepstruc/models", "models",
                                     "../../models"};

/* The folder of the file that this code was loaded from; false where the system does not say. */
static bool own_folder(char out[PATH_MAX])
{
    Dl_info info;
    struct link_map *map = NULL;
    if (!dladdr1((const void *)deepstruc_version, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
        return false;
    bool in_program = map->l_name[0] == '\0'; /* the library was linked statically */
    if (!realpath(in_program ? "/proc/self/exe" : map->l_name, out))
        return false;
    char *folder = dirname(out);
    memmove(out, folder, strlen(folder) + 1);
    return true;
}

deepstruc_status deepstruc_model_find(char *out, size_t size, const char *name, deepstruc_diag *diag)
{
    char folder[PATH_MAX], path[PATH_MAX + 512];
    if (!name)
        name = "default";
    if (strchr(name, '/') || strchr(name, '.')) {
        if (access(name, R_OK) != 0)
            return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, name, 0, "there is no such model that can be read");
        text_copy(path, sizeof path, name);
    } else {
        path[0] = '\0';
        bool known = own_folder(folder);
        for (size_t i = 0; known && i < 2 * sizeof places / sizeof *places; i++) {
            snprintf(path, sizeof path, "%s/%s/%.200s.%s", folder, places[i / 2], name,
                     i % 2 ? "ubj" : "safetensors"); /* trees are XGBoost's, in its own format */
            if (access(path, R_OK) == 0)
                break;
            path[0] = '\0';
        }
        if (!path[0])
            return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                             "no model '%.200s' beside the program or library; install the models, or name a file",
                             name);
    }
    if (strlen(path) >= size)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "the model's path is longer than %zu characters", size);
    text_copy(out, size, path);
    return DEEPSTRUC_OK;
}
