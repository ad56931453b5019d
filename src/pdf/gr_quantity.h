/* What the values of a file are: G(r), or something that has to be converted or refused. */
#ifndef PDF_GR_QUANTITY_H
#define PDF_GR_QUANTITY_H

#include "pdf/gr_header.h"

/* Refuses intensities (BAD_INPUT) by their labels and values, and turns g(r), which tends to 1, into G(r) with
 * a note. Labels may lie ("# r g(r)" over a G(r)): the values decide. */
deepstruc_status gr_quantity_check(const gr_text *text, const gr_table *table, const gr_columns *columns,
                                   deepstruc_pdf *pdf, deepstruc_diag *diag);

#endif
