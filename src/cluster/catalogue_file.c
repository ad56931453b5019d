/* The rich catalogue kept in a file: a header of 64 bytes, then the entries as they lie in memory. It is a cache, not a
 * format for others: whatever does not fit this program exactly is built again. */
#include "cluster/catalogue_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"

enum { MAX_FILE = 1 << 30, PROBE_MIN = 30, PROBE_MAX = 36 };

static const char magic[8] = "DSshapes";
static const uint64_t byte_order = 0x0102030405060708u;
_Static_assert(sizeof(catalogue_header) == 64, "the header has no gaps");
_Static_assert(sizeof(deepstruc_catalogue_entry) == sizeof(deepstruc_recipe) + sizeof(size_t) + 4 * sizeof(double) &&
                   sizeof(deepstruc_recipe) == 2 * sizeof(int) + DEEPSTRUC_RECIPE_PARAMS * sizeof(double) + 32,
               "entries have no gaps, whose content would be unknown");

/* 64 bits at a time: multiply and rotate, so that every bit of the input reaches the sum. */
uint64_t catalogue_checksum(const deepstruc_catalogue_entry *entry, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)entry;
    uint64_t sum = 0x9e3779b97f4a7c15u ^ n;
    for (size_t i = 0; i < n * sizeof *entry; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        sum = (sum ^ word) * 0xbf58476d1ce4e5b9u;
        sum ^= sum >> 31;
    }
    return sum;
}

/* A file made by another version of the builders is stale. Rather than a number that somebody must remember to raise,
 * the builders themselves are asked, on a window that takes milliseconds. */
static deepstruc_status header_of(catalogue_header *h, size_t n_min, size_t n_max, deepstruc_diag *diag)
{
    deepstruc_catalogue *probe;
    deepstruc_status status = deepstruc_catalogue_rich(&probe, PROBE_MIN, PROBE_MAX, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *h = (catalogue_header){
        .byte_order = byte_order, .entry_size = sizeof *probe->entry, .n_min = n_min, .n_max = n_max};
    memcpy(h->magic, magic, sizeof h->magic);
    h->probe = catalogue_checksum(probe->entry, probe->n);
    deepstruc_catalogue_destroy(probe);
    return DEEPSTRUC_OK;
}

/* What the sum cannot tell, since whoever writes an entry can sum it too: no entry leads out of a table or a text. */
static bool sane(const deepstruc_catalogue_entry *entry, const catalogue_header *h)
{
    const deepstruc_recipe *recipe = &entry->recipe;
    if (!(recipe->type >= 0 && (int)recipe->type < DEEPSTRUC_N_TYPES) || entry->n_atoms < h->n_min ||
        entry->n_atoms > h->n_max || !memchr(recipe->sequence, '\0', sizeof recipe->sequence))
        return false;
    for (int k = 0; k < DEEPSTRUC_RECIPE_PARAMS; k++)
        if (!isfinite(recipe->param[k]))
            return false;
    return true;
}

deepstruc_catalogue *catalogue_unpack(const char *bytes, size_t size, const catalogue_header *want)
{
    catalogue_header h;
    if (size < sizeof h)
        return NULL;
    memcpy(&h, bytes, sizeof h);
    if (memcmp(&h, want, offsetof(catalogue_header, n)) != 0 || h.probe != want->probe)
        return NULL;
    if (h.n != (size - sizeof h) / sizeof(deepstruc_catalogue_entry) ||
        h.n * sizeof(deepstruc_catalogue_entry) != size - sizeof h)
        return NULL;
    deepstruc_catalogue *catalogue = memory_zeroed(1, sizeof *catalogue);
    deepstruc_catalogue_entry *entry = memory_zeroed(h.n, sizeof *entry);
    bool good = catalogue && entry;
    if (good) {
        memcpy(entry, bytes + sizeof h, h.n * sizeof *entry);
        *catalogue = (deepstruc_catalogue){.n = h.n, .entry = entry};
        good = catalogue_checksum(entry, h.n) == h.checksum;
    }
    for (size_t i = 0; good && i < h.n; i++)
        good = sane(&entry[i], &h);
    if (good)
        return catalogue;
    free(entry);
    free(catalogue);
    return NULL;
}

static deepstruc_catalogue *load(const char *path, const catalogue_header *want)
{
    char *bytes;
    size_t size;
    if (file_read(&bytes, &size, path, MAX_FILE, NULL) != DEEPSTRUC_OK)
        return NULL;
    deepstruc_catalogue *catalogue = catalogue_unpack(bytes, size, want);
    free(bytes);
    return catalogue;
}

/* Failing to write costs time at the next call, nothing else. */
static void store(const char *path, const deepstruc_catalogue *catalogue, catalogue_header h)
{
    file_writer writer;
    h.n = catalogue->n;
    h.checksum = catalogue_checksum(catalogue->entry, catalogue->n);
    if (file_writer_open(&writer, path, true, NULL) != DEEPSTRUC_OK)
        return;
    fwrite(&h, sizeof h, 1, writer.stream);
    fwrite(catalogue->entry, sizeof *catalogue->entry, catalogue->n, writer.stream);
    file_writer_commit(&writer, NULL);
}

deepstruc_status deepstruc_catalogue_open(deepstruc_catalogue **out, const char *path, size_t n_min, size_t n_max,
                                          bool *from_file, deepstruc_diag *diag)
{
    catalogue_header h;
    if (from_file)
        *from_file = false;
    if (!path)
        return deepstruc_catalogue_rich(out, n_min, n_max, diag);
    deepstruc_status status = header_of(&h, n_min, n_max, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_catalogue *catalogue = load(path, &h);
    if (from_file)
        *from_file = catalogue != NULL;
    if (!catalogue) {
        status = deepstruc_catalogue_rich(&catalogue, n_min, n_max, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        store(path, catalogue, h);
    }
    *out = catalogue;
    return DEEPSTRUC_OK;
}
