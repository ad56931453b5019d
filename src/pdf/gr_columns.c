/* Which column of a .gr file holds what: the line of labels above the data, else the number of columns. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "pdf/gr_header.h"

enum { LABEL_CHARS = 32 };

typedef struct {
    char label[GR_MAX_COLUMNS][LABEL_CHARS];
    int n;
} labels;

/* The words of a line without a comment mark or SPEC's "#L". Units in brackets that stand alone are no labels. */
static labels read_labels(const char *line)
{
    labels out = {0};
    while (isblank((unsigned char)*line) || *line == '#' || *line == '%' || *line == '!' || *line == ';')
        line++;
    if (strncmp(line, "L ", 2) == 0)
        line++;
    while (out.n < GR_MAX_COLUMNS) {
        line += strspn(line, " \t\r,;|\"'");
        size_t n = strcspn(line, " \t\r,;|\"'");
        if (n == 0)
            break;
        bool unit = *line == '(' || *line == '[' || strncasecmp(line, "1/", 2) == 0;
        if (!unit) {
            char *label = out.label[out.n++];
            size_t kept = n < LABEL_CHARS ? n : LABEL_CHARS - 1;
            memcpy(label, line, kept);
            label[kept] = '\0';
        }
        line += n;
    }
    return out;
}

/* "G(r)", "G($\AA^{-2}$)", "d_Gr" as "g", "g", "dg": lower case, without brackets, underscores and a last "r" or "(r)".
 */
static void plain_label(const char *label, char out[LABEL_CHARS])
{
    size_t n = 0;
    for (; *label && *label != '(' && *label != '[' && n + 1 < LABEL_CHARS; label++)
        if (isalnum((unsigned char)*label))
            out[n++] = (char)tolower((unsigned char)*label);
    out[n] = '\0';
    if (strcmp(out, "gr") == 0 || strcmp(out, "dgr") == 0)
        out[n - 1] = '\0';
}

static bool is_one_of(const char *label, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(label, *names) == 0)
            return true;
    return false;
}

static const char *const r_names[] = {"r", "ra", "rangstrom", "rang", "x", "distance", NULL};
static const char *const q_names[] = {"q", "qa", "qa1", "qang", "2theta", "twotheta", "theta", "tth", "2th", NULL};
static const char *const observed_names[] = {"gobs", "yobs", "y", "gexp", "gobserved", NULL};
static const char *const g_names[] = {"g", "pdf", NULL};
static const char *const dg_names[] = {"dg", "dy", "err", "error", "sigma", "gerr", "sigmag", "std", "stdg", NULL};
static const char *const difference_names[] = {"gdiff", "diff", "difference", NULL};

/* First column with one of the names; -1 without. */
static int column_of(const labels *line, const char *const *names)
{
    for (int i = 0; i < line->n; i++) {
        char label[LABEL_CHARS];
        plain_label(line->label[i], label);
        if (is_one_of(label, names))
            return i;
    }
    return -1;
}

static gr_columns by_number(int n_columns)
{
    gr_columns columns = {.r = 0, .g = 1, .dg = -1, .difference = -1};
    if (n_columns == 3)
        columns.dg = 2;
    else if (n_columns >= 4)
        columns.dg = 3;
    if (n_columns == 5)
        columns.difference = 4;
    return columns;
}

/* The labels of the nearest line above the table that is neither blank nor the data's marker and has as many words as
 * the table has columns; n = 0 when that is no line of labels. */
static labels find_labels(const gr_text *text, const gr_table *table)
{
    for (size_t i = table->begin; i-- > 0 && i + 4 > table->begin;) {
        bool words = text->line[i].kind == GR_COMMENT || text->line[i].kind == GR_TEXT;
        if (!words || strpbrk(text->line[i].text, "=:"))
            continue; /* labels stand alone; `key = value` is none */
        labels line = read_labels(text->line[i].text);
        char first[LABEL_CHARS];
        plain_label(line.label[0], first);
        bool begins = is_one_of(first, r_names) || is_one_of(first, q_names);
        if (line.n >= 2 && (begins || (line.n == table->n_columns && column_of(&line, r_names) >= 0)))
            return line;
    }
    return (labels){0};
}

gr_columns gr_header_columns(const gr_text *text, const gr_table *table)
{
    gr_columns columns = by_number(table->n_columns);
    labels line = find_labels(text, table);
    if (line.n == 0)
        return columns;
    char first[LABEL_CHARS];
    plain_label(line.label[0], first);
    columns.labelled = true;
    columns.is_q = is_one_of(first, q_names);
    text_copy(columns.axis, sizeof columns.axis, line.label[0]);
    if (line.n != table->n_columns)
        return columns;
    int r = column_of(&line, r_names), g = column_of(&line, observed_names);
    bool observed = g >= 0;
    if (!observed)
        g = column_of(&line, g_names);
    if (r != 0 || g < 1) /* the table was found by its first column */
        return columns;
    columns.g = g;
    columns.dg = column_of(&line, dg_names);
    columns.difference = observed ? -1 : column_of(&line, difference_names);
    return columns;
}
