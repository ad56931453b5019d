/* The simulation's settings and the grids that follow from them: sections 1, 3, 4 and 6 of docs/theory-pdf.md. */
#ifndef PDF_SETTINGS_H
#define PDF_SETTINGS_H

#include <deepstruc/pdf.h>

/* Below this distance two atoms are one (libdiffpy's sqrt(DBL_EPSILON)), Å. */
#define SETTINGS_SAME_PLACE 1.4901161193847656e-8

/* exp(-B Q^2 / (8 pi^2)) is the damping of F(Q): the mean-square displacement of a pair is B / (4 pi^2). */
#define SETTINGS_MSD_PER_BISO 0.025330295910584444 /* 1 / (4 pi^2) */

typedef struct {
    long first; /* r_i = (first + i) * rstep */
    size_t n_points;
    double rstep;         /* Å */
    long n_low, n_high;   /* the extended range in steps of rstep */
    double r_low, r_high; /* Å: pairs outside of it do not count */
    double qstep;         /* 1/Å: Q_k = k * qstep */
    size_t n_q, k_min;    /* F is used for k_min <= k < n_q */
} settings_grid;

/* Every field within its row, and the ranges in order. */
deepstruc_status settings_check(const deepstruc_pdf_settings *settings, deepstruc_diag *diag);
/* Of settings that settings_check accepts. TOO_LARGE above DEEPSTRUC_MAX_POINTS points or Q values. */
deepstruc_status settings_make_grid(settings_grid *out, const deepstruc_pdf_settings *settings, deepstruc_diag *diag);
/* The same grid with a qstep that many times smaller. */
void settings_refine_q(settings_grid *grid, const deepstruc_pdf_settings *settings, int finer);
/* The sum over Q of exact mode stands for the integral from qmin to qmax: Q_k counts for the cell of one step around
 * it, the first and the last for what qmin and qmax leave of theirs, so that G depends on both continuously. In steps;
 * k_min <= k < n_q. (libdiffpy counts whole cells.) */
double settings_cell(const deepstruc_pdf_settings *settings, const settings_grid *grid, size_t k);
/* Width correction of a pair at distance r (Å): its mean-square displacement is Biso / (4 pi^2) times this, 0 if
 * negative. */
double settings_correction(const deepstruc_pdf_settings *settings, double r);

#endif
