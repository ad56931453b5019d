#include "project/pickle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "project/pickle_machine.h"

deepstruc_status pickle_read(pickle **out, const char *bytes, size_t size, const char *name, deepstruc_diag *diag)
{
    pickle *p = calloc(1, sizeof *p);
    if (!p)
        return diag_no_memory(diag);
    deepstruc_status status = pickle_run(p, bytes, size, name, diag);
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

/* ---- looking at it ---- */

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
        return pickle_double(bytes->text, false);
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
