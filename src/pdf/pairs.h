/* Distances of all pairs of atoms, sorted into cells of a fine grid. */
#ifndef PDF_PAIRS_H
#define PDF_PAIRS_H

#include <stddef.h>

/* What a cell keeps of the distances in it; t in [-1, 1] is a distance's place in its cell. */
typedef struct {
    double count, sum_t, sum_t2;
} pairs_cell;

/* Adds the pairs i < j of n_atoms atoms at x, y, z (Å) that are at least `low` and at most `high` (> 0) apart; the cell
 * of a distance d is floor(d * cells_per_unit). `cells` reaches to that of the largest distance up to `high`. */
void pairs_sort(pairs_cell *cells, double cells_per_unit, const double *x, const double *y, const double *z,
                size_t n_atoms, double low, double high);

#endif
