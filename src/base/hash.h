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

/* A file's sum stands in the file, as HASH_DIGITS hexadecimal digits. This is the fingerprint of all its bytes, those
 * digits, at `at`, read as zeros; and how the digits are written. */
enum { HASH_DIGITS = 16 };
uint64_t hash_around_digits(const char *bytes, size_t n, size_t at);
void hash_write_digits(char digits[HASH_DIGITS], uint64_t hash);

#endif
