/* One case of an evaluation: a structure whose PDF is simulated, and the score of a method's answer to it. */
#ifndef STUDY_EVALUATE_CASE_H
#define STUDY_EVALUATE_CASE_H

#include <deepstruc/dataset.h>
#include <deepstruc/evaluate.h>

#include "propose/generate.h"

/* A structure of the test split and the instrument its PDF is seen with. */
typedef struct {
    const deepstruc_structure *structure;
    deepstruc_cluster *truth;
    deepstruc_pdf *pdf;
    deepstruc_pdf_settings pdf_settings;
} test_case;

typedef struct {
    double before, after, strict, rw, seconds;
    bool exact, within_5pct, type, family, covered;
    double valid, distinct;
} test_score;

/* Builds case `number` of the settings' protocol from t->structure. */
deepstruc_status test_case_make(test_case *t, const deepstruc_evaluate_settings *settings, size_t number,
                                deepstruc_diag *diag);
void test_case_drop(test_case *t);

/* The network alone: the single answer of each hypothesis of the bond length, the one that fits best. */
deepstruc_status test_case_score_model(const test_case *t, const generator *g,
                                       const deepstruc_evaluate_settings *settings, test_score *score,
                                       deepstruc_diag *diag);
/* Every published shape fitted, the best one taken: what a search through the training set itself finds. */
deepstruc_status test_case_score_library(const test_case *t, test_score *score, deepstruc_diag *diag);

#endif
