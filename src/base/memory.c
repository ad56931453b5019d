#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

void *memory_zeroed(size_t n, size_t size)
{
    return calloc(n ? n : 1, size);
}

void *memory_aligned(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n ? n : 1, size, &bytes) || bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *block = aligned_alloc(ALIGNMENT, bytes);
    if (block)
        memset(block, 0, bytes);
    return block;
}

int memory_grow(void **array, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return 1;
    size_t doubled = *capacity > SIZE_MAX / 2 ? need : 2 * *capacity, bytes;
    size_t grown_to = doubled > need ? doubled : need;
    if (__builtin_mul_overflow(grown_to, size, &bytes))
        return 0;
    void *grown = realloc(*array, bytes);
    if (!grown)
        return 0;
    *array = grown;
    *capacity = grown_to;
    return 1;
}
