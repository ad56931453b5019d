/* The parts of a report, each one file of the folder, made in memory. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include <jansson.h>

#include <deepstruc/report.h>

#include "report/bytes.h"
#include "report/curves.h"

/* Whether a candidate gets an xyz file, and with it a row in result.json and on the page: the first `top`, and behind
 * them those that the result speaks of: the verdict's, the best of each family and of each kind of structure. */
bool report_is_shown(const deepstruc_solution *solution, size_t i_candidate);
size_t report_n_top(const deepstruc_solution *solution);

/* Whether there is a latent map to draw: a place on a map of no points says nothing. */
bool report_has_map(const deepstruc_solution *solution);

/* "candidates/001-decahedron-85.xyz" for index 0. */
#define REPORT_XYZ_PATH 80
void report_xyz_path(const deepstruc_solution *solution, size_t i_candidate, char out[REPORT_XYZ_PATH]);

/* Standard deviation of the refined bond length, Å: it scales with the expansion. NaN where that has none. */
double report_esd_bond_length(const deepstruc_fit *fit);

/* The candidates that a map of Rw against size shows: all of them, or, of more than REPORT_MAP_ALL, the best of each
 * type and number of atoms. `shown` gets their indices, n_candidates at most, best first. */
#define REPORT_MAP_ALL 4000
size_t report_map_points(const deepstruc_solution *solution, size_t *shown);

/* The object of result.json (docs/formats.md); NULL when out of memory. `seconds_report` is this module's own time. */
json_t *report_result(const deepstruc_solution *solution, const deepstruc_pdf *pdf, double seconds_report);

/* candidates.csv: a header and one line per candidate. Not-a-number is an empty field. */
void report_candidates_csv(const deepstruc_solution *solution, FILE *out);

/* The key=value text of a candidate's xyz comment line. */
void report_xyz_comment(const deepstruc_solution *solution, size_t i_candidate, char *out, size_t size);

/* fit-NNN.fgr: five columns r Gcalc dr dG Gdiff under the header that PDFgui writes. */
void report_fgr(const deepstruc_solution *solution, const deepstruc_pdf *pdf, size_t i_fit, FILE *out);

/* The PNG files of the fit and of Rw against size, for a browser that runs no script; empty where there is none. */
typedef struct {
    report_bytes fit, map;
} report_pictures;

/* report.html: one self-contained page. `result` is report_result's. */
deepstruc_status report_page(const deepstruc_solution *solution, report_curves *curves, const json_t *result,
                             const report_pictures *pictures, report_bytes *out, deepstruc_diag *diag);

#endif
