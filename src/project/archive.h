/* The files inside of a zip archive, in memory. */
#ifndef PROJECT_ARCHIVE_H
#define PROJECT_ARCHIVE_H

#include <deepstruc/deepstruc.h>

typedef struct {
    char *name;  /* with its folders: "project/fit/dataset/nickel/obs" */
    char *bytes; /* terminated by a zero that size does not count */
    size_t size;
} archive_member;

typedef struct {
    size_t n, capacity;
    archive_member *member;
} archive_members;

/* All of them, in the order of the archive. TOO_LARGE beyond 10,000 files or 256 MB, before they fill the memory. */
deepstruc_status archive_read_members(archive_members *out, const char *path, deepstruc_diag *diag);
void archive_clear(archive_members *members);

#endif
