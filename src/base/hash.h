/* A fingerprint of bytes: FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv). It tells files apart, nothing more.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t n);
/* Of what was hashed before and of these bytes behind it. Steps are reversible: two texts that differ in one byte never
 * have one fingerprint. */
#define HASH_OF_NOTHING 0xcbf29ce484222325u
uint64_t hash_more(uint64_t hash, const void *bytes, size_t n);

#endif
