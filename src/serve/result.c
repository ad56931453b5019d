#include "serve/result.h"

#include <string.h>

json_t *result_read(const folder *data, long id)
{
    char path[FOLDER_PATH];
    folder_result(data, id, "result.json", path);
    return json_load_file(path, 0, NULL);
}

const char *result_structure(const json_t *candidate)
{
    static const char beside[] = "candidates/",
                      plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t before = sizeof beside - 1, most = 80;
    const char *name = json_string_value(json_object_get(candidate, "xyz"));
    if (!name || strncmp(name, beside, before) != 0)
        return NULL;
    size_t length = strspn(name + before, plain);
    return length > 0 && length <= most && strcmp(name + before + length, ".xyz") == 0 ? name : NULL;
}
