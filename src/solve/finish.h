/* From a pool of fitted structures to the ranked, grouped candidates of a solution. */
#ifndef SOLVE_FINISH_H
#define SOLVE_FINISH_H

#include <deepstruc/solve.h>

#include "propose/pool.h"

/* Moves the ranked pool into the solution, the atoms in their refined places and in the solution's element (unless "X"
 * and the structure knows its own), groups what the data cannot tell apart, and keeps the curves of the first n_fits.
 * What the candidates say together is asked of `still`, the data freed of correlated motion, to which all of them are
 * fitted once more; NULL: of the data as they are, and of the fits in the pool. */
deepstruc_status solution_finish(deepstruc_solution *solution, candidate_pool *pool, size_t n_fits,
                                 const deepstruc_target *still, int threads, const deepstruc_progress *progress,
                                 deepstruc_diag *diag);

/* The metal of the sample: the override, the header's, or "X". */
deepstruc_status solution_element(char out[4], const deepstruc_pdf *pdf, const char *override, deepstruc_diag *diag);

#endif
