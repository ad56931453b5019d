#define _GNU_SOURCE
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"

/* ---- reading -------------------------------------------------------------------------------------------------- */

static deepstruc_status read_stream(FILE *stream, char **out, size_t *size, const char *path, size_t cap,
                                    deepstruc_diag *diag)
{
    size_t capacity = 1 << 16, used = 0;
    char *bytes = malloc(capacity + 1);
    while (bytes) {
        used += fread(bytes + used, 1, capacity - used, stream);
        if (used > cap) {
            free(bytes);
            return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, path, 0,
                                "larger than the %zu MB this program reads; is it the right file?", cap >> 20);
        }
        if (used < capacity)
            break;
        capacity *= 2;
        char *grown = realloc(bytes, capacity + 1);
        if (!grown)
            free(bytes);
        bytes = grown;
    }
    if (!bytes)
        return diag_no_memory(diag);
    if (ferror(stream)) {
        int error = errno;
        free(bytes);
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "cannot be read: %s", strerror(error));
    }
    bytes[used] = '\0';
    *out = bytes;
    *size = used;
    return DEEPSTRUC_OK;
}

deepstruc_status file_read(char **out, size_t *size, const char *path, size_t cap, deepstruc_diag *diag)
{
    if (strcmp(path, "-") == 0)
        return read_stream(stdin, out, size, "standard input", cap, diag);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "cannot be opened: %s; check the path",
                            strerror(errno));
    struct stat info;
    deepstruc_status status;
    if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode))
        status = diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "is a folder; name a file in it");
    else if (S_ISREG(info.st_mode) && (size_t)info.st_size > cap)
        status = diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, path, 0,
                              "%zu MB, more than the %zu MB this program reads; is it the right file?",
                              (size_t)info.st_size >> 20, cap >> 20);
    else
        status = read_stream(stream, out, size, path, cap, diag);
    fclose(stream);
    return status;
}

/* ---- what outlives a power failure ----------------------------------------------------------------------------- */

/* Some file systems flush no folders and say EINVAL; there is no more to be had of them. */
static bool flush(const char *path, int flags)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0)
        return false;
    bool flushed = fsync(descriptor) == 0 || errno == EINVAL;
    int error = errno;
    close(descriptor);
    errno = error;
    return flushed;
}

/* The folder that `path` was renamed in. A failure is not reported: what was written stands whole under its name, and
 * only a power failure in the next seconds could bring the former one back, whole as well. */
static void flush_folder_of(const char *path)
{
    char folder[4096];
    text_copy(folder, sizeof folder, path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    flush(slash ? folder : ".", O_DIRECTORY);
}

/* ---- writing one file ------------------------------------------------------------------------------------------ */

static bool exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

deepstruc_status file_writer_open(file_writer *writer, const char *path, bool force, deepstruc_diag *diag)
{
    *writer = (file_writer){0};
    if (strcmp(path, "-") == 0) {
        writer->stream = stdout;
        return DEEPSTRUC_OK;
    }
    if (strlen(path) >= sizeof writer->path)
        return diag_fail(diag, DEEPSTRUC_CANNOT_WRITE, "a path of more than %zu characters", sizeof writer->path);
    if (!force && exists(path))
        return diag_fail_at(diag, DEEPSTRUC_EXISTS, path, 0, "exists already; choose another name or add --force");
    text_copy(writer->path, sizeof writer->path, path);
    snprintf(writer->temporary, sizeof writer->temporary, "%s.tmp-XXXXXX", path);
    int descriptor = mkstemp(writer->temporary);
    if (descriptor < 0)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be written: %s", strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
    writer->stream = fdopen(descriptor, "wb");
    if (!writer->stream) {
        close(descriptor);
        unlink(writer->temporary);
        return diag_no_memory(diag);
    }
    return DEEPSTRUC_OK;
}

deepstruc_status file_writer_commit(file_writer *writer, deepstruc_diag *diag)
{
    FILE *stream = writer->stream;
    writer->stream = NULL;
    if (stream == stdout) {
        if (fflush(stream) != 0 || ferror(stream))
            return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, "standard output", 0, "cannot be written: %s",
                                strerror(errno));
        return DEEPSTRUC_OK;
    }
    int failed = ferror(stream) | fflush(stream) | fsync(fileno(stream));
    int error = errno;
    failed |= fclose(stream);
    if (!failed && rename(writer->temporary, writer->path) == 0) {
        writer->temporary[0] = '\0';
        flush_folder_of(writer->path);
        return DEEPSTRUC_OK;
    }
    if (!failed)
        error = errno;
    unlink(writer->temporary);
    writer->temporary[0] = '\0';
    return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, writer->path, 0, "cannot be written: %s", strerror(error));
}

void file_writer_abandon(file_writer *writer)
{
    if (writer->stream && writer->stream != stdout)
        fclose(writer->stream);
    writer->stream = NULL;
    if (writer->temporary[0])
        unlink(writer->temporary);
    writer->temporary[0] = '\0';
}

deepstruc_status file_write(const char *path, const void *bytes, size_t size, bool force, deepstruc_diag *diag)
{
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    fwrite(bytes, 1, size, writer.stream); /* commit sees the stream's error flag */
    return file_writer_commit(&writer, diag);
}

/* ---- writing a folder ------------------------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int flush_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)walk;
    return (kind == FTW_F && !flush(path, 0)) || (kind == FTW_DP && !flush(path, O_DIRECTORY));
}

static bool is_ours(const char *path)
{
    char marker[4300];
    snprintf(marker, sizeof marker, "%s/result.json", path);
    return exists(marker) || rmdir(path) == 0; /* an empty folder may go */
}

deepstruc_status file_folder_open(file_folder *folder, const char *path, bool force, deepstruc_diag *diag)
{
    *folder = (file_folder){0};
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= sizeof folder->path)
        return diag_fail(diag, DEEPSTRUC_CANNOT_WRITE, "the output folder needs a name of 1 to %zu characters",
                         sizeof folder->path);
    snprintf(folder->path, sizeof folder->path, "%.*s", (int)length, path);
    if (exists(folder->path)) {
        if (!force)
            return diag_fail_at(diag, DEEPSTRUC_EXISTS, folder->path, 0,
                                "exists already; choose another name or add --force");
        if (!is_ours(folder->path))
            return diag_fail_at(
                diag, DEEPSTRUC_EXISTS, folder->path, 0,
                "is not a result of deepstruc (no result.json in it) and is not replaced; choose another name");
    }
    snprintf(folder->temporary, sizeof folder->temporary, "%s.tmp-XXXXXX", folder->path);
    if (!mkdtemp(folder->temporary)) {
        folder->temporary[0] = '\0';
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, folder->path, 0, "cannot be made: %s", strerror(errno));
    }
    mode_t mask = umask(0);
    umask(mask);
    chmod(folder->temporary, 0777 & ~mask);
    return DEEPSTRUC_OK;
}

deepstruc_status file_folder_commit(file_folder *folder, deepstruc_diag *diag)
{
    char old[4300] = "";
    if (nftw(folder->temporary, flush_entry, 16, FTW_DEPTH | FTW_PHYS) != 0) { /* before the name promises all of it */
        int error = errno;
        file_folder_abandon(folder);
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, folder->path, 0, "cannot be written: %s", strerror(error));
    }
    if (exists(folder->path)) { /* move aside first, so that the name is never without a whole result for long */
        snprintf(old, sizeof old, "%s.old", folder->temporary);
        if (rename(folder->path, old) != 0)
            old[0] = '\0';
    }
    if (rename(folder->temporary, folder->path) != 0) {
        int error = errno;
        if (old[0] && rename(old, folder->path) != 0)
            error = errno;
        file_folder_abandon(folder);
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, folder->path, 0, "cannot be written: %s", strerror(error));
    }
    folder->temporary[0] = '\0';
    flush_folder_of(folder->path);
    if (old[0])
        remove_tree(old);
    return DEEPSTRUC_OK;
}

void file_folder_abandon(file_folder *folder)
{
    if (folder->temporary[0])
        remove_tree(folder->temporary);
    folder->temporary[0] = '\0';
}
