/* A PDF's memory. */
#ifndef PDF_PDF_CREATE_H
#define PDF_PDF_CREATE_H

#include <deepstruc/pdf.h>

/* A PDF of n_points zeros whose header says nothing; NULL when out of memory. */
deepstruc_pdf *pdf_new(size_t n_points, bool with_dg);

#endif
