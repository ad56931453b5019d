#include "cluster/words.h"

#include <ctype.h>
#include <math.h>

#include "base/text.h"

static bool is_blank(const words *w, char c)
{
    return isspace((unsigned char)c) || (!w->cif && c == ',');
}

/* A line of a CIF that begins with a semicolon holds free text up to the next such line. */
static void skip_text_field(words *w)
{
    w->at++;
    while (w->at < w->end && !(*w->at == ';' && w->at[-1] == '\n')) {
        w->line += *w->at == '\n';
        w->at++;
    }
    w->at += w->at < w->end;
    text_copy(w->word, sizeof w->word, "?");
    w->quoted = true;
}

/* Blanks, line ends and a CIF's comments; whether the next word begins a line. */
static bool skip_blanks(words *w)
{
    bool begins_line = w->at == w->begin;
    while (w->at < w->end && (is_blank(w, *w->at) || (w->cif && *w->at == '#'))) {
        if (*w->at == '#')
            while (w->at + 1 < w->end && w->at[1] != '\n')
                w->at++;
        else if (*w->at == '\n')
            w->line++, begins_line = true;
        w->at++;
    }
    return begins_line;
}

bool words_next(words *w)
{
    w->begins_line = skip_blanks(w);
    if (w->at >= w->end)
        return false;
    w->quoted = false;
    if (w->cif && *w->at == ';' && w->begins_line) {
        skip_text_field(w);
        return true;
    }
    char quote = w->cif && (*w->at == '\'' || *w->at == '"') ? *w->at : 0;
    size_t n = 0;
    w->quoted = quote != 0;
    for (w->at += quote != 0; w->at < w->end && *w->at != '\n'; w->at++) {
        bool ends =
            quote ? *w->at == quote && (w->at + 1 == w->end || isspace((unsigned char)w->at[1])) : is_blank(w, *w->at);
        if (ends)
            break;
        if (n < WORDS_MAX)
            w->word[n++] = *w->at;
    }
    w->at += quote && w->at < w->end && *w->at == quote;
    w->word[n] = '\0';
    return true;
}

bool words_number(const words *w, double *out)
{
    const char *end;
    return text_read_double(w->word, &end, out) && isfinite(*out) && (*end == '\0' || (w->cif && *end == '('));
}

bool words_next_number(words *w, double *out)
{
    return words_next(w) && words_number(w, out);
}

void words_rest_of_line(words *w, char *out, size_t size)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t'))
        w->at++;
    size_t n = 0;
    for (; w->at < w->end && *w->at != '\n' && *w->at != '\r'; w->at++)
        if (n + 1 < size && *w->at != '"')
            out[n++] = *w->at;
    out[n] = '\0';
}
