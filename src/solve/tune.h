/* qmin by fit. The cut at qmin takes the role of the mean density in a Debye sum and shifts Rw by tenths when it is
 * wrong; its edge in the data is smeared by 0.1 1/Å or so, and headers round or lie. */
#ifndef SOLVE_TUNE_H
#define SOLVE_TUNE_H

#include "propose/pool.h"
#include "solve/plan.h"

/* Where the user gave no qmin: tries values about the target's, and small angles, on the catalogue shapes that fit
 * best, and makes the target anew, with a note, where another is clearly better. */
deepstruc_status tune_qmin(deepstruc_target **target, deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                           const solve_plan *plan, deepstruc_diag *diag);

/* For structures that are given: whether the data hold small angles, as there. Else qmin stays the target's. */
deepstruc_status tune_qmin_by_given(deepstruc_target **target, deepstruc_refine_settings *settings,
                                    const deepstruc_pdf *pdf, const deepstruc_cluster *const *given, size_t n,
                                    deepstruc_diag *diag);

typedef struct {
    double qmin, rw;
    bool told; /* another than the target's, and clearly better */
} tuned_qmin;

/* At small angles, which only simulated data hold, the curve follows the size: a qmin that shapes of the catalogue
 * found is found anew with the best of a search, sorted. Elsewhere nothing is told. */
deepstruc_status tune_qmin_by_pool(tuned_qmin *out, const candidate_pool *pool, const deepstruc_target *target,
                                   const deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                                   deepstruc_diag *diag);
/* Says among the target's assumptions what was told. */
deepstruc_status tuned_qmin_note(const tuned_qmin *found, deepstruc_target *target);

#endif
