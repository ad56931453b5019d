#define _GNU_SOURCE
/* Any files as a project of PDFgui's. The bytes are the archive's files one behind the other, each "NAME\nCONTENT\x1e",
 * so that the layout is tried and not the compression (fuzz_archive does that). What is unpacked is whole: its index
 * names files that are there and that this program reads again; nothing else than a layout that is none is refused. */
#include "fuzz.h"

#include <ftw.h>
#include <string.h>

#include <jansson.h>

#include <deepstruc/cluster.h>
#include <deepstruc/pdf.h>
#include <deepstruc/project.h>
#include <deepstruc/refine.h>
#include <deepstruc/settings.h>

#include "project/archive.h"

enum { END_OF_FILE = 0x1e, MOST_FILES = 24, LARGEST = 1 << 14, PATH = 512 };

static char root[192];
static const uint8_t *input;
static size_t input_size;

/* ---- in place of the archive's reader ------------------------------------------------------------------------------
 */

static char *copy_of(const uint8_t *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    promise(copy != NULL);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

deepstruc_status archive_read_members(archive_members *out, const char *path, deepstruc_diag *diag)
{
    (void)path, (void)diag;
    archive_members members = {.capacity = MOST_FILES, .member = calloc(MOST_FILES, sizeof(archive_member))};
    promise(members.member != NULL);
    const uint8_t *at = input, *end = input + input_size;
    while (at < end && members.n < members.capacity) {
        const uint8_t *stop = memchr(at, END_OF_FILE, (size_t)(end - at));
        stop = stop ? stop : end;
        const uint8_t *line = memchr(at, '\n', (size_t)(stop - at)), *content = line ? line + 1 : stop;
        members.member[members.n++] = (archive_member){.name = copy_of(at, (size_t)((line ? line : stop) - at)),
                                                       .bytes = copy_of(content, (size_t)(stop - content)),
                                                       .size = (size_t)(stop - content)};
        at = stop + (stop < end);
    }
    *out = members;
    return DEEPSTRUC_OK;
}

void archive_clear(archive_members *members)
{
    for (size_t i = 0; i < members->n; i++) {
        free(members->member[i].name);
        free(members->member[i].bytes);
    }
    free(members->member);
    *members = (archive_members){0};
}

/* ---- what came of it ------------------------------------------------------------------------------------------------
 */

static int n_files;

static int count_file(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)path, (void)info, (void)walk;
    n_files += kind == FTW_F;
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

/* The path of the file that `index` names there; NULL: it names none. */
static const char *named_file(char path[PATH], const json_t *index, const char *key)
{
    const char *name = json_string_value(json_object_get(index, key));
    if (!name)
        return NULL;
    snprintf(path, PATH, "%s/%s", root, name);
    promise(access(path, R_OK) == 0);
    n_files--;
    return path;
}

static void check_phase(const json_t *phase)
{
    char path[PATH];
    named_file(path, phase, "file");
    named_file(path, phase, "refined");
    if (named_file(path, phase, "xyz")) {
        deepstruc_cluster *cluster;
        promise(deepstruc_cluster_read(&cluster, path, NULL) == DEEPSTRUC_OK);
        deepstruc_cluster_destroy(cluster);
    }
}

static void check_data(const json_t *data)
{
    char path[PATH];
    if (named_file(path, data, "file")) {
        deepstruc_pdf *pdf;
        promise(deepstruc_pdf_read(&pdf, path, NULL) == DEEPSTRUC_OK);
        deepstruc_pdf_destroy(pdf);
    }
    if (named_file(path, data, "settings")) {
        deepstruc_refine_settings settings = deepstruc_refine_settings_default();
        const deepstruc_settings_part parts[] = {{deepstruc_refine_settings_fields, &settings}, {0}};
        deepstruc_settings_file *file;
        promise(deepstruc_settings_read(&file, parts, path, NULL) == DEEPSTRUC_OK);
        deepstruc_settings_destroy(file);
    }
}

static void check_folder(void)
{
    char path[PATH];
    n_files = -1; /* but for the index */
    promise(nftw(root, count_file, 8, FTW_PHYS) == 0);
    snprintf(path, sizeof path, "%s/project.json", root);
    json_t *index = json_load_file(path, JSON_REJECT_DUPLICATES, NULL), *fit, *part;
    size_t i, k;
    json_array_foreach(json_object_get(index, "fits"), i, fit)
    {
        promise(json_string_value(json_object_get(fit, "folder")) != NULL);
        json_array_foreach(json_object_get(fit, "phases"), k, part) check_phase(part);
        json_array_foreach(json_object_get(fit, "datasets"), k, part) check_data(part);
    }
    promise(i > 0 && n_files == 0);
    json_decref(index);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_notes notes = {0};
    deepstruc_diag diag;
    if (!root[0])
        snprintf(root, sizeof root, "%s/out", fuzz_folder());
    if (size > LARGEST)
        return 0;
    input = bytes, input_size = size;
    deepstruc_status status = deepstruc_project_unpack("fuzz.ddp", root, &notes, &diag);
    promise(status == DEEPSTRUC_OK || (status == DEEPSTRUC_BAD_INPUT && diag.message[0] && access(root, F_OK) != 0));
    if (status == DEEPSTRUC_OK) {
        check_folder();
        promise(nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
    }
    for (size_t i = 0; i < notes.n; i++) {
        promise(!strpbrk(notes.text[i], "\n\r\x1b"));
        free(notes.text[i]);
    }
    free(notes.text);
    return 0;
}
