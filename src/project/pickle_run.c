/* The opcodes of pickle's protocols 0 to 5, each a row of a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "project/pickle_machine.h"

/* What stands behind an opcode in the program, and the number in its row of the table. */
typedef struct {
    const char *text;
    size_t length;
    uint64_t number; /* the text's bytes as a number, lowest first */
    int row;
} argument;

/* ---- values ---- */

static bool do_nothing(pickle *p, argument a)
{
    (void)p, (void)a;
    return true;
}

static bool do_none(pickle *p, argument a)
{
    (void)a;
    return pickle_push(p, 0);
}

static bool push_number(pickle *p, double number)
{
    return pickle_push_new(p, (node){.kind = NUMBER, .number = number});
}

static bool do_truth(pickle *p, argument a)
{
    return push_number(p, a.row);
}

static bool do_unsigned(pickle *p, argument a)
{
    return push_number(p, (double)a.number);
}

/* Two's complement of a.length bytes; longer ones than a double tells apart are none that is wanted here. */
static bool do_signed(pickle *p, argument a)
{
    if (a.length > 8)
        return push_number(p, NAN);
    double number = (double)a.number;
    if (a.length > 0 && (unsigned char)a.text[a.length - 1] & 0x80)
        number = -(double)((a.length == 8 ? 0 : UINT64_C(1) << 8 * a.length) - a.number);
    return push_number(p, number);
}

double pickle_double(const char *bytes, bool big_endian)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)(unsigned char)bytes[i] << 8 * (big_endian ? 7 - i : i);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static bool do_double(pickle *p, argument a)
{
    return push_number(p, pickle_double(a.text, true));
}

/* A line with a number: "1.5", "12", "12L", "01" for true. */
static bool do_digits(pickle *p, argument a)
{
    char digits[64];
    const char *end;
    double number;
    if (a.length >= sizeof digits)
        return push_number(p, NAN);
    memcpy(digits, a.text, a.length);
    digits[a.length] = '\0';
    return text_read_double(digits, &end, &number) && push_number(p, number);
}

static bool do_text(pickle *p, argument a)
{
    return pickle_push_new(p, (node){.kind = TEXT, .text = a.text, .length = a.length});
}

/* A line in quotes. */
static bool do_quoted(pickle *p, argument a)
{
    if (a.length < 2 || a.text[0] != a.text[a.length - 1])
        return false;
    return do_text(p, (argument){.text = a.text + 1, .length = a.length - 2});
}

/* ---- containers; the row says the kind, or how many ---- */

static bool do_empty(pickle *p, argument a)
{
    return pickle_gather(p, (kind)a.row, 0);
}

static bool do_tuple(pickle *p, argument a)
{
    return pickle_gather(p, LIST, (size_t)a.row);
}

static bool do_gather(pickle *p, argument a)
{
    size_t n;
    return pickle_above_mark(p, &n) && pickle_gather(p, (kind)a.row, n);
}

static bool do_append(pickle *p, argument a)
{
    (void)a;
    return pickle_add(p, LIST, 1);
}

static bool do_set_item(pickle *p, argument a)
{
    (void)a;
    return pickle_add(p, DICTIONARY, 2);
}

static bool do_add(pickle *p, argument a)
{
    size_t n;
    return pickle_above_mark(p, &n) && pickle_add(p, (kind)a.row, n);
}

/* ---- classes and calls: kept, not made ---- */

/* Two lines: module and name. */
static bool do_class(pickle *p, argument a)
{
    const char *name = (const char *)memchr(a.text, '\n', a.length) + 1;
    return pickle_push_new(p, (node){.kind = CLASS, .text = name, .length = (size_t)(a.text + a.length - name)});
}

static bool do_stack_class(pickle *p, argument a)
{
    (void)a;
    pickle_value name, module;
    if (!pickle_pop(p, &name) || !pickle_pop(p, &module) || p->node[name].kind != TEXT)
        return false;
    return pickle_push_new(p, (node){.kind = CLASS, .text = p->node[name].text, .length = p->node[name].length});
}

/* A class or function and its arguments. */
static bool do_call(pickle *p, argument a)
{
    return pickle_gather(p, OBJECT, (size_t)a.row);
}

static bool do_named_call(pickle *p, argument a)
{
    size_t n;
    return pickle_above_mark(p, &n) && pickle_gather(p, OBJECT, n) && do_class(p, a) && pickle_add(p, OBJECT, 1);
}

static bool do_state(pickle *p, argument a)
{
    (void)a;
    return pickle_add(p, OBJECT, 1);
}

/* ---- the stack and the memory ---- */

static bool do_mark(pickle *p, argument a)
{
    (void)a;
    return pickle_mark(p);
}

static bool do_pop(pickle *p, argument a)
{
    (void)a;
    pickle_value gone;
    size_t none;
    return pickle_height(p) > 0 ? pickle_pop(p, &gone) : pickle_above_mark(p, &none);
}

static bool do_pop_mark(pickle *p, argument a)
{
    (void)a;
    size_t n;
    if (!pickle_above_mark(p, &n))
        return false;
    p->n_stack -= n;
    return true;
}

static bool do_duplicate(pickle *p, argument a)
{
    (void)a;
    return pickle_height(p) > 0 && pickle_push(p, p->stack[p->n_stack - 1]);
}

static bool do_remember(pickle *p, argument a)
{
    return pickle_remember(p, a.number);
}

static bool do_remember_next(pickle *p, argument a)
{
    (void)a;
    return pickle_remember(p, p->n_memo);
}

static bool do_remember_line(pickle *p, argument a)
{
    return pickle_remember(p, strtoul(a.text, NULL, 10));
}

static bool do_recall(pickle *p, argument a)
{
    return pickle_recall(p, a.number);
}

static bool do_recall_line(pickle *p, argument a)
{
    return pickle_recall(p, strtoul(a.text, NULL, 10));
}

/* ---- the table ---- */

/* Arguments: as many bytes as the number says, one or two lines, or bytes counted by 1, 4 or 8 bytes before them. */
enum { LINE = -1, TWO_LINES = -2, COUNTED = -3, COUNTED_4 = -4, COUNTED_8 = -5 };

typedef struct {
    unsigned char code;
    int bytes;
    bool (*run)(pickle *p, argument a);
    int row;
} opcode;

/* clang-format off */
static const opcode opcodes[] = {
    {0x80, 1, do_nothing, 0},        {0x95, 8, do_nothing, 0},        {'N', 0, do_none, 0},
    {0x88, 0, do_truth, 1},          {0x89, 0, do_truth, 0},
    {'K', 1, do_unsigned, 0},        {'M', 2, do_unsigned, 0},        {'J', 4, do_signed, 0},
    {0x8a, COUNTED, do_signed, 0},   {0x8b, COUNTED_4, do_signed, 0}, {'G', 8, do_double, 0},
    {'F', LINE, do_digits, 0},       {'I', LINE, do_digits, 0},       {'L', LINE, do_digits, 0},
    {'S', LINE, do_quoted, 0},       {'V', LINE, do_text, 0},
    {'U', COUNTED, do_text, 0},      {'T', COUNTED_4, do_text, 0},    {0x8c, COUNTED, do_text, 0},
    {'X', COUNTED_4, do_text, 0},    {0x8d, COUNTED_8, do_text, 0},   {'C', COUNTED, do_text, 0},
    {'B', COUNTED_4, do_text, 0},    {0x8e, COUNTED_8, do_text, 0},   {0x96, COUNTED_8, do_text, 0},
    {']', 0, do_empty, LIST},        {')', 0, do_empty, LIST},        {0x8f, 0, do_empty, LIST},
    {'}', 0, do_empty, DICTIONARY},  {'l', 0, do_gather, LIST},       {'t', 0, do_gather, LIST},
    {0x91, 0, do_gather, LIST},      {'d', 0, do_gather, DICTIONARY}, {'o', 0, do_gather, OBJECT},
    {0x85, 0, do_tuple, 1},          {0x86, 0, do_tuple, 2},          {0x87, 0, do_tuple, 3},
    {'a', 0, do_append, 0},          {'e', 0, do_add, LIST},          {0x90, 0, do_add, LIST},
    {'s', 0, do_set_item, 0},        {'u', 0, do_add, DICTIONARY},
    {'c', TWO_LINES, do_class, 0},   {0x93, 0, do_stack_class, 0},    {'i', TWO_LINES, do_named_call, 0},
    {'R', 0, do_call, 2},            {0x81, 0, do_call, 2},           {0x92, 0, do_call, 3},
    {'b', 0, do_state, 0},
    {'(', 0, do_mark, 0},            {'0', 0, do_pop, 0},             {'1', 0, do_pop_mark, 0},
    {'2', 0, do_duplicate, 0},       {0x94, 0, do_remember_next, 0},
    {'p', LINE, do_remember_line, 0}, {'q', 1, do_remember, 0},       {'r', 4, do_remember, 0},
    {'g', LINE, do_recall_line, 0},  {'h', 1, do_recall, 0},          {'j', 4, do_recall, 0}};
/* clang-format on */

static const opcode *find_opcode(unsigned char code)
{
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++)
        if (opcodes[i].code == code)
            return &opcodes[i];
    return NULL;
}

/* ---- running ---- */

static uint64_t number_of(const char *bytes, size_t n)
{
    uint64_t number = 0;
    for (size_t i = 0; i < n && i < 8; i++)
        number |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    return number;
}

/* The argument of a form at *at, which moves behind it. */
static bool read_argument(const char **at, const char *end, int form, argument *out)
{
    const char *start = *at;
    size_t left = (size_t)(end - start);
    if (form == LINE || form == TWO_LINES) {
        const char *stop = memchr(start, '\n', left);
        if (stop && form == TWO_LINES)
            stop = memchr(stop + 1, '\n', (size_t)(end - stop - 1));
        if (!stop)
            return false;
        *out = (argument){.text = start, .length = (size_t)(stop - start)};
        *at = stop + 1;
        return true;
    }
    size_t width = form >= 0 ? 0 : form == COUNTED ? 1 : form == COUNTED_4 ? 4 : 8;
    if (left < width)
        return false;
    uint64_t length = form >= 0 ? (uint64_t)form : number_of(start, width);
    if (left - width < length)
        return false;
    start += width;
    *out = (argument){.text = start, .length = (size_t)length, .number = number_of(start, (size_t)length)};
    *at = start + length;
    return true;
}

deepstruc_status pickle_run(pickle *p, const char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    const char *at = bytes, *end = bytes + size;
    pickle_new(p, (node){.kind = NONE});
    p->n_cells = 1;
    if (p->n_nodes == 0)
        return diag_no_memory(diag);
    while (at < end && *at != '.') {
        const opcode *o = find_opcode((unsigned char)*at++);
        argument a;
        bool good = o && read_argument(&at, end, o->bytes, &a);
        if (good)
            a.row = o->row;
        if (!good || !o->run(p, a))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                                "is no pickle that can be read: it fails at byte %zu of %zu", (size_t)(at - bytes),
                                size);
    }
    if (at >= end || !pickle_pop(p, &p->root))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "is a pickle that is cut off");
    return DEEPSTRUC_OK;
}
