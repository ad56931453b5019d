/* Sizes and qdamp: both damp G, so how well qdamp is known is part of how well the size is. */
#ifndef SOLVE_OVER_QDAMP_H
#define SOLVE_OVER_QDAMP_H

#include <deepstruc/solve.h>

/* Widens the intervals of n_atoms and diameter in `evidence`, gathered at the target's qdamp, by what they change when
 * qdamp is off by its own standard deviation. curves holds the n candidates' fitted ones. */
deepstruc_status over_qdamp(deepstruc_evidence *evidence, const deepstruc_target *target, const double *curves,
                            const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag);

#endif
