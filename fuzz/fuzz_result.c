/* Any bytes as a result.json, which an overview of a batch and the pages of an old result are made from. */
#include "fuzz.h"

#include <string.h>
#include <sys/stat.h>

#include <deepstruc/report.h>

static const char *folder;
static char path[192];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_diag diag;
    if (!path[0]) {
        folder = fuzz_folder();
        snprintf(path, sizeof path, "%s/a", folder);
        promise(mkdir(path, 0700) == 0);
        strcat(path, "/result.json");
    }
    fuzz_write(path, bytes, size);
    const deepstruc_overview_item item[] = {{"a.gr", "a", NULL}, {"b.gr", NULL, "cannot be read"}};
    deepstruc_status status = deepstruc_report_overview(item, 2, folder, true, &diag);
    promise(status == DEEPSTRUC_OK || (diag.message[0] && !strchr(diag.message, '\n')));
    return 0;
}
