/* What the settings ask for: which methods, over which bond lengths, with what. */
#ifndef SOLVE_PLAN_H
#define SOLVE_PLAN_H

#include <deepstruc/solve.h>

#include "propose/library.h"

typedef struct {
    bool library, generate, tree, plain, climb;
    library_settings shapes;
    bond_range bond;
    deepstruc_type focus; /* UNKNOWN: none */
    int threads;
    deepstruc_catalogue *paper; /* the published shapes */
    deepstruc_catalogue *rest;  /* without those that are left out; NULL: none is */
} solve_plan;

/* BAD_ARGUMENT for a setting outside its row, an unknown method, catalogue or type; UNAVAILABLE for a method without
 * its model. Without a list, every method that is there takes part. */
deepstruc_status plan_make(solve_plan *out, const deepstruc_solve_settings *settings, const char *element,
                           deepstruc_diag *diag);
void plan_clear(solve_plan *plan);

#endif
