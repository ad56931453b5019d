/* From the candidates' weights to what they say together: families, size, faults. */
#ifndef SOLVE_EVIDENCE_H
#define SOLVE_EVIDENCE_H

#include <deepstruc/solve.h>

/* Ranked candidates with their weights; n > 0. */
deepstruc_status evidence_gather(deepstruc_evidence *out, const deepstruc_candidate *candidate, size_t n,
                                 deepstruc_diag *diag);

/* The kinds of the first groups of ranked candidates, whose fitted curves (n x target->n) are `curves`; *out is to be
 * freed. e: what evidence_gather made of them. */
deepstruc_status evidence_kinds(deepstruc_kind **out, size_t *n_kinds, const deepstruc_evidence *e,
                                const deepstruc_target *target, const double *curves,
                                const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag);

/* A candidate's share of all evidence: its weight over the number of its family's shapes, so that a family has its
 * probability; not normalised. */
double evidence_share(const deepstruc_evidence *e, const deepstruc_candidate *candidate);

/* The family that a candidate counts to. */
deepstruc_type evidence_family(const deepstruc_candidate *candidate);

/* The probability of all families of this kind together. */
double evidence_of(const deepstruc_evidence *evidence, const deepstruc_type *type, size_t n_types);

#endif
