/* Files of a result: names from a fixed list only, structures by their rank. */
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <deepstruc/cluster.h>

#include "serve/request.h"
#include "serve/result.h"

static const struct {
    const char *name, *type;
} files[] = {
    {"result.json", "application/json"},
    {"data.json", "application/json"},
    {"candidates.csv", "text/csv; charset=utf-8"},
    {"report.html", "text/html; charset=utf-8"},
    {"fit-001.fgr", "text/plain; charset=utf-8"},
    {"fit-002.fgr", "text/plain; charset=utf-8"},
    {"fit-003.fgr", "text/plain; charset=utf-8"},
#define PLOT(stem)                                                                                                     \
    {stem ".svg", "image/svg+xml"}, {stem ".png", "image/png"},                                                        \
    {                                                                                                                  \
        stem ".pdf", "application/pdf"                                                                                 \
    }
    PLOT("fit"),
    PLOT("latent"),
    PLOT("next-family"),
    PLOT("rw-size"),
#undef PLOT
};
enum { N_FILES = sizeof files / sizeof *files };

/* "Au144.gr" gives "Au144-fit.svg": several results end up in one folder of downloads. */
static void download_name(const request *r, const char *name, char *out, size_t size)
{
    json_t *job = store_job(r->server->jobs, r->id);
    const char *file = json_string_value(json_object_get(job, "name"));
    const char *dot = file ? strrchr(file, '.') : NULL;
    int length = dot && dot != file ? (int)(dot - file) : file ? (int)strlen(file) : 0;
    snprintf(out, size, "%.*s-%s", length, file ? file : "", name);
    json_decref(job);
}

static bool job_is_done(request *r)
{
    store_state state;
    if (!store_state_of(r->server->jobs, r->id, &state))
        reply_error(r, 404, "there is no job %ld", r->id);
    else if (state != STORE_DONE)
        reply_error(r, 409, "job %ld has no result", r->id);
    return !r->response;
}

static void reply_input(request *r)
{
    store_input input;
    if (store_read_input(r->server->jobs, r->id, &input, NULL) != DEEPSTRUC_OK) {
        reply_error(r, 404, "there is no job %ld", r->id);
        return;
    }
    reply_text(r, "text/plain; charset=utf-8", input.text);
    input.text = NULL;
    store_input_clear(&input);
}

static void reply_structure(request *r, long rank, const char *name, const char *ending);

void answer_result_file(request *r)
{
    char path[FOLDER_PATH], download[300];
    bool save = request_query(r, "download") != NULL;
    if (strcmp(r->rest, "input.gr") == 0) {
        reply_input(r);
        return;
    }
    if (!job_is_done(r))
        return;
    if (strncmp(r->rest, "candidates/", 11) == 0) { /* as report.html calls them */
        reply_structure(r, strtol(r->rest + 11, NULL, 10), r->rest, "xyz");
        return;
    }
    for (size_t i = 0; i < N_FILES; i++) {
        if (strcmp(files[i].name, r->rest) != 0)
            continue;
        folder_result(&r->server->data, r->id, files[i].name, path);
        download_name(r, files[i].name, download, sizeof download);
        reply_file(r, files[i].type, path, save ? download : NULL);
        return;
    }
    reply_error(r, 404, "a result has no such file");
}

/* ---- structures ------------------------------------------------------------------------------------------------- */

/* A file without a name in any folder, for what is made for one answer. */
static int open_scratch(void)
{
    return memfd_create("deepstruc", MFD_CLOEXEC);
}

static deepstruc_status write_as(const char *ending, const deepstruc_cluster *cluster, const char *path, double biso,
                                 deepstruc_diag *diag)
{
    return strcmp(ending, "cif") == 0 ? deepstruc_cluster_write_cif(cluster, path, true, diag)
                                      : deepstruc_cluster_write_stru(cluster, path, biso, true, diag);
}

/* The other formats are written beside the xyz file when first asked for. */
static void reply_converted(request *r, const char *xyz, const char *ending, double biso, const char *download)
{
    char path[FOLDER_PATH + 8];
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    snprintf(path, sizeof path, "%.*s.%s", (int)(strlen(xyz) - 4), xyz, ending);
    deepstruc_status status = DEEPSTRUC_OK;
    if (access(path, R_OK) != 0) {
        status = deepstruc_cluster_read_xyz(&cluster, xyz, &diag);
        if (status == DEEPSTRUC_OK)
            status = write_as(ending, cluster, path, biso, &diag);
        deepstruc_cluster_destroy(cluster);
    }
    if (status == DEEPSTRUC_OK)
        reply_file(r, "text/plain; charset=utf-8", path, download);
    else
        reply_diag(r, status, &diag);
}

/* `name` (may be NULL) is what the result must call the structure of that rank. */
static void reply_structure(request *r, long rank, const char *name, const char *ending)
{
    char path[FOLDER_PATH], download[300];
    json_t *result = result_read(&r->server->data, r->id);
    json_t *candidate = json_array_get(json_object_get(result, "candidates"), rank > 0 ? (size_t)rank - 1 : SIZE_MAX);
    const char *xyz = result_structure(candidate);
    if (!xyz || (name && strcmp(name, xyz) != 0)) {
        reply_error(r, 404, "the result has no file of such a structure");
    } else {
        char with_ending[100];
        folder_result(&r->server->data, r->id, xyz, path);
        snprintf(with_ending, sizeof with_ending, "%.*s.%s", (int)(strlen(xyz) - 15), xyz + 11, ending);
        download_name(r, with_ending, download, sizeof download);
        if (strcmp(ending, "xyz") == 0)
            reply_file(r, "chemical/x-xyz", path, download);
        else
            reply_converted(r, path, ending, json_number_value(json_object_get(candidate, "biso")), download);
    }
    json_decref(result);
}

void answer_candidate(request *r)
{
    static const char *const endings[] = {"xyz", "cif", "stru"};
    char *dot;
    long rank = strtol(r->rest, &dot, 10);
    if (!job_is_done(r))
        return;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (*dot == '.' && strcmp(dot + 1, endings[i]) == 0) {
            reply_structure(r, rank, NULL, endings[i]);
            return;
        }
    reply_error(r, 404, "candidates are at RANK.xyz, RANK.cif and RANK.stru");
}

/* ---- everything in one file ------------------------------------------------------------------------------------- */

static bool add_entry(struct archive *archive, const char *name, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct archive_entry *entry = archive_entry_new();
    char piece[65536];
    bool good = entry != NULL;
    if (!file) { /* latent.* and next-family.* are not in every result */
        archive_entry_free(entry);
        return true;
    }
    if (good) {
        fseek(file, 0, SEEK_END);
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, ftell(file));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        rewind(file);
        good = archive_write_header(archive, entry) == ARCHIVE_OK;
    }
    for (size_t n; good && (n = fread(piece, 1, sizeof piece, file)) > 0;)
        good = archive_write_data(archive, piece, n) == (la_ssize_t)n;
    archive_entry_free(entry);
    fclose(file);
    return good;
}

static bool add_all(request *r, struct archive *archive)
{
    char path[FOLDER_PATH];
    bool good = true;
    for (size_t i = 0; good && i < N_FILES; i++) {
        folder_result(&r->server->data, r->id, files[i].name, path);
        good = strcmp(files[i].name, "data.json") == 0 || add_entry(archive, files[i].name, path);
    }
    json_t *result = result_read(&r->server->data, r->id), *candidate;
    size_t i;
    json_array_foreach(json_object_get(result, "candidates"), i, candidate)
    {
        const char *xyz = result_structure(candidate);
        if (!xyz)
            continue;
        folder_result(&r->server->data, r->id, xyz, path);
        good = good && add_entry(archive, xyz, path);
    }
    json_decref(result);
    return good;
}

static void make_archive(request *r)
{
    char download[300];
    int fd = open_scratch();
    struct archive *archive = archive_write_new();
    bool good = fd >= 0 && archive && archive_write_set_format_zip(archive) == ARCHIVE_OK &&
                archive_write_open_fd(archive, fd) == ARCHIVE_OK && add_all(r, archive);
    good = archive && archive_write_close(archive) == ARCHIVE_OK && good;
    archive_write_free(archive);
    if (good) {
        download_name(r, "deepstruc.zip", download, sizeof download);
        reply_fd(r, "application/zip", fd, download);
    } else {
        if (fd >= 0)
            close(fd);
        reply_error(r, 500, "the archive cannot be made");
    }
}

void answer_archive(request *r)
{
    if (job_is_done(r))
        request_later(r, make_archive);
}
