/* The page of a batch. */
#ifndef REPORT_OVERVIEW_PAGE_H
#define REPORT_OVERVIEW_PAGE_H

#include "report/bytes.h"
#include "report/overview_row.h"

deepstruc_status overview_page(const overview_row *row, size_t n, report_bytes *out, deepstruc_diag *diag);

#endif
