/* What a batch's overview says of one file. */
#ifndef REPORT_OVERVIEW_ROW_H
#define REPORT_OVERVIEW_ROW_H

#include <jansson.h>

#include <deepstruc/report.h>

/* Texts point into `result`, or into the caller's item. */
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

/* From dir/item->folder, unless the item failed. row->result wants json_decref. */
deepstruc_status overview_row_read(overview_row *row, const deepstruc_overview_item *item, const char *dir,
                                   deepstruc_diag *diag);

#endif
