/* From the candidates' weights to what they say together: families, size, faults. */
#ifndef SOLVE_EVIDENCE_H
#define SOLVE_EVIDENCE_H

#include <deepstruc/solve.h>

/* Ranked candidates with their weights; n > 0. */
deepstruc_status evidence_gather(deepstruc_evidence *out, const deepstruc_candidate *candidate, size_t n,
                                 deepstruc_diag *diag);

/* The probability of all families of this kind together. */
double evidence_of(const deepstruc_evidence *evidence, const deepstruc_type *type, size_t n_types);

#endif
