/* Report: a solution as files that people look at and programs read on. */
#ifndef DEEPSTRUC_REPORT_H
#define DEEPSTRUC_REPORT_H

#include <deepstruc/solve.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the folder `dir`: result.json, candidates.csv (all candidates), candidates/NNN-TYPE-NATOMS.xyz (the first
 * settings.top), fit-NNN.fgr of the first n_fits, the plots as SVG, PNG and PDF, and report.html, one file that opens
 * offline. The folder appears only when it is complete. The same solution gives the same bytes, but for the times in
 * result.json. EXISTS unless `force`; CANNOT_WRITE, with nothing left behind, when anything fails on the way. */
deepstruc_status deepstruc_report_write(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *dir,
                                        bool force, deepstruc_diag *diag);

/* The short table for a terminal: the first `n_rows` candidates and the best of each type that is not among them; rank,
 * type, shape, atoms, Rw, bond length, Biso, method and group in aligned columns, UTF-8, no line longer than 100
 * characters. free() frees *out. */
deepstruc_status deepstruc_report_table(char **out, const deepstruc_solution *solution, size_t n_rows,
                                        deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
