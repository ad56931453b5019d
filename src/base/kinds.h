/* What a file holds, by the ending of its name: for the word of help when another kind is wanted. */
#ifndef BASE_KINDS_H
#define BASE_KINDS_H

typedef enum { KINDS_PDF, KINDS_STRUCTURE, KINDS_MODEL, KINDS_SET, KINDS_PROJECT } kinds_kind;

/* "a structure, by its name": NULL when the ending is of the kind wanted, or says nothing. */
const char *kinds_other(const char *path, kinds_kind wanted);

#endif
