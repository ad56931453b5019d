/* Sizes and qdamp: both damp G, so how well qdamp is known is part of how well the size is. */
#ifndef SOLVE_OVER_QDAMP_H
#define SOLVE_OVER_QDAMP_H

#include <deepstruc/solve.h>

/* Widens the intervals of n_atoms and diameter in `evidence`, gathered at the target's qdamp, by what a sphere's
 * diameter changes when qdamp is off by its own standard deviation (docs/theory-refine.md, "Size and qdamp"). `first`
 * is rank 1's fit: one that varies qdamp has that uncertainty in its curves. */
void over_qdamp(deepstruc_evidence *evidence, const deepstruc_target *target, const deepstruc_fit *first);

/* The diameter of the sphere whose envelope under `qdamp` is most like that of one of `diameter` under the target's
 * qdamp, over the target's range, scales free. Å; qdamp >= 0 in 1/Å. */
double over_qdamp_diameter(double diameter, double qdamp, const deepstruc_target *target);

#endif
