#include "project/pickle_machine.h"

#include "base/memory.h"

enum { MAX_NODES = 1 << 21 };

pickle_value pickle_new(pickle *p, node content)
{
    if (p->n_nodes >= MAX_NODES || !MEMORY_GROW(&p->node, &p->capacity[0], p->n_nodes + 1))
        return 0;
    p->node[p->n_nodes] = content;
    return (pickle_value)p->n_nodes++;
}

bool pickle_push(pickle *p, pickle_value value)
{
    if (!MEMORY_GROW(&p->stack, &p->capacity[1], p->n_stack + 1))
        return false;
    p->stack[p->n_stack++] = value;
    return true;
}

bool pickle_push_new(pickle *p, node content)
{
    pickle_value value = pickle_new(p, content);
    return value && pickle_push(p, value);
}

size_t pickle_height(const pickle *p)
{
    return p->n_stack - (p->n_marks ? p->mark[p->n_marks - 1] : 0);
}

bool pickle_pop(pickle *p, pickle_value *out)
{
    if (pickle_height(p) == 0)
        return false;
    *out = p->stack[--p->n_stack];
    return true;
}

bool pickle_mark(pickle *p)
{
    if (!MEMORY_GROW(&p->mark, &p->capacity[3], p->n_marks + 1))
        return false;
    p->mark[p->n_marks++] = p->n_stack;
    return true;
}

bool pickle_above_mark(pickle *p, size_t *n)
{
    if (p->n_marks == 0)
        return false;
    *n = pickle_height(p);
    p->n_marks--;
    return true;
}

static bool hold(pickle *p, pickle_value holder, pickle_value value)
{
    if (p->n_cells >= MAX_NODES || !MEMORY_GROW(&p->cell, &p->capacity[2], p->n_cells + 1))
        return false;
    uint32_t made = (uint32_t)p->n_cells++;
    p->cell[made] = (cell){value, 0};
    if (p->node[holder].last)
        p->cell[p->node[holder].last].next = made;
    else
        p->node[holder].first = made;
    p->node[holder].last = made;
    return true;
}

/* What is added to an object that is a list or dictionary as well goes into one of its own. */
static pickle_value container(pickle *p, pickle_value holder, kind wanted)
{
    if (p->node[holder].kind == wanted)
        return holder;
    if (p->node[holder].kind != OBJECT)
        return 0;
    pickle_value inner = pickle_new(p, (node){.kind = wanted});
    return inner && hold(p, holder, inner) ? inner : 0;
}

/* The n topmost of the stack into `holder`, in their order. */
static bool take(pickle *p, pickle_value holder, size_t n)
{
    if (pickle_height(p) < n || (p->node[holder].kind == DICTIONARY && n % 2))
        return false;
    for (size_t i = p->n_stack - n; i < p->n_stack; i++)
        if (!hold(p, holder, p->stack[i]))
            return false;
    p->n_stack -= n;
    return true;
}

bool pickle_gather(pickle *p, kind wanted, size_t n)
{
    pickle_value made = pickle_new(p, (node){.kind = wanted});
    return made && take(p, made, n) && pickle_push(p, made);
}

bool pickle_add(pickle *p, kind wanted, size_t n)
{
    if (pickle_height(p) < n + 1)
        return false;
    pickle_value holder = container(p, p->stack[p->n_stack - n - 1], wanted);
    return holder && take(p, holder, n);
}

bool pickle_remember(pickle *p, uint64_t place)
{
    if (pickle_height(p) == 0 || place >= MAX_NODES || !MEMORY_GROW(&p->memo, &p->capacity[4], place + 1))
        return false;
    for (; p->n_memo <= place; p->n_memo++)
        p->memo[p->n_memo] = 0;
    p->memo[place] = p->stack[p->n_stack - 1];
    return true;
}

bool pickle_recall(pickle *p, uint64_t place)
{
    return place < p->n_memo && pickle_push(p, p->memo[place]);
}
