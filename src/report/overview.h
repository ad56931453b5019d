/* A batch as rows, and its page. */
#ifndef REPORT_OVERVIEW_H
#define REPORT_OVERVIEW_H

#include <jansson.h>

#include <deepstruc/report.h>

#include "report/bytes.h"

/* What the overview says of one file. Texts point into `result`, or into the caller's item. */
typedef struct {
    const char *file, *folder, *error;
    json_t *result; /* NULL where it failed */
    const char *kind, *type, *why;
    char flags[128];
    double temperature, n_atoms, rw, bond, esd_bond, biso, esd_biso; /* NaN where nothing is known */
    double diameter, diameter_low, diameter_high;                    /* Å, with its 68 % interval */
} overview_row;

/* Is there a cluster whose size and bonds mean anything? */
bool overview_is_structure(const overview_row *row);

deepstruc_status overview_page(const overview_row *row, size_t n, report_bytes *out, deepstruc_diag *diag);

#endif
