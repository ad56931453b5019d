/* What the best cluster leaves unexplained, in words that a chemist can use. */
#ifndef SOLVE_RESIDUAL_H
#define SOLVE_RESIDUAL_H

#include <stddef.h>

#include <deepstruc/refine.h>

typedef struct {
    double r;      /* Å; 0: no peak stands out */
    double height; /* over that of the fit's own first peak */
} residual_peak;

/* The strongest peak of data less fit between 1.5 Å and 5 Å that stands out from the rest of the difference curve, and
 * the strongest of those that lie too short for a bond of the fitted metal. */
void residual_peaks(residual_peak *strongest, residual_peak *shortest, const deepstruc_target *target,
                    const double *gcalc, double bond);

/* " unexplained sharp peak at 2.33 Å: metal-sulfur?" appended to `out`, or nothing where there is no peak. */
void residual_describe(char *out, size_t size, const residual_peak *peak, double bond);

#endif
