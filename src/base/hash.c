#include "base/hash.h"

uint64_t hash_bytes(const void *bytes, size_t n)
{
    const unsigned char *byte = bytes;
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ byte[i]) * 0x100000001b3u;
    return h;
}
