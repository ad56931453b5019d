#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void text_copy(char *out, size_t size, const char *text)
{
    if (size)
        snprintf(out, size, "%s", text);
}

void text_append(char *out, size_t size, const char *format, ...)
{
    size_t used = strnlen(out, size);
    if (used >= size)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(out + used, size - used, format, args);
    va_end(args);
}

bool text_equal_nocase(const char *a, const char *b)
{
    return strcasecmp(a, b) == 0;
}

/* A copy of the number's characters, with Fortran's d exponent turned into e, goes to strtod: at most this many. */
enum { NUMBER_CHARS = 64 };

bool text_read_double(const char *text, const char **end, double *out)
{
    char buffer[NUMBER_CHARS + 1];
    size_t n = 0;
    while (n < NUMBER_CHARS && text[n] && !isspace((unsigned char)text[n]) && text[n] != ',' && text[n] != ';') {
        char c = text[n];
        bool exponent = (c == 'd' || c == 'D') && n > 0 && (isdigit((unsigned char)text[n - 1]) || text[n - 1] == '.');
        buffer[n] = exponent ? 'e' : c;
        n++;
    }
    buffer[n] = '\0';
    if (buffer[0] == '0' && (buffer[1] == 'x' || buffer[1] == 'X'))
        return false;
    char *stop;
    double value = strtod(buffer, &stop);
    if (stop == buffer)
        return false;
    *out = value;
    *end = text + (stop - buffer);
    return true;
}

bool text_parse_double(const char *text, double *out)
{
    const char *end;
    double value;
    while (isspace((unsigned char)*text))
        text++;
    if (!text_read_double(text, &end, &value))
        return false;
    while (isspace((unsigned char)*end))
        end++;
    if (*end)
        return false;
    *out = value;
    return true;
}

bool text_parse_long(const char *text, long *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (end == text || *end || errno)
        return false;
    *out = value;
    return true;
}

void text_make_line(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++)
        if (c[0] < ' ' || c[0] == 0x7f)
            c[0] = ' ';
        else if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            c[0] = c[1] = ' ';
}

const char *text_basename(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void text_stem(const char *path, char *out, size_t size)
{
    text_copy(out, size, text_basename(path));
    char *dot = strrchr(out, '.');
    if (dot && dot != out)
        *dot = '\0';
}
