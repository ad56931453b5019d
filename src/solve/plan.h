/* What the settings ask for: which methods, over which bond lengths, with what. */
#ifndef SOLVE_PLAN_H
#define SOLVE_PLAN_H

#include <deepstruc/solve.h>

#include "propose/library.h"

typedef struct {
    bool library, generate, tree, plain;
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

/* Structures of the generative model into the pool, fitted; the PDF's place on the latent map into the solution. */
deepstruc_status plan_generate(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                               const deepstruc_pdf *pdf, const deepstruc_progress *progress, deepstruc_diag *diag);

/* Structures decoded by the plain CVAE into the pool, fitted. */
deepstruc_status plan_plain(candidate_pool *pool, const solve_plan *plan, const deepstruc_solve_settings *settings,
                            const deepstruc_pdf *pdf, const deepstruc_target *target,
                            const deepstruc_progress *progress, deepstruc_diag *diag);

/* The shapes that the tree classifier finds most probable into the pool, fitted. */
deepstruc_status plan_tree(candidate_pool *pool, const solve_plan *plan, const deepstruc_solve_settings *settings,
                           const deepstruc_pdf *pdf, const deepstruc_target *target, const deepstruc_progress *progress,
                           deepstruc_diag *diag);

#endif
