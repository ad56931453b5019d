/* Any bytes as an archive: files whose every byte may be read, or a diagnostic. */
#include "fuzz.h"

#include <string.h>

#include "project/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char path[192];
    archive_members members;
    deepstruc_diag diag;
    if (!path[0])
        snprintf(path, sizeof path, "%s/a.ddp", fuzz_folder());
    fuzz_write(path, bytes, size);
    if (archive_read_members(&members, path, &diag) != DEEPSTRUC_OK) {
        promise(diag.message[0] && !strchr(diag.message, '\n'));
        return 0;
    }
    volatile char last = 0;
    for (size_t i = 0; i < members.n; i++)
        for (size_t k = 0; k <= members.member[i].size; k++)
            last = members.member[i].bytes[k] ^ members.member[i].name[0];
    promise(members.n == 0 || last == members.member[members.n - 1].name[0]); /* a zero ends the bytes */
    archive_clear(&members);
    return 0;
}
