/* A fingerprint of bytes: FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv). It tells files apart, nothing more.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t n);

#endif
