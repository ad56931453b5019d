#include "base/kinds.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *kinds_other(const char *path, kinds_kind wanted)
{
    static const struct {
        const char *ending;
        kinds_kind kind;
        const char *words;
    } known[] = {{".gr", KINDS_PDF, "a PDF, by its name"},
                 {".fgr", KINDS_PDF, "a fitted PDF, by its name"},
                 {".sq", KINDS_PDF, "a structure function, by its name"},
                 {".fq", KINDS_PDF, "a structure function, by its name"},
                 {".xyz", KINDS_STRUCTURE, "a structure, by its name"},
                 {".extxyz", KINDS_STRUCTURE, "a structure, by its name"},
                 {".cif", KINDS_STRUCTURE, "a structure, by its name"},
                 {".stru", KINDS_STRUCTURE, "a structure, by its name"},
                 {".safetensors", KINDS_MODEL, "a model, by its name"},
                 {".h5", KINDS_SET, "a data set, by its name"},
                 {".ddp", KINDS_PROJECT, "a project of PDFgui's (deepstruc convert opens it)"},
                 {".ddp3", KINDS_PROJECT, "a project of PDFgui's (deepstruc convert opens it)"}};
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].ending, ending) == 0)
            return known[i].kind == wanted ? NULL : known[i].words;
    return NULL;
}
