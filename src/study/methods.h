/* Methods: how a PDF is answered. A new one is a row of the table in methods.c and a file method_NAME.c. */
#ifndef STUDY_METHODS_H
#define STUDY_METHODS_H

#include <deepstruc/refine.h>

#include "propose/pool.h"
#include "study/protocols.h"

enum { STUDY_MAX_TYPES = 5 };

/* One method's answer to one PDF. Zeroed: nothing was found. */
typedef struct {
    deepstruc_cluster *cluster; /* as proposed, Å; owned by the answer */
    double expansion;           /* times which it fits best */
    double rw;                  /* of that fit */
    double n_atoms; /* of the sample; more than the cluster's where the method knows that it shows only a core */
    bool has_spread;
    double log_atoms, log_atoms_sd; /* a normal distribution of log(number of atoms); without: a point */
    size_t n_types;
    deepstruc_type type[STUDY_MAX_TYPES]; /* distinct, the likeliest first */
    size_t n_shapes;                      /* of a classifier: the names of its shapes, the likeliest first */
    char shape[STUDY_MAX_TYPES][80];
    bool sampled;
    double valid, distinct; /* of its samples */
} study_answer;

void study_answer_free(study_answer *answer);
/* Adds a type unless it is there or the list is full. */
void study_answer_add_type(study_answer *answer, deepstruc_type type);

/* The atoms and fit of a fitted entry, which keeps the rest. */
void study_answer_take(study_answer *answer, pool_entry *entry);

/* What methods start from. */
typedef struct {
    const deepstruc_evaluate_settings *settings;
    const study_list *list;
} study_setup;

typedef struct {
    const char *name, *summary;
    const char *unasked; /* protocols whose names begin so have this row without being asked for it; "": all; NULL: none
                          */
    /* UNAVAILABLE when something it needs is missing. *state is for answer and close. */
    deepstruc_status (*open)(void **state, const study_setup *setup, deepstruc_diag *diag);
    deepstruc_status (*answer)(void *state, const test_case *t, study_answer *out, deepstruc_diag *diag);
    void (*close)(void *state);
} study_method;

extern const study_method *const study_methods[]; /* ends with NULL */

/* Its rows, each in its file. */
extern const study_method study_method_model, study_method_nearest, study_method_library, study_method_generate,
    study_method_solve, study_method_tree, study_method_plain, study_method_network, study_method_stacking,
    study_method_stacking_best;

/* The target of a case's 3-parameter fit, for methods. */
deepstruc_status study_target(deepstruc_target **out, const test_case *t, deepstruc_diag *diag);

/* Which of a model's answers (cluster_of(made, i), i < n) fits best; n when none does. */
deepstruc_status study_best_fit(const test_case *t, const void *made, size_t n,
                                const deepstruc_cluster *(*cluster_of)(const void *made, size_t i), size_t *best,
                                deepstruc_fit *fit, deepstruc_diag *diag);

#endif
