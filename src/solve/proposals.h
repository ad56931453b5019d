/* What the models propose, into the pool, fitted. */
#ifndef SOLVE_PROPOSALS_H
#define SOLVE_PROPOSALS_H

#include "solve/models.h"

/* Structures of the generative model; the PDF's place on the latent map into the solution. */
deepstruc_status proposals_generate(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                    const generator *model, const deepstruc_pdf *pdf,
                                    const deepstruc_progress *progress, deepstruc_diag *diag);

/* Structures decoded by the plain CVAE. */
deepstruc_status proposals_plain(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                 coordinates_model *model, const deepstruc_pdf *pdf, const deepstruc_progress *progress,
                                 deepstruc_diag *diag);

/* The shapes that the tree classifier finds most probable. */
deepstruc_status proposals_tree(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                tree_model *model, const deepstruc_pdf *pdf, const deepstruc_progress *progress,
                                deepstruc_diag *diag);

/* Better structures, atom by atom, from the best of a ranked pool, which is ranked anew. The model's frames are used
 * where there is one (may be NULL). */
deepstruc_status proposals_climb(deepstruc_solution *solution, candidate_pool *pool, const solve_plan *plan,
                                 const generator *model, const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
