/* Allocation with overflow-checked sizes. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* n zeroed elements of `size` bytes; NULL when out of memory or when n * size overflows. free() frees it. */
void *memory_zeroed(size_t n, size_t size);
/* The same, 64-byte aligned and padded to a multiple of 64 bytes, for kernels. free() frees it. */
void *memory_aligned(size_t n, size_t size);
/* Grows *array (capacity *capacity elements) so that it holds at least `need`. False when out of memory: nothing
 * changed. */
int memory_grow(void **array, size_t *capacity, size_t need, size_t size);

#define MEMORY_GROW(array, capacity, need) memory_grow((void **)(array), (capacity), (need), sizeof **(array))

#endif
