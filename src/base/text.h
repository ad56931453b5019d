/* Bounded text and numbers. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies with truncation; `out` is always terminated. */
void text_copy(char *out, size_t size, const char *text);
/* Appends formatted text with truncation. */
void text_append(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool text_equal_nocase(const char *a, const char *b);
/* Reads a number at `text`: C syntax and Fortran exponents (1.5D+03), "nan", "inf"; *end is behind it. False: none
 * there. */
bool text_read_double(const char *text, const char **end, double *out);
/* The whole of `text` (blanks around allowed) as a number. */
bool text_parse_double(const char *text, double *out);
bool text_parse_long(const char *text, long *out);
/* Control characters become blanks: what files say, in one line that no terminal obeys. Those that UTF-8 writes with
 * two bytes, too. */
void text_make_line(char *text);
/* File name without folders; and without its last extension, into `out`. */
const char *text_basename(const char *path);
void text_stem(const char *path, char *out, size_t size);

#endif
