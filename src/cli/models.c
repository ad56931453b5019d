#include "cli/cli.h"

bool cli_find_model(const char *name, char *out, size_t size)
{
    return deepstruc_model_find(out, size, name, NULL) == DEEPSTRUC_OK;
}
