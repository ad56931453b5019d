/* The last steps of libdiffpy's DebyePDFCalculator (sections 7 and 8 of docs/theory-pdf.md). */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/debye.h"

deepstruc_status diffpy_transform(double *g, const double *f, const settings_grid *grid, deepstruc_diag *diag)
{
    double wanted = fmax((double)grid->n_q, ceil(M_PI / grid->rstep / grid->qstep));
    double n_padded = pow(2, ceil(log2(wanted))), fine_step = M_PI / (n_padded * grid->qstep);
    long last = grid->first + (long)grid->n_points - 1;
    long m_first = (long)floor((double)grid->first * grid->rstep / fine_step);
    size_t n_fine = (size_t)(floor((double)last * grid->rstep / fine_step) + 2) - (size_t)m_first;
    double *fine = memory_aligned(n_fine, sizeof *fine);
    if (!fine)
        return diag_no_memory(diag);
    debye_transform(fine, n_fine, m_first, fine_step, f, grid);
    for (size_t i = 0; i < grid->n_points; i++) {
        double place = (double)(grid->first + (long)i) * grid->rstep / fine_step, whole = floor(place),
               beyond = place - whole;
        const double *at = fine + ((long)whole - m_first);
        g[i] = (1 - beyond) * at[0] + beyond * at[1];
    }
    free(fine);
    return DEEPSTRUC_OK;
}
