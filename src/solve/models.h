/* The models that take part, opened before anything is searched: a damaged one is told at once. */
#ifndef SOLVE_MODELS_H
#define SOLVE_MODELS_H

#include "propose/coordinates.h"
#include "propose/generate.h"
#include "propose/tree.h"
#include "solve/plan.h"

/* NULL where a method does not take part. */
typedef struct {
    generator *generator;
    coordinates_model *plain;
    tree_model *tree;
    char without_tree[240]; /* why trees that nobody asked for by name do not take part; else "" */
} solve_models;

/* BAD_INPUT for a file that is no such model or damaged; UNAVAILABLE where trees were asked for and cannot be read. */
deepstruc_status models_open(solve_models *out, const solve_plan *plan, const deepstruc_solve_settings *settings,
                             deepstruc_diag *diag);
void models_close(solve_models *models);

#endif
