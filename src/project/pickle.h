/* Python's pickles as data: numbers, texts, lists and dictionaries, whatever they are part of. A pickle is a program
 * that may name any function for the reader to call; here nothing is called or looked up. What it would have made of a
 * class is kept as an object: the class's name, its arguments and its state. (Format: the comments of Python's
 * pickletools.)
 */
#ifndef PROJECT_PICKLE_H
#define PROJECT_PICKLE_H

#include <stddef.h>
#include <stdint.h>

#include <deepstruc/deepstruc.h>

typedef struct pickle pickle;
typedef uint32_t pickle_value; /* 0: none, and what is not there */

/* `bytes` are looked at as long as the pickle is used; `name` stands in diagnostics. */
deepstruc_status pickle_read(pickle **out, const char *bytes, size_t size, const char *name, deepstruc_diag *diag);
void pickle_destroy(pickle *p);

pickle_value pickle_root(const pickle *p);
/* Item `i` of a list or tuple, from 0. */
pickle_value pickle_item(const pickle *p, pickle_value list, size_t i);
/* The value under a text key of a dictionary, or an attribute of an object. */
pickle_value pickle_find(const pickle *p, pickle_value dictionary, const char *key);
/* The entries one by one: start with *cursor = 0; false behind the last. */
bool pickle_entry(const pickle *p, pickle_value dictionary, uint32_t *cursor, pickle_value *key, pickle_value *value);
/* NaN for what is no number; truth counts 1 and 0, and numpy's float64 is one. */
double pickle_number(const pickle *p, pickle_value value);
/* False for what is no text; cut to size. */
bool pickle_text(const pickle *p, pickle_value value, char *out, size_t size);

#endif
