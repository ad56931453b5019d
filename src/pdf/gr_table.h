/* Where in a .gr file the table of data stands. */
#ifndef PDF_GR_TABLE_H
#define PDF_GR_TABLE_H

#include "pdf/gr_text.h"

/* Rows of one table: the GR_ROW lines of [begin, end). */
typedef struct {
    size_t begin, end;
    size_t n_rows;
    int n_columns;
    bool cut; /* an incomplete last line was left out */
} gr_table;

/* Finds the rows behind the last "start data" that has any, otherwise the longest block of rows whose r rises: header
 * tables are numbers too. BAD_INPUT, naming the line, when there is none, when r does not rise, or when a line in
 * the middle is no row. */
deepstruc_status gr_table_find(const gr_text *text, gr_table *out, deepstruc_diag *diag);

#endif
