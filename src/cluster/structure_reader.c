/* A structure file of any kind, by its ending. */
#include <deepstruc/cluster.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/kinds.h"
#include "base/text.h"
#include "cluster/readers.h"

deepstruc_status deepstruc_cluster_read(deepstruc_cluster **out, const char *path, deepstruc_diag *diag)
{
    const char *ending = strrchr(path, '.');
    bool stru = ending && strcasecmp(ending, ".stru") == 0, cif = ending && strcasecmp(ending, ".cif") == 0;
    deepstruc_status status;
    if (!stru && !cif) {
        status = deepstruc_cluster_read_xyz(out, path, diag);
        const char *other = kinds_other(path, KINDS_STRUCTURE);
        if (status == DEEPSTRUC_BAD_INPUT && other)
            return diag_fail_at(diag, status, path, 0, "is %s; a structure (.xyz, .cif, .stru) is wanted here", other);
        return status;
    }
    char *bytes;
    size_t size;
    status = file_read(&bytes, &size, path, READERS_MAX_FILE, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = cif ? deepstruc_cluster_parse_cif(out, bytes, size, path, diag)
                 : deepstruc_cluster_parse_stru(out, bytes, size, path, diag);
    free(bytes);
    if (status == DEEPSTRUC_OK && !(*out)->name[0])
        text_stem(path, (*out)->name, sizeof(*out)->name);
    return status;
}
