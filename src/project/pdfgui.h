/* PDFgui's project files, .ddp: a zip archive of PROJECT/FIT/structure/NAME/{initial,refined,...}, PDFfit structures as
 * text, PROJECT/FIT/dataset/NAME/obs, the data as text, and pickles of what belongs to them. */
#ifndef PROJECT_PDFGUI_H
#define PROJECT_PDFGUI_H

#include "project/archive.h"

typedef enum { PDFGUI_PHASE, PDFGUI_DATA, PDFGUI_CALCULATION, PDFGUI_N_PARTS } pdfgui_kind;

/* A folder's name as the archive writes it, within a member's name. */
typedef struct {
    const char *text;
    size_t length;
} pdfgui_folder;

/* One phase, data set or calculation. The members are the archive's; NULL where it has none. */
typedef struct {
    pdfgui_kind kind;
    pdfgui_folder folder;
    char *name; /* as the user reads it */
    const archive_member *initial, *refined, *observed, *calculated, *constraints, *pairs;
} pdfgui_part;

typedef struct {
    pdfgui_folder folder;
    char *name;
    const archive_member *parameters, *result;
    size_t n_parts, capacity;
    pdfgui_part *part; /* in the order of the archive */
} pdfgui_fit;

typedef struct {
    size_t n_fits, capacity;
    pdfgui_fit *fit;
} pdfgui_project;

/* Sorts the archive's members, which are looked at as long as the project is; BAD_INPUT when there is no structure and
 * no data among them. */
deepstruc_status pdfgui_sort(pdfgui_project *out, const archive_members *members, const char *path,
                             deepstruc_diag *diag);
void pdfgui_clear(pdfgui_project *project);

#endif
