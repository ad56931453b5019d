/* Report: a solution as files that people look at and programs read on. */
#ifndef DEEPSTRUC_REPORT_H
#define DEEPSTRUC_REPORT_H

#include <deepstruc/calibrate.h>
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

/* What a page draws from, as JSON text: the marks of the types, the PDF on the fit's grid and on a fine one, fit and
 * atoms of up to 32 candidates (the first ones, the best of each type and of each group), the size map and the latent
 * map (docs/api.md). report.html holds the same. free() frees *out. */
deepstruc_status deepstruc_report_data(char **out, const deepstruc_solution *solution, const deepstruc_pdf *pdf,
                                       deepstruc_diag *diag);

/* Where one PDF lies on a latent map. */
typedef struct {
    const char *name;
    double mean[2], sigma[2];
} deepstruc_latent_place;

/* The map as a picture: training structures coloured and marked by type, sized by atoms, and for each of the PDFs a
 * cross with rings of 1, 2 and 3 sigma. Only the points of `map` are used. The ending of `path` says the format: .svg,
 * .png or .pdf; BAD_ARGUMENT for another. */
deepstruc_status deepstruc_report_latent(const deepstruc_latent_map *map, const deepstruc_latent_place *place,
                                         size_t n_places, const char *path, bool force, deepstruc_diag *diag);

/* Data, fit and difference of a calibration; the format as above. */
deepstruc_status deepstruc_report_calibration(const deepstruc_calibration *calibration, const char *path, bool force,
                                              deepstruc_diag *diag);

/* The short table for a terminal: the first `n_rows` candidates, the verdict's and the best of each type that is not
 * among them; rank, type, shape, atoms, Rw, bond length, Biso, method and group in aligned columns, UTF-8, no line
 * longer than 100 characters. free() frees *out. */
deepstruc_status deepstruc_report_table(char **out, const deepstruc_solution *solution, size_t n_rows,
                                        deepstruc_diag *diag);

/* One file of a batch: the folder of its result (as deepstruc_report_write wrote it, now or in an earlier run), or why
 * there is none. */
typedef struct {
    const char *file;
    const char *folder; /* within the batch's folder; NULL where it failed */
    const char *error;  /* one line; NULL where it did not */
} deepstruc_overview_item;

/* Reads the result.json of every folder of a batch and writes dir/summary.csv, one line per file, and
 * dir/overview.html, one page that opens offline: every verdict, and size, bond length and Biso against the temperature
 * of the headers, or against the files where those have none. BAD_INPUT for a folder without a readable result. */
deepstruc_status deepstruc_report_overview(const deepstruc_overview_item *item, size_t n, const char *dir, bool force,
                                           deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
