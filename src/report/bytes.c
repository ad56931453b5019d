#include "report/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

deepstruc_status report_bytes_begin(report_bytes *bytes, deepstruc_diag *diag)
{
    *bytes = (report_bytes){0};
    bytes->stream = open_memstream(&bytes->data, &bytes->size);
    return bytes->stream ? DEEPSTRUC_OK : diag_no_memory(diag);
}

deepstruc_status report_bytes_end(report_bytes *bytes, deepstruc_diag *diag)
{
    int failed = ferror(bytes->stream);
    failed |= fclose(bytes->stream);
    bytes->stream = NULL;
    if (!failed && bytes->data)
        return DEEPSTRUC_OK;
    report_bytes_free(bytes);
    return diag_no_memory(diag);
}

void report_bytes_free(report_bytes *bytes)
{
    if (bytes->stream)
        fclose(bytes->stream);
    free(bytes->data);
    *bytes = (report_bytes){0};
}

deepstruc_status report_bytes_save(const report_bytes *bytes, const char *folder, const char *name,
                                   deepstruc_diag *diag)
{
    char path[4400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    if (!stream)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be made: %s", strerror(errno));
    size_t written = fwrite(bytes->data, 1, bytes->size, stream);
    int error = errno;
    if (fclose(stream) == 0 && written == bytes->size)
        return DEEPSTRUC_OK;
    if (written == bytes->size)
        error = errno;
    return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be written: %s; is the disk full?",
                        strerror(error));
}
