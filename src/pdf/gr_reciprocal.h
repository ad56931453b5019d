/* Files of S(Q) or F(Q) in place of G(r). */
#ifndef PDF_GR_RECIPROCAL_H
#define PDF_GR_RECIPROCAL_H

#include "pdf/gr_header.h"

/* Does the label of the first column, PDFgetX3's outputtype or the file's name (.sq, .fq) say that the first column is
 * Q? Angles are none. */
bool gr_reciprocal_is(const gr_text *text, const gr_table *table, const gr_columns *columns);

/* Turns the pdf, whose r and g hold Q and S(Q) or F(Q), into G(r): docs/theory-data.md, equation D3. Between the
 * header's qmin and qmax, which become those of the transform. BAD_INPUT for intensities. */
deepstruc_status gr_reciprocal_transform(const gr_text *text, const gr_table *table, deepstruc_pdf *pdf,
                                         deepstruc_diag *diag);

#endif
