/* The parts of a reproduction: what each computes, draws and adds to the table. */
#ifndef STUDY_REPRODUCE_H
#define STUDY_REPRODUCE_H

#include <jansson.h>

#include <deepstruc/evaluate.h>
#include <deepstruc/reproduce.h>

typedef struct {
    const char *dir;
    const deepstruc_reproduce_settings *settings;
    deepstruc_evaluate_settings evaluate; /* files, seed and sizes for every part */
    const deepstruc_progress *progress;
} reproduction;

typedef struct {
    const char *name, *what;
    /* A new object with all that figures and table need. */
    deepstruc_status (*compute)(json_t **out, const reproduction *r, deepstruc_diag *diag);
    /* May be NULL. */
    deepstruc_status (*draw)(const json_t *data, const reproduction *r, deepstruc_diag *diag);
} reproduce_part;

extern const reproduce_part reproduce_parts[]; /* ends with a NULL name */

/* Their files. */
deepstruc_status reproduce_types(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_pdfs(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_fit(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_map(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_paper(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_shapes(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_large(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_stacking(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_stacking_random(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_stacking_map(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_lattice(json_t **out, const reproduction *r, deepstruc_diag *diag);
deepstruc_status reproduce_experiments(json_t **out, const reproduction *r, deepstruc_diag *diag);

deepstruc_status draw_types(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_pdfs(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_fit(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_map(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_paper(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_large(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_stacking_map(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_lattice(const json_t *data, const reproduction *r, deepstruc_diag *diag);
deepstruc_status draw_experiments(const json_t *data, const reproduction *r, deepstruc_diag *diag);

/* table.md, table.html and table.json from the parts' data, an object by part. */
deepstruc_status reproduce_table(const json_t *parts, const reproduction *r, deepstruc_diag *diag);

#endif
