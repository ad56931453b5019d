/* The machine that a pickle is a program for: a stack of values, marks on it, and a memory of values to come back to.
 */
#ifndef PROJECT_PICKLE_MACHINE_H
#define PROJECT_PICKLE_MACHINE_H

#include "project/pickle.h"

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
    node *node; /* a pickle_value is a place in it; 0 is none */
    cell *cell;
    pickle_value *stack, *memo, root;
    size_t *mark; /* heights of the stack */
    size_t n_nodes, n_cells, n_stack, n_memo, n_marks, capacity[5];
};

/* Runs a program to its end on an empty machine; what it leaves on the stack is the root. */
deepstruc_status pickle_run(pickle *p, const char *bytes, size_t size, const char *name, deepstruc_diag *diag);

/* The bits of a double, as pickles write them. */
double pickle_double(const char *bytes, bool big_endian);

/* What the opcodes are made of; false when the program is damaged or too large. */
pickle_value pickle_new(pickle *p, node content); /* 0: too many */
bool pickle_push(pickle *p, pickle_value value);
bool pickle_push_new(pickle *p, node content);
bool pickle_pop(pickle *p, pickle_value *out);
size_t pickle_height(const pickle *p); /* of the stack above the last mark, or all of it */
bool pickle_mark(pickle *p);
/* What lies above the last mark, which is taken away. */
bool pickle_above_mark(pickle *p, size_t *n);
/* The topmost n made into one; the topmost n put into what lies below them. */
bool pickle_gather(pickle *p, kind wanted, size_t n);
bool pickle_add(pickle *p, kind wanted, size_t n);
/* The top of the stack into the memory, and from there onto the stack. */
bool pickle_remember(pickle *p, uint64_t place);
bool pickle_recall(pickle *p, uint64_t place);

#endif
