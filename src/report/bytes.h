/* A file of the report while it is made: bytes in memory. One place writes them to disk, and tests read them here. */
#ifndef REPORT_BYTES_H
#define REPORT_BYTES_H

#include <stdio.h>

#include <deepstruc/deepstruc.h>

typedef struct {
    char *data; /* a zero that `size` does not count follows */
    size_t size;
    FILE *stream; /* open between begin and end */
} report_bytes;

/* begin opens `stream` for printing, end closes it: `data` is whole then. NO_MEMORY leaves nothing to free. */
deepstruc_status report_bytes_begin(report_bytes *bytes, deepstruc_diag *diag);
deepstruc_status report_bytes_end(report_bytes *bytes, deepstruc_diag *diag);
void report_bytes_free(report_bytes *bytes);

/* Writes them as folder/name. CANNOT_WRITE when the disk takes less than all. */
deepstruc_status report_bytes_save(const report_bytes *bytes, const char *folder, const char *name,
                                   deepstruc_diag *diag);

#endif
