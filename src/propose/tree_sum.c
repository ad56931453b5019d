#define _GNU_SOURCE
#include "propose/tree_sum.h"

#include <string.h>

#include "base/hash.h"

/* Where the digits begin; `size` where there are none. Between the note's name and its text stands how long that is. */
static size_t place(const char *bytes, size_t size)
{
    static const char name[] = TREE_SUM_NOTE, kind[] = "fnv1a64:";
    const size_t near = sizeof name + sizeof kind + 16;
    const char *found = memmem(bytes, size, name, sizeof name - 1);
    size_t left = found ? size - (size_t)(found - bytes) : 0;
    const char *text = found ? memmem(found, left < near ? left : near, kind, sizeof kind - 1) : NULL;
    size_t at = text ? (size_t)(text - bytes) + sizeof kind - 1 : size;
    return size - at >= HASH_DIGITS ? at : size;
}

bool tree_sum_write(char *bytes, size_t size)
{
    size_t at = place(bytes, size);
    if (at < size)
        hash_write_digits(bytes + at, hash_around_digits(bytes, size, at));
    return at < size;
}

bool tree_sum_holds(const char *bytes, size_t size)
{
    char digits[HASH_DIGITS];
    size_t at = place(bytes, size);
    if (at == size)
        return false;
    hash_write_digits(digits, hash_around_digits(bytes, size, at));
    return memcmp(digits, bytes + at, sizeof digits) == 0;
}
