/* Any bytes as a cached catalogue: first as they are; then with the header and the sum that this program wants, as
 * somebody would write them who wants to be believed. What is taken has entries that can be built. */
#include "fuzz.h"

#include <string.h>

#include "cluster/catalogue_file.h"

enum { BUILT = 3, LARGEST = 200 };

static void check(const uint8_t *bytes, size_t size, const catalogue_header *want)
{
    deepstruc_catalogue *catalogue = catalogue_unpack((const char *)bytes, size, want);
    for (size_t i = 0; catalogue && i < catalogue->n && i < BUILT; i++) {
        deepstruc_cluster *cluster = NULL;
        deepstruc_diag diag;
        promise(catalogue->entry[i].n_atoms >= want->n_min && catalogue->entry[i].n_atoms <= want->n_max);
        if (deepstruc_cluster_build(&cluster, &catalogue->entry[i].recipe, 2.8, "Au", &diag) != DEEPSTRUC_OK)
            promise(cluster == NULL && diag.message[0]);
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_catalogue_destroy(catalogue);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    catalogue_header want = {.magic = "DSshapes",
                             .byte_order = 0x0102030405060708u,
                             .entry_size = sizeof(deepstruc_catalogue_entry),
                             .n_min = 2,
                             .n_max = LARGEST,
                             .probe = 1};
    check(bytes, size, &want);
    size_t n = size / sizeof(deepstruc_catalogue_entry);
    size_t whole = sizeof want + n * sizeof(deepstruc_catalogue_entry);
    uint8_t *file = malloc(whole);
    promise(file != NULL);
    memcpy(file + sizeof want, bytes, whole - sizeof want);
    catalogue_header made = want;
    made.n = n;
    made.checksum = catalogue_checksum((const deepstruc_catalogue_entry *)(const void *)(file + sizeof want), n);
    memcpy(file, &made, sizeof made);
    check(file, whole, &want);
    free(file);
    return 0;
}
