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
