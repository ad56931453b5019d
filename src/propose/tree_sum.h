/* The sum that a file of trees carries. XGBoost trusts its files: of those damaged by one bit, or cut short, some crash
 * it or keep it busy for ever, and many are answered from as if they were whole. So it is handed none whose sum does
 * not hold. The sum is a note within the file, so that other programs open it as ever. */
#ifndef PROPOSE_TREE_SUM_H
#define PROPOSE_TREE_SUM_H

#include <stdbool.h>
#include <stddef.h>

/* The note that wants to be in the trees before they are written. */
#define TREE_SUM_NOTE "deepstruc_sum"
#define TREE_SUM_EMPTY "fnv1a64:0000000000000000"

/* Fills in the sum of a file's bytes; false where the note is not among them. */
bool tree_sum_write(char *bytes, size_t size);
bool tree_sum_holds(const char *bytes, size_t size);

#endif
