#include "project/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"

enum { MAX_FILE = 128 << 20, MAX_TOTAL = 256 << 20, MAX_MEMBERS = 10000 };

void archive_clear(archive_members *members)
{
    for (size_t i = 0; i < members->n; i++) {
        free(members->member[i].name);
        free(members->member[i].bytes);
    }
    free(members->member);
    *members = (archive_members){0};
}

#ifdef DEEPSTRUC_HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>

static deepstruc_status damaged(deepstruc_diag *diag, const char *path, struct archive *archive)
{
    const char *why = archive_error_string(archive);
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "is no whole zip archive (%.120s); save it again",
                        why ? why : "damaged");
}

/* The current file's bytes, however many the archive claims, up to `room`. */
static deepstruc_status read_bytes(archive_member *member, struct archive *archive, size_t room, const char *path,
                                   deepstruc_diag *diag)
{
    size_t capacity = 0;
    for (la_ssize_t n = 1; n > 0;) {
        if (member->size > room)
            return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, path, 0, "holds more than %d MB", MAX_TOTAL >> 20);
        if (!MEMORY_GROW(&member->bytes, &capacity, member->size + 65537))
            return diag_no_memory(diag);
        n = archive_read_data(archive, member->bytes + member->size, 65536);
        if (n < 0)
            return damaged(diag, path, archive);
        member->size += (size_t)n;
    }
    member->bytes[member->size] = '\0';
    return DEEPSTRUC_OK;
}

static deepstruc_status read_all(archive_members *out, struct archive *archive, const char *path, deepstruc_diag *diag)
{
    struct archive_entry *entry;
    size_t total = 0;
    int code;
    while ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN) {
        const char *name = archive_entry_pathname(entry);
        if (!name || archive_entry_filetype(entry) != AE_IFREG)
            continue;
        if (out->n >= MAX_MEMBERS)
            return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, path, 0, "holds more than %d files", MAX_MEMBERS);
        if (!MEMORY_GROW(&out->member, &out->capacity, out->n + 1))
            return diag_no_memory(diag);
        archive_member *member = &out->member[out->n];
        *member = (archive_member){.name = strdup(name)};
        if (!member->name)
            return diag_no_memory(diag);
        out->n++;
        deepstruc_status status = read_bytes(member, archive, MAX_TOTAL - total, path, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        total += member->size;
    }
    return code == ARCHIVE_EOF ? DEEPSTRUC_OK : damaged(diag, path, archive);
}

deepstruc_status archive_read_members(archive_members *out, const char *path, deepstruc_diag *diag)
{
    char *bytes;
    size_t size;
    deepstruc_status status = file_read(&bytes, &size, path, MAX_FILE, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    archive_members members = {0};
    struct archive *archive = archive_read_new();
    if (!archive)
        status = diag_no_memory(diag);
    else if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
             archive_read_open_memory(archive, bytes, size) != ARCHIVE_OK)
        status = damaged(diag, path, archive);
    else
        status = read_all(&members, archive, path, diag);
    if (archive)
        archive_read_free(archive);
    free(bytes);
    if (status == DEEPSTRUC_OK)
        *out = members;
    else
        archive_clear(&members);
    return status;
}

#else

deepstruc_status archive_read_members(archive_members *out, const char *path, deepstruc_diag *diag)
{
    (void)out;
    return diag_fail_at(
        diag, DEEPSTRUC_UNAVAILABLE, path, 0,
        "is an archive, and this build has no libarchive; tools/install.sh installs it, then build again");
}

#endif
