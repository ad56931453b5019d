/* How fast the instrument damps G(r), where nobody says so. */
#ifndef SOLVE_DAMPING_H
#define SOLVE_DAMPING_H

#include "solve/views.h"

typedef struct {
    double qdamp, esd; /* 1/Å */
    bool told;         /* by the data, and clearly other than what was assumed */
} damping;

/* The size of a particle damps G(r) as well, and only its best shapes tell the two apart: those of the pool, which is
 * sorted for it, are fitted to the whole range of the data with correlated motion and qdamp free. Nothing is told where
 * the settings or the file give qdamp, by small particles, whose pairs end before it matters (but of curves without
 * noise and model errors), and where the particles may be larger than what was tried. */
deepstruc_status damping_find(damping *out, candidate_pool *pool, const deepstruc_pdf *pdf,
                              const deepstruc_target *target, const deepstruc_solve_settings *settings, int threads,
                              const deepstruc_progress *progress, deepstruc_diag *diag);

/* Says so in the target's notes. */
deepstruc_status damping_note(const damping *found, deepstruc_target *target);

#endif
