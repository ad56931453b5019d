/* What PDFgui's pickles say about a fit, as JSON. Values that are not there, or not of the kind expected, are left out.
 */
#ifndef PROJECT_SETTINGS_H
#define PROJECT_SETTINGS_H

#include <deepstruc/pdf.h>

#include "base/json.h"
#include "project/pickle.h"

/* 1/Å: PDFgui's qdamp where nobody set one; no instrument's is so small. */
#define PROJECT_QDAMP_UNSET 0.0011

/* Fit range, steps, initial and refined values of a data set; range and instrument of a calculation. */
void project_add_curve(json_t *into, const pickle *p);
void project_add_constraints(json_t *into, const pickle *p); /* {variable: formula} */
void project_add_parameters(json_t *into, const pickle *p);  /* [{index, name, initial, refined, fixed}] */
void project_add_result(json_t *into, const pickle *p);      /* rw */

/* A settings file for solve and refine from a data set's values, refined ones before initial ones before the header's.
 * NULL: out of memory. */
json_t *project_settings_of(const json_t *data, const deepstruc_pdf *pdf);

#endif
