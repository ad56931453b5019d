#include "base/hash.h"

uint64_t hash_more(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}

uint64_t hash_bytes(const void *bytes, size_t n)
{
    return hash_more(HASH_OF_NOTHING, bytes, n);
}

uint64_t hash_around_digits(const char *bytes, size_t n, size_t at)
{
    uint64_t hash = hash_more(hash_bytes(bytes, at), "0000000000000000", HASH_DIGITS);
    return hash_more(hash, bytes + at + HASH_DIGITS, n - at - HASH_DIGITS);
}

void hash_write_digits(char digits[HASH_DIGITS], uint64_t hash)
{
    for (int i = HASH_DIGITS; i-- > 0; hash >>= 4)
        digits[i] = "0123456789abcdef"[hash & 15];
}
