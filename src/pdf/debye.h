/* The Debye sum with every term of the model, on the Q grid of section 4 of docs/theory-pdf.md. */
#ifndef PDF_DEBYE_H
#define PDF_DEBYE_H

#include "pdf/settings.h"

/* f[k] = F(Q_k) = 1/N sum over i != j of exp(-sigma_ij^2 Q_k^2 / 2) sin(Q_k r_ij) / r_ij for k < grid->n_q, before the
 * cut at qmin; pairs outside of the extended range are left out. Off by less than 1e-8 of its largest value. */
deepstruc_status debye_sum(double *f, const deepstruc_pdf_settings *settings, const settings_grid *grid,
                           const deepstruc_cluster *cluster, deepstruc_diag *diag);

/* out[i] = 2/pi * qstep * sum over k_min <= k < n_q of f[k] sin(k qstep (first + i) rstep), i < n. */
void debye_transform(double *out, size_t n, long first, double rstep, const double *f, const settings_grid *grid);

/* G at the n_points of `grid` as libdiffpy evaluates it: on a power-of-two grid, then by straight lines (sections 7,
 * 8), without scale and envelope. */
deepstruc_status diffpy_transform(double *g, const double *f, const settings_grid *grid, deepstruc_diag *diag);

#endif
