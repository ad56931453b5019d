#define _GNU_SOURCE
#include "serve/folder.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/fail.h"

static deepstruc_status make_folder(const char *path, deepstruc_diag *diag)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return DEEPSTRUC_OK;
    return serve_fail(diag, DEEPSTRUC_CANNOT_WRITE, path, "cannot be made: %s", strerror(errno));
}

deepstruc_status folder_open(folder *out, const char *path, deepstruc_diag *diag)
{
    char results[FOLDER_PATH];
    if (strlen(path) >= sizeof out->path || !*path)
        return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "the data folder's path is empty or too long");
    strcpy(out->path, path);
    snprintf(results, sizeof results, "%s/results", path);
    deepstruc_status status = make_folder(path, diag);
    if (status == DEEPSTRUC_OK)
        status = make_folder(results, diag);
    if (status == DEEPSTRUC_OK && access(results, W_OK) != 0)
        status = serve_fail(diag, DEEPSTRUC_CANNOT_WRITE, results, "cannot be written: %s", strerror(errno));
    return status;
}

void folder_jobs_file(const folder *data, char out[FOLDER_PATH])
{
    snprintf(out, FOLDER_PATH, "%s/jobs.sqlite", data->path);
}

void folder_result(const folder *data, long id, const char *name, char out[FOLDER_PATH])
{
    snprintf(out, FOLDER_PATH, "%s/results/%ld%s%s", data->path, id, name ? "/" : "", name ? name : "");
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

void folder_drop_result(const folder *data, long id)
{
    char path[FOLDER_PATH];
    folder_result(data, id, NULL, path);
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Entries are "12" or, where writing was interrupted, "12.tmp-…"; anything else is not ours and stays. */
void folder_clean(const folder *data, store *jobs)
{
    char path[FOLDER_PATH], results[FOLDER_PATH];
    snprintf(results, sizeof results, "%s/results", data->path);
    DIR *stream = opendir(results);
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        char *end;
        store_state state;
        long id = strtol(entry->d_name, &end, 10);
        bool ours = id > 0 && (*end == '\0' || strncmp(end, ".tmp-", 5) == 0);
        if (!ours || (*end == '\0' && store_state_of(jobs, id, &state) && state == STORE_DONE))
            continue;
        if (snprintf(path, sizeof path, "%s/%s", results, entry->d_name) < (int)sizeof path)
            nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    }
    if (stream)
        closedir(stream);
}
