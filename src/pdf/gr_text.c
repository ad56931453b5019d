#include "pdf/gr_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

enum { MAX_NUMBER = 63, BINARY_SAMPLE = 4096, BINARY_PART = 20 }; /* one control character in 20 is no text */

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

static bool is_separator(char c, bool decimal_comma)
{
    return is_blank(c) || c == ';' || c == '"' || (c == ',' && !decimal_comma);
}

/* True when every comma stands between two digits, no point is there, and blanks or semicolons separate the numbers:
 * "0,01 1,5" or "0,01;1,5", but not "0.01, 1.5" and not "1,2". */
static bool has_decimal_commas(const char *line)
{
    bool comma = false, separated = false, in_number = false;
    for (const char *c = line; *c; c++) {
        if (*c == '.')
            return false;
        if (*c == ',') {
            if (c == line || !isdigit((unsigned char)c[-1]) || !isdigit((unsigned char)c[1]))
                return false;
            comma = true;
        }
        bool separator = is_separator(*c, true);
        separated |= separator && in_number && c[1] && !is_blank(c[1]);
        in_number |= !separator;
    }
    return comma && separated;
}

/* What Windows' C library prints for numbers that are none. */
static bool is_windows_nan(const char *word)
{
    const char *mark = strstr(word, ".#");
    return mark && (strncmp(mark, ".#QNAN", 6) == 0 || strncmp(mark, ".#IND", 5) == 0 ||
                    strncmp(mark, ".#INF", 5) == 0 || strncmp(mark, ".#SNAN", 6) == 0);
}

static bool parse_word(const char *word, size_t length, bool decimal_comma, double *out)
{
    char copy[MAX_NUMBER + 1];
    if (length > MAX_NUMBER)
        return false;
    memcpy(copy, word, length);
    copy[length] = '\0';
    if (decimal_comma)
        for (char *c = copy; *c; c++)
            if (*c == ',')
                *c = '.';
    if (is_windows_nan(copy)) {
        *out = NAN;
        return true;
    }
    return text_parse_double(copy, out);
}

int gr_numbers(const char *line, double out[GR_MAX_COLUMNS])
{
    bool decimal_comma = has_decimal_commas(line);
    int n = 0;
    for (const char *at = line;;) {
        while (is_separator(*at, decimal_comma))
            at++;
        if (!*at || *at == '#')
            return n;
        const char *word = at;
        while (*at && !is_separator(*at, decimal_comma))
            at++;
        double value;
        if (!parse_word(word, (size_t)(at - word), decimal_comma, &value))
            return 0;
        if (n < GR_MAX_COLUMNS)
            out[n] = value;
        n++;
    }
}

void gr_first_word(const char *line, char *out, size_t size)
{
    size_t n = 0;
    while (is_separator(*line, false))
        line++;
    for (; line[n] && !is_separator(line[n], false) && n + 1 < size; n++)
        out[n] = isprint((unsigned char)line[n]) ? line[n] : '?';
    out[n] = '\0';
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static deepstruc_status check_is_text(const char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "is UTF-16 text; save it as plain text or UTF-8");
    size_t controls = 0, sample = size < BINARY_SAMPLE ? size : BINARY_SAMPLE;
    for (size_t i = 0; i < sample; i++)
        controls += iscntrl((unsigned char)bytes[i]) && !isspace((unsigned char)bytes[i]);
    if (memchr(bytes, '\0', size) || controls * BINARY_PART > sample)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                            "is binary, not text; a PDF file holds two or more columns of numbers, r and G");
    return DEEPSTRUC_OK;
}

static gr_line classify(const char *text)
{
    double numbers[GR_MAX_COLUMNS];
    gr_line line = {.text = text, .kind = GR_TEXT};
    while (is_blank(*text))
        text++;
    if (!*text)
        line.kind = GR_BLANK;
    else if (strchr("#%!;", *text))
        line.kind = GR_COMMENT;
    else if ((line.n_columns = gr_numbers(text, numbers)) > 0) {
        line.kind = GR_ROW;
        line.first = numbers[0];
    }
    return line;
}

deepstruc_status gr_text_split(gr_text *out, char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    gr_text text = {.name = name};
    while (size > 0 && (bytes[size - 1] == 0x1A || isspace((unsigned char)bytes[size - 1])))
        bytes[--size] = '\0'; /* trailing blanks, and the end mark of DOS */
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        bytes += 3, size -= 3; /* byte order mark of UTF-8 */
    if (size == 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                            "is empty; two columns of numbers, r and G, are wanted");
    deepstruc_status status = check_is_text(bytes, size, name, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    char end = memchr(bytes, '\n', size) ? '\n' : '\r';
    for (char *at = bytes, *stop = bytes + size; at < stop;) {
        char *next = memchr(at, end, (size_t)(stop - at));
        if (next)
            *next = '\0';
        if (text.n >= GR_MAX_LINES || !MEMORY_GROW(&text.line, &text.capacity, text.n + 1)) {
            status = text.n >= GR_MAX_LINES ? diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, name, (long)text.n,
                                                           "more than %d lines; is it the right file?", GR_MAX_LINES)
                                            : diag_no_memory(diag);
            gr_text_clear(&text);
            return status;
        }
        text.line[text.n++] = classify(at);
        at = next ? next + 1 : stop;
    }
    *out = text;
    return DEEPSTRUC_OK;
}

void gr_text_clear(gr_text *text)
{
    free(text->line);
    *text = (gr_text){0};
}
