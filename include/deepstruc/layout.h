/* Layout: the library describes its own structs, so that bindings of other languages carry no copy of them that could
 * go stale. The Python package builds its ctypes from this table when it is imported. */
#ifndef DEEPSTRUC_LAYOUT_H
#define DEEPSTRUC_LAYOUT_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row without a member's name begins a struct and holds its size as `offset`; its members follow in their order. A
 * row without a struct's name ends the table. `code` is as in Python's struct module: d double, f float, ? bool, c
 * char, B unsigned char, i int, I unsigned int (an enum), l long, L unsigned long (size_t, uint64_t), P a pointer; and
 * T for a struct within the struct, which `of` names. Arrays have a count above 1. */
typedef struct {
    const char *structure, *member;
    const char *of; /* NULL unless code is T */
    char code;
    size_t offset, count;
} deepstruc_layout_row;

extern const deepstruc_layout_row deepstruc_layout[];

#ifdef __cplusplus
}
#endif
#endif
