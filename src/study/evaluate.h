/* An evaluation whose cases somebody listens to. */
#ifndef STUDY_EVALUATE_H
#define STUDY_EVALUATE_H

#include "study/score.h"

typedef struct {
    void *user;
    /* After each answer; `method` is the row's name. */
    void (*heard)(void *user, const char *method, const test_case *t, const study_answer *answer,
                  const test_score *score);
} study_listener;

/* deepstruc_evaluate; `listener` may be NULL. */
deepstruc_status study_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                const study_listener *listener, const deepstruc_progress *progress,
                                deepstruc_diag *diag);

#endif
