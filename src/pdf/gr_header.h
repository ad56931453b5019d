/* What the lines around a .gr file's data say. */
#ifndef PDF_GR_HEADER_H
#define PDF_GR_HEADER_H

#include "pdf/gr_table.h"

/* Which column (from 0) holds what; -1: none does. */
typedef struct {
    int r, g, dg;
    int difference; /* observed minus calculated: then g is the calculated curve of a fit */
    bool labelled;  /* a line of labels above the data says so */
    bool is_q;      /* they say that the first column is Q or an angle */
    char axis[16];  /* the first label as written: "r($\AA$)", "Q"; "" without labels */
} gr_columns;

/* Reads the header (lines [0, n_lines)) into pdf's qmin to radiation, composition and dialect; NaN and "" stay where it
 * says nothing. */
void gr_header_read(const gr_text *text, size_t n_lines, deepstruc_pdf *pdf);

/* The columns of a table, from the last line of labels above it, else by their number: r G, r G dG, r G dr dG,
 * r G dr dG Gdiff. */
gr_columns gr_header_columns(const gr_text *text, const gr_table *table);

/* The value of the last `key = value` or `key: value` of the header as text, cut to `size`; false when there is none.
 */
bool gr_header_value(const gr_text *text, size_t n_lines, const char *key, char *out, size_t size);
/* The last number with above < number <= max that a `key` has; NaN when there is none. */
double gr_header_number(const gr_text *text, size_t n_lines, const char *key, double above, double max);

#endif
