/* Two candidates at once: do two sizes together explain what no single one does? */
#ifndef SOLVE_MIXTURE_H
#define SOLVE_MIXTURE_H

#include <deepstruc/solve.h>

/* The best sum of two fitted curves (n x target->n, those of the ranked candidates), scales free and positive, each
 * curve with the size and Biso of its own fit; over the best candidates of each type and size, of which one has five
 * times the other's atoms or more and neither is a trace. */
deepstruc_status mixture_find(deepstruc_mixture *out, const deepstruc_target *target, const double *curves,
                              const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag);

#endif
