#define _GNU_SOURCE
#include "pdf/gr_header.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"

/* Keys of numbers, and what a sane value is: a header with qmax=0 means "no correction", one with qmax=250 counts in
 * 1/nm, and neither is taken. qsig and qalp are PDFfit's old names. */
static const struct {
    const char *key;
    size_t offset;
    double above, max; /* above < value <= max */
} number_keys[] = {
    {"qmin", offsetof(deepstruc_pdf, qmin), -1e-9, 20},
    {"qmax", offsetof(deepstruc_pdf, qmax), 1, 100},
    {"qsig", offsetof(deepstruc_pdf, qdamp), -1e-9, 1},
    {"qdamp", offsetof(deepstruc_pdf, qdamp), -1e-9, 1},
    {"qalp", offsetof(deepstruc_pdf, qbroad), -1e-9, 1},
    {"qbroad", offsetof(deepstruc_pdf, qbroad), -1e-9, 1},
    {"T", offsetof(deepstruc_pdf, temperature_k), 0, 5000},
    {"temp", offsetof(deepstruc_pdf, temperature_k), 0, 5000},
    {"temperature", offsetof(deepstruc_pdf, temperature_k), 0, 5000},
    {"wavelength", offsetof(deepstruc_pdf, wavelength), 0, 20},
};

/* ---- keys and values ----------------------------------------------------------------------------------------------
 */

/* Lines of these keys hold paths and titles, where "qmax=25" is part of a name. */
static bool is_path_line(const char *line)
{
    while (*line && !isalpha((unsigned char)*line))
        line++;
    size_t n = 0;
    while (isalnum((unsigned char)line[n]) || line[n] == '_')
        n++;
    static const char *const parts[] = {"file", "dir", "path", "folder", "title", "savename"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *found = strcasestr(line, parts[i]);
        if (found && found < line + n)
            return true;
    }
    return false;
}

/* Behind a key: quotes, a unit in brackets, blanks, then '=' or ':'. NULL when that is not there. */
static const char *skip_assignment(const char *at)
{
    static const char blanks[] = " \t\"'";
    at += strspn(at, blanks);
    if (*at == '(' || *at == '[') {
        const char *close = strpbrk(at, ")]");
        if (!close)
            return NULL;
        at = close + 1;
        at += strspn(at, blanks);
    }
    if (*at != '=' && *at != ':')
        return NULL;
    at++;
    return at + strspn(at, blanks);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* May a key begin at `at`? Not inside of a word or a path; glued to a number ("qmax=25.0qdamp=0.03", "#S 1qmax=25") or
 * to a line's tag ("#Sqmax=25") it may. */
static bool key_may_begin(const char *line, const char *at)
{
    if (at == line)
        return true;
    char before = at[-1];
    if (isalpha((unsigned char)before))
        return at - line >= 2 && at[-2] == '#';
    if (before == '/' || before == '\\' || before == '_')
        return false;
    if (!isdigit((unsigned char)before) && before != '.')
        return true;
    while (at > line && strchr("0123456789.+-eE", at[-1]))
        at--;
    return at == line || isblank((unsigned char)at[-1]) || at[-1] == '=' || at[-1] == ':';
}

/* The value of the first `key` at or behind `from` on the line. A key of one letter is taken in its case only. */
static const char *find_value(const char *line, const char *from, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = from; (at = strcasestr(at, key)); at++) {
        if (!key_may_begin(line, at) || is_word(at[length]) || (length == 1 && *at != *key))
            continue;
        const char *value = skip_assignment(at + length);
        if (value)
            return value;
    }
    return NULL;
}

/* Length of a text value: to a quote or comment, or to the word before the next '=' on the line; blanks and commas at
 * its end are not part of it. */
static size_t value_length(const char *value)
{
    size_t n = strcspn(value, "\"'#"), equals = strcspn(value, "=");
    if (equals < n) {
        n = equals;
        while (n > 0 && isblank((unsigned char)value[n - 1]))
            n--;
        while (n > 0 && is_word(value[n - 1]))
            n--;
    }
    while (n > 0 && (isspace((unsigned char)value[n - 1]) || value[n - 1] == ',' || value[n - 1] == ';'))
        n--;
    return n;
}

bool gr_header_value(const gr_text *text, size_t n_lines, const char *key, char *out, size_t size)
{
    bool found = false;
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = text->line[i].text;
        const char *value = is_path_line(line) ? NULL : find_value(line, line, key);
        size_t n = value ? value_length(value) : 0;
        if (n == 0)
            continue;
        if (n >= size)
            n = size - 1;
        memcpy(out, value, n);
        out[n] = '\0';
        text_make_line(out);
        found = true;
    }
    return found;
}

double gr_header_number(const gr_text *text, size_t n_lines, const char *key, double above, double max)
{
    double last = NAN;
    for (size_t i = 0; i < n_lines; i++) {
        const char *line = text->line[i].text, *end;
        if (is_path_line(line))
            continue;
        for (const char *at = line; (at = find_value(line, at, key));) {
            double value;
            if (text_read_double(at, &end, &value) && value > above && value <= max)
                last = value;
        }
    }
    return last;
}

/* ---- what the header is and says ----------------------------------------------------------------------------------
 */

static bool has_word(const gr_text *text, size_t n_lines, const char *word)
{
    for (size_t i = 0; i < n_lines; i++)
        if (strcasestr(text->line[i].text, word) && !is_path_line(text->line[i].text))
            return true;
    return false;
}

static char find_radiation(const gr_text *text, size_t n_lines)
{
    char value[32];
    if (gr_header_value(text, n_lines, "mode", value, sizeof value) ||
        gr_header_value(text, n_lines, "stype", value, sizeof value) ||
        gr_header_value(text, n_lines, "radiation", value, sizeof value)) {
        if (value[0] == 'x' || value[0] == 'X')
            return 'x';
        if (strncasecmp(value, "neutron", 7) == 0 || strcmp(value, "N") == 0)
            return 'n';
    }
    bool x = has_word(text, n_lines, "pdfgetx"), n = has_word(text, n_lines, "pdfgetn");
    if (!x && !n) {
        x = has_word(text, n_lines, "x-ray") || has_word(text, n_lines, "xray");
        n = has_word(text, n_lines, "neutron");
    }
    return x == n ? 0 : x ? 'x' : 'n'; /* both words: nobody knows */
}

/* Each program's signature, the surest first. */
static const char *find_dialect(const gr_text *text, size_t n_lines)
{
    static const struct {
        const char *word, *dialect;
    } signatures[] = {
        {"xPDFsuite", "xPDFsuite"},
        {"PDFgetXgui", "PDFgetXgui"},
        {"PDFgetX3", "PDFgetX3"},
        {"PDFgetN3", "PDFgetN3"},
        {"PDFgetS3", "PDFgetS3"},
        {"PDFgui", "PDFgui"},
        {"# Comment:", "NOMAD"},
        {"#Comment:", "NOMAD"},
        {"PDFgetX2", "PDFgetX2"},
        {"PDFgetN", "PDFgetN"},
        {"History written", "PDFgetX2"},
        {"[PDF]", "xPDFsuite"},
        {"[Misc]", "xPDFsuite"},
        {"[DEFAULT]", "PDFgetX3"},
        {"DebyePDFCalculator", "diffpy"},
        {"start data", "start data"},
        {"#S 1", "SPEC"},
    };
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (has_word(text, n_lines, signatures[i].word))
            return signatures[i].dialect;
    return "plain";
}

void gr_header_read(const gr_text *text, size_t n_lines, deepstruc_pdf *pdf)
{
    for (size_t i = 0; i < sizeof number_keys / sizeof *number_keys; i++) {
        double value = gr_header_number(text, n_lines, number_keys[i].key, number_keys[i].above, number_keys[i].max);
        if (!isnan(value))
            *(double *)((char *)pdf + number_keys[i].offset) = value;
    }
    pdf->radiation = find_radiation(text, n_lines);
    text_copy(pdf->dialect, sizeof pdf->dialect, find_dialect(text, n_lines));
    if (!gr_header_value(text, n_lines, "composition", pdf->composition, sizeof pdf->composition))
        gr_header_value(text, n_lines, "formula", pdf->composition, sizeof pdf->composition);
}
