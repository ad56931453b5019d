/* Scores of answers, and their summary: one row of an evaluation. */
#ifndef STUDY_SCORE_H
#define STUDY_SCORE_H

#include "study/methods.h"

/* NaN where a measure does not apply to a case. */
typedef struct {
    double before, after, strict, rw, seconds;
    double exact, within_5pct, type[3], shape[3], family, recovered, outfits_truth,
        sequence; /* 1 or 0; type, shape: among the first 1, 3, 5 */
    double covered, crps, diameter_5pct, diameter_10pct;
    double valid, distinct;
} test_score;

/* `atoms`: coordinates are compared, too. */
deepstruc_status study_score(const test_case *t, const study_answer *answer, bool atoms, test_score *score,
                             deepstruc_diag *diag);

/* scratch[n]. */
void study_summarise(const char *method, const test_score *score, size_t n, double *scratch,
                     deepstruc_evaluation_row *row);

/* Continuous ranked probability score of a normal distribution (Gneiting and Raftery 2007, doi
 * 10.1198/016214506000001437, eq. 21); of a point (sd 0) the distance. Smaller is better. */
double study_crps(double mean, double sd, double truth);

#endif
