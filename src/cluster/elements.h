/* Elements by number. */
#ifndef CLUSTER_ELEMENTS_H
#define CLUSTER_ELEMENTS_H

/* Atomic number of a symbol spelled as usual ("Au"); 0 when there is none. */
int element_number(const char *symbol);
/* The symbol of atomic number z; "X" when there is none. */
void element_symbol(int z, char out[4]);

#endif
