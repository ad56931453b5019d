#include "pdf/gr_composition.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "cluster/elements.h"

enum { MAX_DEPTH = 8 };
static const double max_amount = 1e6;

typedef struct {
    const char *at;
    deepstruc_amount *out;
    size_t n;
} reader;

static void skip_blanks(reader *r)
{
    while (isspace((unsigned char)*r->at) || *r->at == ',' || *r->at == ';' || *r->at == '_' || *r->at == '-')
        r->at++;
}

/* The symbol at the reader: two letters before one ("Co" before "C"), the next character not a small letter. Words in
 * small letters are taken as symbols only at the beginning ("pt", but not "Pt in water"). */
static bool read_symbol(reader *r, char symbol[4])
{
    for (size_t n = 2; n >= 1; n--) {
        bool starts = isupper((unsigned char)r->at[0]) || (r->n == 0 && islower((unsigned char)r->at[0]));
        bool letters = starts && (n == 1 || islower((unsigned char)r->at[1]));
        if (!letters || islower((unsigned char)r->at[n]))
            continue;
        symbol[0] = (char)toupper((unsigned char)r->at[0]);
        symbol[1] = n == 2 ? r->at[1] : '\0';
        symbol[2] = '\0';
        if (strcmp(symbol, "D") == 0) /* deuterium */
            symbol[0] = 'H';
        if (element_number(symbol) > 0) {
            r->at += n;
            return true;
        }
    }
    return false;
}

/* A number at the reader, blanks before it allowed; `otherwise` when there is none, and behind a symbol when it is a
 * charge ("Fe3+"). */
static double read_amount(reader *r, double otherwise)
{
    const char *at = r->at;
    while (isspace((unsigned char)*at) || *at == '_')
        at++;
    size_t n = strspn(at, "0123456789.");
    char number[24];
    double value;
    if (n == 0 || n >= sizeof number)
        return otherwise;
    memcpy(number, at, n);
    number[n] = '\0';
    if (!text_parse_double(number, &value) || !(value >= 0 && value <= max_amount))
        return otherwise;
    at += n;
    bool charge = *at == '+' || (*at == '-' && !isalnum((unsigned char)at[1]));
    r->at = charge ? at + 1 : at;
    return charge ? otherwise : value;
}

static bool add(reader *r, const char *symbol, double amount)
{
    if (!(amount > 0))
        return true;
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->out[i].symbol, symbol) == 0) {
            r->out[i].amount += amount;
            return true;
        }
    if (r->n >= DEEPSTRUC_MAX_ELEMENTS)
        return false;
    text_copy(r->out[r->n].symbol, sizeof r->out[r->n].symbol, symbol);
    r->out[r->n++].amount = amount;
    return true;
}

static bool read_group(reader *r, double factor, char close, int depth);

/* The factor behind the bracket that opens at `open`: 2 in "(OH)2". */
static double group_factor(const char *open)
{
    int level = 0;
    for (const char *at = open; *at; at++) {
        level += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        if (level == 0) {
            reader behind = {.at = at + 1};
            return isspace((unsigned char)at[1]) ? 1 : read_amount(&behind, 1);
        }
    }
    return 1;
}

static bool read_group(reader *r, double factor, char close, int depth)
{
    double times = factor;
    if (depth > MAX_DEPTH)
        return false;
    for (;;) {
        char symbol[4];
        skip_blanks(r);
        if (*r->at == close) {
            r->at += close != '\0';
            return true;
        }
        if (*r->at == '(' || *r->at == '[') {
            double inner = times * group_factor(r->at);
            char end = *r->at++ == '(' ? ')' : ']';
            if (!read_group(r, inner, end, depth + 1))
                return false;
            if (!isspace((unsigned char)*r->at))
                read_amount(r, 1);
        } else if (isdigit((unsigned char)*r->at)) { /* "5 H2O": to the end or the next '*' */
            const char *number = r->at;
            times = factor * read_amount(r, 1);
            if (r->at == number)
                return false;
        } else if (*r->at == '*' || strncmp(r->at, "\xC2\xB7", 2) == 0) {
            r->at += *r->at == '*' ? 1 : 2;
            times = factor;
        } else if (!read_symbol(r, symbol) || !add(r, symbol, times * read_amount(r, 1))) {
            return false;
        } else if (*r->at == '+') { /* a charge without a number */
            r->at++;
        }
    }
}

size_t composition_read(const char *text, deepstruc_amount out[DEEPSTRUC_MAX_ELEMENTS], bool *complete)
{
    reader r = {.at = text, .out = out};
    *complete = read_group(&r, 1, '\0', 0);
    return r.n;
}

size_t composition_metal(const deepstruc_amount *elements, size_t n, char out[4])
{
    size_t n_metals = 0;
    double best = -1;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        double z = element_number(elements[i].symbol), weight = elements[i].amount * z * z;
        if (!deepstruc_element_is_metal(elements[i].symbol))
            continue;
        n_metals++;
        if (weight > best) {
            best = weight;
            text_copy(out, 4, elements[i].symbol);
        }
    }
    return n_metals;
}
