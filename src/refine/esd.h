/* Standard deviations of a least-squares fit whose residual is correlated: equations R5 and R6 of
 * docs/theory-refine.md.
 */
#ifndef REFINE_ESD_H
#define REFINE_ESD_H

#include <stdbool.h>
#include <stddef.h>

enum { ESD_MOST = 40 }; /* free parameters */

/* esd[n_free] from the derivatives of the curve, columns[n_free][n] (scaled to length 1 on return), and the residual,
 * both weighted, on a grid of step rstep (Å). work holds n.
 * textbook[n_free] (may be NULL) is what independent points would give. NaN and false where the columns are not
 * independent. */
bool esd_sandwich(double *esd, double *textbook, double *columns, size_t n_free, const double *residual, size_t n,
                  double rstep, double *work);

#endif
