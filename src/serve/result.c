#include "serve/result.h"

json_t *result_read(const folder *data, long id)
{
    char path[FOLDER_PATH];
    folder_result(data, id, "result.json", path);
    return json_load_file(path, 0, NULL);
}
