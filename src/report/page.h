/* report.html: a template (src/report/page/page.html) whose {{fields}} are filled in C, so that the page says all it
 * has to say without its script; the script then makes the pictures move. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/parts.h"

/* Built from src/report/page by cmake/page.cmake; each ends with a zero. */
extern const unsigned char report_page_html[], report_page_css[], report_page_js[];

/* All that the fields are filled from. */
typedef struct {
    const deepstruc_solution *solution;
    const json_t *result;
    const report_pictures *pictures;
    json_t *data; /* for the script */
} report_page_parts;

/* Prints what stands for {{name}}; false for a name that is not known. */
bool report_page_field(const report_page_parts *page, const char *name, size_t length, FILE *out);

/* The data of the script: types and their marks, the PDF, fits and structures of the picked candidates, the maps. */
deepstruc_status report_page_data(json_t **out, const deepstruc_solution *solution, report_curves *curves,
                                  deepstruc_diag *diag);

/* The candidates whose fit and atoms a page holds: the verdict's, the first ones, the best of each type and of each
 * group; at most REPORT_PICKS of them with REPORT_PICK_ATOMS atoms in all. Returns how many; `picks` gets their
 * indices, rising. */
#define REPORT_PICKS 32
#define REPORT_FIRST_PICKS 12
#define REPORT_PICK_ATOMS 40000
size_t report_page_picks(const deepstruc_solution *solution, size_t picks[REPORT_PICKS]);

/* Text into HTML or SVG, what has a meaning there escaped. */
void report_print_escaped(FILE *out, const char *text);

/* The families, and the first group as kinds of structure. */
void report_page_families(const report_page_parts *page, FILE *out);

#endif
