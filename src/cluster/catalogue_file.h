/* The bytes of a cached catalogue, for the cache and for the fuzzer that stands in for whoever damaged it. */
#ifndef CLUSTER_CATALOGUE_FILE_H
#define CLUSTER_CATALOGUE_FILE_H

#include <deepstruc/cluster.h>

typedef struct {
    char magic[8];
    uint64_t byte_order; /* reads as another number on another machine */
    uint64_t entry_size, n_min, n_max, n;
    uint64_t probe;    /* of the catalogue of a small window: what this program would build */
    uint64_t checksum; /* of the entries */
} catalogue_header;

uint64_t catalogue_checksum(const deepstruc_catalogue_entry *entry, size_t n);

/* The catalogue in these bytes, if they are whole and what `want` (but for n and checksum) says; NULL otherwise. */
deepstruc_catalogue *catalogue_unpack(const char *bytes, size_t size, const catalogue_header *want);

#endif
