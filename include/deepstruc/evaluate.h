/* Evaluation: how well the methods find structures whose answer is known. docs/conventions.md defines the measures. */
#ifndef DEEPSTRUC_EVALUATE_H
#define DEEPSTRUC_EVALUATE_H

#include <deepstruc/pdf.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *protocol;               /* "paper", "measured", "shapes", "measured-shapes", "large", "stacking",
                             "stacking-random", "experiment" */
    const char *methods;                /* comma-separated, NULL: all but "solve" */
    const char *model;                  /* file of the default model */
    const char *tree, *plain, *network; /* files of the tree classifier, the plain CVAE and deepstruc-2023; a row whose
                                           file is NULL is missing */
    const char *stackings;              /* file of the model of stackings, for the protocols of that name, or NULL */
    const char *data;                   /* folder of the published measurements, for "experiment"; NULL: missing */
    long limit;                         /* structures of the test split that are scored, evenly picked; 0: all */
    double noise;                       /* of the measured protocols: rms of the noise over that of G; 0.03 */
    double stretch;                     /* every bond length of the clean protocols times this; 1 */
    long samples;                       /* per PDF, for the share of valid samples; 0: the single answer only */
    double sigma;                       /* of those samples; 3 */
    long seed;
} deepstruc_evaluate_settings;

deepstruc_evaluate_settings deepstruc_evaluate_settings_default(void);
extern const deepstruc_field deepstruc_evaluate_settings_fields[];

typedef struct {
    double mean, std, median; /* NaN: not measured */
} deepstruc_spread;

/* One method's scores: errors in Å, rates in [0, 1]; NaN where a score does not apply. */
typedef struct {
    const char *method;                                 /* static text */
    char missing[160];                                  /* why there is no score; "" when there is */
    deepstruc_spread paper_mae_before, paper_mae_after; /* over the cases with the right count, best alignment */
    deepstruc_spread strict_mae;                        /* over all cases, after the fit */
    deepstruc_spread rw;
    deepstruc_spread count_crps; /* continuous ranked probability score of log(number of atoms): smaller is better */
    double exact_count, count_within_5pct, type_top1, type_top3, type_top5, family_top1;
    double diameter_within_5pct, diameter_within_10pct; /* of the sphere of equal volume */
    double shape_top1, shape_top3, shape_top5;          /* of a classifier of shapes: the very shape named */
    double literature_in_group; /* of measurements: the literature's family is in the first equivalence group */
    double sequence_exact;      /* of close-packed layers: number and sequence right */
    double recovered;           /* strict error below 0.1 Å */
    double outfits_truth;       /* another structure, which fits better than the true one: no search by fit mends it */
    double valid, distinct;     /* of the samples: no two atoms too close; different structures */
    double coverage_68;         /* true counts within the method's 68 % interval */
    double seconds_per_pdf;
} deepstruc_evaluation_row;

enum { DEEPSTRUC_MAX_ROWS = 10 };

typedef struct {
    char protocol[32];
    size_t n; /* PDFs scored */
    long seed;
    size_t n_rows;
    deepstruc_evaluation_row row[DEEPSTRUC_MAX_ROWS];
} deepstruc_evaluation;

/* BAD_ARGUMENT for an unknown protocol. */
deepstruc_status deepstruc_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                    const deepstruc_progress *progress, deepstruc_diag *diag);
/* The same as JSON text, freed with free(); NULL when out of memory. */
char *deepstruc_evaluation_json(const deepstruc_evaluation *evaluation);

#ifdef __cplusplus
}
#endif
#endif
