/* The published measurements: every method on every file that is there, as it is and made poorer. */
#ifndef STUDY_EXPERIMENT_H
#define STUDY_EXPERIMENT_H

#include <deepstruc/evaluate.h>
#include <deepstruc/solve.h>

typedef struct {
    const char *file, *other_name, *sample, *answer; /* the literature's, in words */
    deepstruc_type type;                             /* of that answer */
    double published_rw, fit_rmax; /* of the paper's catalogue, 3-parameter fit to fit_rmax (prototype's values) */
} experiment;

enum { EXPERIMENTS = 5 };
extern const experiment experiments[EXPERIMENTS];

typedef enum {
    EXPERIMENT_WHOLE,
    EXPERIMENT_CUT,
    EXPERIMENT_THINNED,
    EXPERIMENT_BARE,
    EXPERIMENT_VARIANTS
} experiment_variant;
extern const char *const experiment_variant_name[EXPERIMENT_VARIANTS];

/* What one method makes of one file. */
typedef struct {
    const experiment *of;
    experiment_variant variant;
    const char *method;
    double sigma;
    deepstruc_type type; /* rank 1 */
    size_t n_atoms;
    double rw, biso, esd_biso;
    bool there;      /* the literature's family was found at all */
    double there_rw; /* its best */
    size_t there_atoms;
    bool in_top_group; /* and the data cannot tell it from rank 1 */
    double seconds;
} experiment_result;

/* The file in the folder; CANNOT_READ when it is not there. */
deepstruc_status experiment_read(deepstruc_pdf **out, const experiment *e, const char *folder,
                                 experiment_variant variant, deepstruc_diag *diag);
/* What a method, one of experiment_methods, is solved with; false when its file is not there. */
bool experiment_settings(deepstruc_solve_settings *out, const char *method,
                         const deepstruc_evaluate_settings *settings);
extern const char *const experiment_methods[]; /* ends with NULL */

/* `report` (may be NULL) is a folder that the whole report is written to. */
deepstruc_status experiment_solve(experiment_result *out, const experiment *e, experiment_variant variant,
                                  const char *method, const deepstruc_pdf *pdf,
                                  const deepstruc_solve_settings *settings, const char *report, deepstruc_diag *diag);

/* The protocol "experiment": a row for each method over all files and variants that are there. */
deepstruc_status experiment_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                     const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
