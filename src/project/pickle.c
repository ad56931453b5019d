#include "project/pickle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

enum { MAX_NODES = 1 << 21 };

typedef enum { NONE, NUMBER, TEXT, CLASS, LIST, DICTIONARY, OBJECT } kind;

typedef struct {
    kind kind;
    double number;
    const char *text; /* of a text, or a class's name */
    size_t length;
    uint32_t first, last; /* cells of what it holds; a dictionary's alternate keys and values */
} node;

typedef struct {
    pickle_value value;
    uint32_t next; /* 0: the last; cell 0 is not used */
} cell;

struct pickle {
    node *node;
    cell *cell;
    pickle_value *stack, *memo, root;
    size_t *mark; /* heights of the stack */
    size_t n_nodes, n_cells, n_stack, n_memo, n_marks, capacity[5];
};

/* The part of the program behind an opcode. */
typedef struct {
    const char *text;
    size_t length;
    uint64_t number; /* the text's bytes as a number, lowest first */
} argument;

/* ---- nodes --------------------------------------------------------------------------------------------------------
 */

static pickle_value new_node(pickle *p, node content)
{
    if (p->n_nodes >= MAX_NODES || !MEMORY_GROW(&p->node, &p->capacity[0], p->n_nodes + 1))
        return 0;
    p->node[p->n_nodes] = content;
    return (pickle_value)p->n_nodes++;
}

static bool push(pickle *p, pickle_value value)
{
    if (!MEMORY_GROW(&p->stack, &p->capacity[1], p->n_stack + 1))
        return false;
    p->stack[p->n_stack++] = value;
    return true;
}

static bool push_node(pickle *p, node content)
{
    pickle_value value = new_node(p, content);
    return value && push(p, value);
}

/* The stack above the last mark, or all of it. */
static size_t height(const pickle *p)
{
    return p->n_stack - (p->n_marks ? p->mark[p->n_marks - 1] : 0);
}

static bool pop(pickle *p, pickle_value *out)
{
    if (height(p) == 0)
        return false;
    *out = p->stack[--p->n_stack];
    return true;
}

static bool hold(pickle *p, pickle_value holder, pickle_value value)
{
    if (p->n_cells >= MAX_NODES || !MEMORY_GROW(&p->cell, &p->capacity[2], p->n_cells + 1))
        return false;
    uint32_t new = (uint32_t)p->n_cells++;
    p->cell[new] = (cell){value, 0};
    if (p->node[holder].last)
        p->cell[p->node[holder].last].next = new;
    else
        p->node[holder].first = new;
    p->node[holder].last = new;
    return true;
}

/* What is added to an object that is a list or dictionary as well goes into one of its own. */
static pickle_value container(pickle *p, pickle_value holder, kind wanted)
{
    if (p->node[holder].kind == wanted)
        return holder;
    if (p->node[holder].kind != OBJECT)
        return 0;
    pickle_value inner = new_node(p, (node){.kind = wanted});
    return inner && hold(p, holder, inner) ? inner : 0;
}

/* The n topmost of the stack into `holder`, in their order. */
static bool take(pickle *p, pickle_value holder, size_t n)
{
    if (height(p) < n)
        return false;
    for (size_t i = p->n_stack - n; i < p->n_stack; i++)
        if (!hold(p, holder, p->stack[i]))
            return false;
    p->n_stack -= n;
    return true;
}

/* The topmost n made into one. */
static bool gather(pickle *p, kind wanted, size_t n)
{
    pickle_value made = new_node(p, (node){.kind = wanted});
    return made && take(p, made, n) && push(p, made);
}

/* What lies above the last mark, which is taken away. */
static bool above_mark(pickle *p, size_t *n)
{
    if (p->n_marks == 0)
        return false;
    *n = height(p);
    p->n_marks--;
    return true;
}

/* ---- opcodes ------------------------------------------------------------------------------------------------------
 */

static bool do_nothing(pickle *p, argument a)
{
    (void)p, (void)a;
    return true;
}

static bool do_mark(pickle *p, argument a)
{
    (void)a;
    if (!MEMORY_GROW(&p->mark, &p->capacity[3], p->n_marks + 1))
        return false;
    p->mark[p->n_marks++] = p->n_stack;
    return true;
}

static bool do_pop(pickle *p, argument a)
{
    (void)a;
    pickle_value gone;
    if (height(p) == 0 && p->n_marks)
        p->n_marks--;
    else
        return pop(p, &gone);
    return true;
}

static bool do_pop_mark(pickle *p, argument a)
{
    (void)a;
    size_t n;
    if (!above_mark(p, &n))
        return false;
    p->n_stack -= n;
    return true;
}

static bool do_duplicate(pickle *p, argument a)
{
    (void)a;
    return height(p) > 0 && push(p, p->stack[p->n_stack - 1]);
}

static bool do_none(pickle *p, argument a)
{
    (void)a;
    return push(p, 0);
}

static bool push_number(pickle *p, double number)
{
    return push_node(p, (node){.kind = NUMBER, .number = number});
}

static bool do_true(pickle *p, argument a)
{
    (void)a;
    return push_number(p, 1);
}

static bool do_false(pickle *p, argument a)
{
    (void)a;
    return push_number(p, 0);
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

static double double_of(const char *bytes, bool big_endian)
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
    return push_number(p, double_of(a.text, true));
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
    return push_node(p, (node){.kind = TEXT, .text = a.text, .length = a.length});
}

/* A line in quotes. */
static bool do_quoted(pickle *p, argument a)
{
    if (a.length < 2 || a.text[0] != a.text[a.length - 1])
        return false;
    return do_text(p, (argument){.text = a.text + 1, .length = a.length - 2});
}

static bool do_empty_list(pickle *p, argument a)
{
    (void)a;
    return push_node(p, (node){.kind = LIST});
}

static bool do_empty_dictionary(pickle *p, argument a)
{
    (void)a;
    return push_node(p, (node){.kind = DICTIONARY});
}

static bool do_list(pickle *p, argument a)
{
    (void)a;
    size_t n;
    return above_mark(p, &n) && gather(p, LIST, n);
}

static bool do_dictionary(pickle *p, argument a)
{
    (void)a;
    size_t n;
    return above_mark(p, &n) && n % 2 == 0 && gather(p, DICTIONARY, n);
}

static bool do_tuple1(pickle *p, argument a)
{
    (void)a;
    return gather(p, LIST, 1);
}

static bool do_tuple2(pickle *p, argument a)
{
    (void)a;
    return gather(p, LIST, 2);
}

static bool do_tuple3(pickle *p, argument a)
{
    (void)a;
    return gather(p, LIST, 3);
}

/* The n topmost into the container below them. */
static bool add(pickle *p, kind wanted, size_t n)
{
    if (height(p) < n + 1 || (wanted == DICTIONARY && n % 2))
        return false;
    pickle_value holder = container(p, p->stack[p->n_stack - n - 1], wanted);
    return holder && take(p, holder, n);
}

static bool do_append(pickle *p, argument a)
{
    (void)a;
    return add(p, LIST, 1);
}

static bool do_appends(pickle *p, argument a)
{
    (void)a;
    size_t n;
    return above_mark(p, &n) && add(p, LIST, n);
}

static bool do_set_item(pickle *p, argument a)
{
    (void)a;
    return add(p, DICTIONARY, 2);
}

static bool do_set_items(pickle *p, argument a)
{
    (void)a;
    size_t n;
    return above_mark(p, &n) && add(p, DICTIONARY, n);
}

/* Two lines: module and name. */
static bool do_class(pickle *p, argument a)
{
    const char *name = (const char *)memchr(a.text, '\n', a.length) + 1;
    return push_node(p, (node){.kind = CLASS, .text = name, .length = (size_t)(a.text + a.length - name)});
}

static bool do_stack_class(pickle *p, argument a)
{
    (void)a;
    pickle_value name, module;
    if (!pop(p, &name) || !pop(p, &module) || p->node[name].kind != TEXT)
        return false;
    return push_node(p, (node){.kind = CLASS, .text = p->node[name].text, .length = p->node[name].length});
}

/* A call of a class or function with arguments is not made: both are kept. */
static bool do_object(pickle *p, argument a)
{
    (void)a;
    return gather(p, OBJECT, 2);
}

static bool do_object_keywords(pickle *p, argument a)
{
    (void)a;
    return gather(p, OBJECT, 3);
}

static bool do_object_above_mark(pickle *p, argument a)
{
    (void)a;
    size_t n;
    return above_mark(p, &n) && gather(p, OBJECT, n);
}

static bool do_named_object(pickle *p, argument a)
{
    size_t n;
    return above_mark(p, &n) && gather(p, OBJECT, n) && do_class(p, a) && add(p, OBJECT, 1);
}

static bool do_state(pickle *p, argument a)
{
    (void)a;
    return height(p) >= 2 && p->node[p->stack[p->n_stack - 2]].kind == OBJECT && add(p, OBJECT, 1);
}

static bool remember(pickle *p, uint64_t place)
{
    if (height(p) == 0 || place >= MAX_NODES || !MEMORY_GROW(&p->memo, &p->capacity[4], place + 1))
        return false;
    for (; p->n_memo <= place; p->n_memo++)
        p->memo[p->n_memo] = 0;
    p->memo[place] = p->stack[p->n_stack - 1];
    return true;
}

static bool recall(pickle *p, uint64_t place)
{
    return place < p->n_memo && push(p, p->memo[place]);
}

static bool do_remember(pickle *p, argument a)
{
    return remember(p, a.number);
}

static bool do_remember_next(pickle *p, argument a)
{
    (void)a;
    return remember(p, p->n_memo);
}

static bool do_recall(pickle *p, argument a)
{
    return recall(p, a.number);
}

static bool do_remember_line(pickle *p, argument a)
{
    return remember(p, strtoul(a.text, NULL, 10));
}

static bool do_recall_line(pickle *p, argument a)
{
    return recall(p, strtoul(a.text, NULL, 10));
}

/* Arguments: as many bytes as the number says, one or two lines, or bytes counted by 1, 4 or 8 bytes before them. */
enum { LINE = -1, TWO_LINES = -2, COUNTED = -3, COUNTED_4 = -4, COUNTED_8 = -5 };

typedef struct {
    unsigned char code;
    int bytes;
    bool (*run)(pickle *p, argument a);
} opcode;

static const opcode opcodes[] = {{0x80, 1, do_nothing},
                                 {0x95, 8, do_nothing},
                                 {'(', 0, do_mark},
                                 {'0', 0, do_pop},
                                 {'1', 0, do_pop_mark},
                                 {'2', 0, do_duplicate},
                                 {'N', 0, do_none},
                                 {0x88, 0, do_true},
                                 {0x89, 0, do_false},
                                 {'K', 1, do_unsigned},
                                 {'M', 2, do_unsigned},
                                 {'J', 4, do_signed},
                                 {0x8a, COUNTED, do_signed},
                                 {0x8b, COUNTED_4, do_signed},
                                 {'G', 8, do_double},
                                 {'F', LINE, do_digits},
                                 {'I', LINE, do_digits},
                                 {'L', LINE, do_digits},
                                 {'S', LINE, do_quoted},
                                 {'V', LINE, do_text},
                                 {'U', COUNTED, do_text},
                                 {'T', COUNTED_4, do_text},
                                 {0x8c, COUNTED, do_text},
                                 {'X', COUNTED_4, do_text},
                                 {0x8d, COUNTED_8, do_text},
                                 {'C', COUNTED, do_text},
                                 {'B', COUNTED_4, do_text},
                                 {0x8e, COUNTED_8, do_text},
                                 {0x96, COUNTED_8, do_text},
                                 {']', 0, do_empty_list},
                                 {')', 0, do_empty_list},
                                 {0x8f, 0, do_empty_list},
                                 {'}', 0, do_empty_dictionary},
                                 {'l', 0, do_list},
                                 {'t', 0, do_list},
                                 {0x91, 0, do_list},
                                 {0x85, 0, do_tuple1},
                                 {0x86, 0, do_tuple2},
                                 {0x87, 0, do_tuple3},
                                 {'d', 0, do_dictionary},
                                 {'a', 0, do_append},
                                 {'e', 0, do_appends},
                                 {0x90, 0, do_appends},
                                 {'s', 0, do_set_item},
                                 {'u', 0, do_set_items},
                                 {'c', TWO_LINES, do_class},
                                 {0x93, 0, do_stack_class},
                                 {'R', 0, do_object},
                                 {0x81, 0, do_object},
                                 {0x92, 0, do_object_keywords},
                                 {'o', 0, do_object_above_mark},
                                 {'i', TWO_LINES, do_named_object},
                                 {'b', 0, do_state},
                                 {'p', LINE, do_remember_line},
                                 {'q', 1, do_remember},
                                 {'r', 4, do_remember},
                                 {0x94, 0, do_remember_next},
                                 {'g', LINE, do_recall_line},
                                 {'h', 1, do_recall},
                                 {'j', 4, do_recall}};

static const opcode *find_opcode(unsigned char code)
{
    for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++)
        if (opcodes[i].code == code)
            return &opcodes[i];
    return NULL;
}

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

static deepstruc_status run(pickle *p, const char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    const char *at = bytes, *end = bytes + size;
    while (at < end && *at != '.') {
        const opcode *o = find_opcode((unsigned char)*at++);
        argument a;
        if (!o || !read_argument(&at, end, o->bytes, &a) || !o->run(p, a))
            return diag_fail_at(diag, p->n_nodes >= MAX_NODES ? DEEPSTRUC_TOO_LARGE : DEEPSTRUC_BAD_INPUT, name, 0,
                                "is no pickle that can be read: it fails at byte %zu of %zu", (size_t)(at - bytes),
                                size);
    }
    if (at >= end || !pop(p, &p->root))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "is a pickle that is cut off");
    return DEEPSTRUC_OK;
}

deepstruc_status pickle_read(pickle **out, const char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    pickle *p = calloc(1, sizeof *p);
    if (!p)
        return diag_no_memory(diag);
    new_node(p, (node){.kind = NONE});
    p->n_cells = 1;
    deepstruc_status status = p->n_nodes ? run(p, bytes, size, name, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        *out = p;
    else
        pickle_destroy(p);
    return status;
}

void pickle_destroy(pickle *p)
{
    if (!p)
        return;
    free(p->node);
    free(p->cell);
    free(p->stack);
    free(p->memo);
    free(p->mark);
    free(p);
}

/* ---- looking at it ------------------------------------------------------------------------------------------------
 */

pickle_value pickle_root(const pickle *p)
{
    return p->root;
}

pickle_value pickle_item(const pickle *p, pickle_value list, size_t i)
{
    uint32_t at = p->node[list].first;
    for (; at && i > 0; i--)
        at = p->cell[at].next;
    return at ? p->cell[at].value : 0;
}

bool pickle_entry(const pickle *p, pickle_value dictionary, uint32_t *cursor, pickle_value *key, pickle_value *value)
{
    const node *holder = &p->node[dictionary];
    uint32_t at = *cursor ? p->cell[*cursor].next : holder->first;
    if (holder->kind != DICTIONARY || !at)
        return false;
    *key = p->cell[at].value;
    *cursor = p->cell[at].next;
    *value = p->cell[*cursor].value;
    return true;
}

static bool is_text(const node *n, const char *text)
{
    return (n->kind == TEXT || n->kind == CLASS) && n->length == strlen(text) && memcmp(n->text, text, n->length) == 0;
}

static pickle_value find_entry(const pickle *p, pickle_value dictionary, const char *wanted)
{
    uint32_t cursor = 0;
    pickle_value key, value, found = 0;
    while (pickle_entry(p, dictionary, &cursor, &key, &value))
        if (is_text(&p->node[key], wanted))
            found = value; /* the last wins, as in Python */
    return found;
}

pickle_value pickle_find(const pickle *p, pickle_value dictionary, const char *key)
{
    if (p->node[dictionary].kind != OBJECT)
        return find_entry(p, dictionary, key);
    pickle_value found = 0;
    for (uint32_t at = p->node[dictionary].first; at; at = p->cell[at].next) {
        pickle_value here = find_entry(p, p->cell[at].value, key);
        found = here ? here : found;
    }
    return found;
}

double pickle_number(const pickle *p, pickle_value value)
{
    const node *n = &p->node[value];
    if (n->kind == NUMBER)
        return n->number;
    /* numpy.float64 is pickled as scalar(dtype, eight bytes). */
    const node *bytes = &p->node[pickle_item(p, pickle_item(p, value, 1), 1)];
    if (n->kind == OBJECT && is_text(&p->node[pickle_item(p, value, 0)], "scalar") && bytes->kind == TEXT &&
        bytes->length == 8)
        return double_of(bytes->text, false);
    return NAN;
}

bool pickle_text(const pickle *p, pickle_value value, char *out, size_t size)
{
    const node *n = &p->node[value];
    if (n->kind != TEXT)
        return false;
    size_t length = n->length < size ? n->length : size - 1;
    memcpy(out, n->text, length);
    out[length] = '\0';
    return true;
}
