/* qmin by fit. The cut at qmin takes the role of the mean density in a Debye sum and shifts Rw by tenths when it is
 * wrong; its edge in the data is smeared by 0.1 1/Å or so, and headers round or lie. */
#ifndef SOLVE_TUNE_H
#define SOLVE_TUNE_H

#include "solve/plan.h"

/* Where the user gave no qmin: tries values about the target's on the catalogue shapes that fit it best, and makes the
 * target anew, with a note, where another is clearly better. */
deepstruc_status tune_qmin(deepstruc_target **target, deepstruc_refine_settings *settings, const deepstruc_pdf *pdf,
                           const solve_plan *plan, deepstruc_diag *diag);

#endif
