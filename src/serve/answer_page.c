/* The page itself. */
#include <string.h>

#include "serve/page.h"
#include "serve/request.h"

static const page_file *find(const char *name)
{
    for (const page_file *file = page_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

void answer_page(request *r)
{
    static const char absent[] = "This build of deepstruc has no page: Node.js was missing when it was built.\n"
                                 "Its JSON API is at /api; docs/api.md describes it.\n";
    const page_file *file = find("index.html");
    if (file)
        reply_static(r, file->type, file->bytes, file->size, true, false);
    else
        reply_static(r, "text/plain; charset=utf-8", absent, sizeof absent - 1, false, false);
}

/* Names of assets hold a hash of their content. */
void answer_asset(request *r)
{
    const page_file *file = find(r->rest);
    if (file)
        reply_static(r, file->type, file->bytes, file->size, true, true);
    else
        reply_error(r, 404, "there is no such file");
}
