/* XGBoost behind a few functions of ours: the shared library is opened when a booster is first made, so that nothing
 * links to it and the program runs without it. */
#ifndef PROPOSE_TREE_XGBOOST_H
#define PROPOSE_TREE_XGBOOST_H

#include <deepstruc/deepstruc.h>

typedef struct booster booster;

/* UNAVAILABLE, naming the package, where the library is not installed. */
deepstruc_status booster_library(deepstruc_diag *diag);

/* An untrained booster for x[n x m] (not a number: not measured) with the class of each row. x is copied. */
deepstruc_status booster_create(booster **out, const float *x, size_t n, size_t m, const float *class_of_row,
                                deepstruc_diag *diag);
/* A trained one from the bytes of a file; `path` stands in diagnostics. */
deepstruc_status booster_load(booster **out, const void *bytes, size_t size, const char *path, deepstruc_diag *diag);
void booster_destroy(booster *b);

deepstruc_status booster_set(booster *b, const char *name, const char *value, deepstruc_diag *diag);
/* One more tree for each class. */
deepstruc_status booster_grow(booster *b, int round, deepstruc_diag *diag);

/* Notes that are kept in the file; NULL where there is none of that name. */
deepstruc_status booster_note(booster *b, const char *name, const char *text, deepstruc_diag *diag);
const char *booster_noted(const booster *b, const char *name);

/* The file's bytes; they belong to the booster and hold until its next call. */
deepstruc_status booster_bytes(booster *b, const void **bytes, size_t *size, deepstruc_diag *diag);
/* Probabilities of the classes of one row x[m]; they belong to the booster and hold until its next call. */
deepstruc_status booster_predict(booster *b, const float *x, size_t m, const float **probability, size_t *n_classes,
                                 deepstruc_diag *diag);

#endif
