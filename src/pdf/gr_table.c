#define _GNU_SOURCE
#include "pdf/gr_table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

enum { MAX_GAP_LINES = 3 };               /* between two halves of one damaged table */
static const double max_gap_steps = 5;    /* in r, between them */
static const double max_table_part = 0.2; /* of a block: a header's table that touches the data */

/* Consecutive rows of one width; comments and blank lines between them count as nothing while r goes on rising. */
typedef struct {
    size_t begin, end; /* lines */
    size_t n_rows;
    int n_columns;
    double first, last; /* r */
} block;

typedef struct {
    block *item;
    size_t n, capacity;
} blocks;

/* ---- blocks ----------------------------------------------------------------------------------------------------- */

static bool is_marker(const char *line)
{
    return strcasestr(line, "start data") != NULL;
}

/* The line behind the last marker that rows follow; 0 without one. *marker is the last marker's line + 1, or 0. */
static size_t data_begin(const gr_text *text, size_t *marker)
{
    bool rows = false;
    *marker = 0;
    for (size_t i = text->n; i-- > 0;) {
        rows |= text->line[i].kind == GR_ROW;
        if (text->line[i].kind == GR_ROW || !is_marker(text->line[i].text))
            continue;
        if (!*marker)
            *marker = i + 1;
        if (rows)
            return i + 1;
    }
    return 0;
}

static bool collect(const gr_text *text, size_t begin, blocks *out)
{
    bool comment = false, other = true;
    for (size_t i = begin; i < text->n; i++) {
        const gr_line *line = &text->line[i];
        if (line->kind != GR_ROW) {
            other |= line->kind == GR_TEXT;
            comment = true;
            continue;
        }
        block *last = out->n ? &out->item[out->n - 1] : NULL;
        if (!last || other || last->n_columns != line->n_columns || (comment && !(line->first > last->last))) {
            if (!MEMORY_GROW(&out->item, &out->capacity, out->n + 1))
                return false;
            last = &out->item[out->n++];
            *last = (block){.begin = i, .n_columns = line->n_columns, .first = line->first};
        }
        last->end = i + 1;
        last->last = line->first;
        last->n_rows++;
        comment = other = false;
    }
    return true;
}

static size_t longest(const blocks *all)
{
    size_t best = 0;
    for (size_t i = 1; i < all->n; i++) {
        const block *a = &all->item[i], *b = &all->item[best];
        if ((a->n_columns > 1) > (b->n_columns > 1) ||
            ((a->n_columns > 1) == (b->n_columns > 1) && a->n_rows >= b->n_rows))
            best = i;
    }
    return best;
}

/* ---- what is wrong with a table -----------------------------------------------------------------------------------
 */

static deepstruc_status fail_line(const gr_text *text, size_t i, int n_columns, deepstruc_diag *diag)
{
    const gr_line *line = &text->line[i];
    if (line->kind == GR_ROW)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)i + 1,
                            "%d numbers where the rows around it have %d; mend or remove this line", line->n_columns,
                            n_columns);
    char word[32];
    const char *at = line->text;
    double numbers[GR_MAX_COLUMNS];
    do { /* the first word that is no number */
        while (isspace((unsigned char)*at) || *at == ',' || *at == ';')
            at++;
        gr_first_word(at, word, sizeof word);
        at += strlen(word);
    } while (word[0] && gr_numbers(word, numbers) > 0);
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)i + 1,
                        "'%s' in the middle of the data is not a number; mend or remove this line", word);
}

/* True when `r` is where rows behind `last` are expected, by the steps of `table`. */
static bool continues(const block *table, double last, double r)
{
    double step = table->n_rows > 1 ? (table->last - table->first) / (double)(table->n_rows - 1) : 0;
    return r > last && r - last <= max_gap_steps * step;
}

static bool starts_with_number(const char *line, double *first)
{
    char word[32];
    double numbers[GR_MAX_COLUMNS];
    gr_first_word(line, word, sizeof word);
    if (gr_numbers(word, numbers) < 1)
        return false;
    *first = numbers[0];
    return true;
}

/* The first line of [begin, end) that is neither blank nor comment, and how many of them there are. */
static size_t odd_lines(const gr_text *text, size_t begin, size_t end, size_t *first)
{
    size_t n = 0;
    for (size_t i = end; i-- > begin;)
        if (text->line[i].kind == GR_TEXT || text->line[i].kind == GR_ROW)
            *first = i, n++;
    return n;
}

/* A line that breaks a table in two would silently halve it: look for the other half on either side. */
static deepstruc_status check_halves(const gr_text *text, const blocks *all, size_t chosen, deepstruc_diag *diag)
{
    const block *table = &all->item[chosen];
    for (size_t i = 0; i < all->n; i++) {
        const block *low = i < chosen ? &all->item[i] : table, *high = i < chosen ? table : &all->item[i];
        size_t odd = 0, n_odd = i == chosen ? 0 : odd_lines(text, low->end, high->begin, &odd);
        if (n_odd > 0 && n_odd <= MAX_GAP_LINES && low->n_columns == high->n_columns &&
            continues(table, low->last, high->first))
            return fail_line(text, odd, table->n_columns, diag);
    }
    return DEEPSTRUC_OK;
}

/* What follows the table: a last line that was cut off is left out; text that is no row is none of ours. */
static deepstruc_status check_end(const gr_text *text, const block *chosen, gr_table *table, deepstruc_diag *diag)
{
    size_t odd = 0, n_odd = odd_lines(text, table->end, text->n, &odd);
    double r;
    if (n_odd == 0 || !starts_with_number(text->line[odd].text, &r))
        return DEEPSTRUC_OK;
    bool shorter = text->line[odd].kind == GR_TEXT || text->line[odd].n_columns < table->n_columns;
    if (odd + 1 == text->n && shorter)
        table->cut = true;
    else if (continues(chosen, chosen->last, r))
        return fail_line(text, odd, table->n_columns, diag);
    return DEEPSTRUC_OK;
}

/* r must rise from the first row to the last; a header's table that touches the data, and begins above it, is cut off.
 */
static deepstruc_status check_rises(const gr_text *text, gr_table *table, deepstruc_diag *diag)
{
    size_t n_before = 0, n_tail = 0, tail = table->begin, first_fall = 0, before = table->begin;
    for (size_t i = table->begin, previous = i; i < table->end; i++) {
        const gr_line *line = &text->line[i];
        if (line->kind != GR_ROW)
            continue;
        if (!isfinite(line->first) || line->first < 0)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)i + 1,
                                "r = %g; a distance of 0 or more is wanted", line->first);
        if (i > table->begin && !(line->first > text->line[previous].first)) {
            if (!first_fall)
                first_fall = i, before = previous;
            tail = i, n_before += n_tail, n_tail = 0;
        }
        previous = i;
        n_tail++;
    }
    if (!first_fall)
        return DEEPSTRUC_OK;
    if (!(n_before < max_table_part * (double)n_tail && text->line[tail].first < text->line[table->begin].first))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)first_fall + 1,
                            "r = %g does not rise above %g of the row before; sort the rows or remove this one",
                            text->line[first_fall].first, text->line[before].first);
    table->begin = tail;
    table->n_rows = n_tail;
    return DEEPSTRUC_OK;
}

/* ---- the table ----------------------------------------------------------------------------------------------------
 */

static deepstruc_status check_size(const gr_text *text, const gr_table *table, deepstruc_diag *diag)
{
    if (table->n_columns < 2)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)table->begin + 1,
                            "one number per row; two columns, r and G, are wanted");
    if (table->n_rows > DEEPSTRUC_MAX_POINTS)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, text->name, (long)table->begin + 1,
                            "%zu points; at most %d are handled", table->n_rows, DEEPSTRUC_MAX_POINTS);
    return DEEPSTRUC_OK;
}

static deepstruc_status choose(const gr_text *text, const blocks *all, gr_table *out, deepstruc_diag *diag)
{
    size_t i = longest(all);
    const block *best = &all->item[i];
    gr_table table = {best->begin, best->end, best->n_rows, best->n_columns, false};
    deepstruc_status status = check_rises(text, &table, diag);
    if (status == DEEPSTRUC_OK)
        status = check_halves(text, all, i, diag);
    if (status == DEEPSTRUC_OK)
        status = check_end(text, best, &table, diag);
    if (status == DEEPSTRUC_OK)
        status = check_size(text, &table, diag);
    if (status == DEEPSTRUC_OK)
        *out = table;
    return status;
}

deepstruc_status gr_table_find(const gr_text *text, gr_table *out, deepstruc_diag *diag)
{
    size_t marker, begin = data_begin(text, &marker);
    blocks all = {0};
    deepstruc_status status;
    if (!collect(text, begin, &all))
        status = diag_no_memory(diag);
    else if (all.n == 0 && marker)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)marker,
                              "no rows of numbers follow 'start data'; the data are missing");
    else if (all.n == 0)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
                              "holds no rows of numbers; two columns, r and G, are wanted");
    else
        status = choose(text, &all, out, diag);
    free(all.item);
    return status;
}
