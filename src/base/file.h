/* Files that are read whole and written atomically. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdio.h>

#include <deepstruc/deepstruc.h>

/* The whole of a regular file or of standard input ("-"), terminated by a zero that `size` does not count. TOO_LARGE
 * above `cap` bytes, before they are read. free() frees it. */
deepstruc_status file_read(char **out, size_t *size, const char *path, size_t cap, deepstruc_diag *diag);

/* A file that appears under its name only when complete: written beside it under a temporary name, flushed to disk and
 * renamed by commit. EXISTS unless `force`. "-" is standard output. */
typedef struct {
    FILE *stream;
    char path[4096], temporary[4200];
} file_writer;

deepstruc_status file_writer_open(file_writer *writer, const char *path, bool force, deepstruc_diag *diag);
deepstruc_status file_writer_commit(file_writer *writer, deepstruc_diag *diag);
void file_writer_abandon(file_writer *writer); /* after open; removes what was written. Safe after commit. */

/* Bytes into a file, atomically. */
deepstruc_status file_write(const char *path, const void *bytes, size_t size, bool force, deepstruc_diag *diag);

/* A folder that appears only when complete. `temporary` is where to write. Replaces an existing one only with `force`,
 * and then only one that this program made (it holds result.json or nothing at all). */
typedef struct {
    char path[4096], temporary[4200];
} file_folder;

deepstruc_status file_folder_open(file_folder *folder, const char *path, bool force, deepstruc_diag *diag);
deepstruc_status file_folder_commit(file_folder *folder, deepstruc_diag *diag);
void file_folder_abandon(file_folder *folder);

#endif
