#include <math.h>

#include "pdf/pairs.h"

void pairs_sort(pairs_cell *cells, double cells_per_unit, const double *x, const double *y, const double *z,
                size_t n_atoms, double low, double high)
{
    for (size_t i = 0; i < n_atoms; i++)
        for (size_t j = i + 1; j < n_atoms; j++) {
            double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i], d = sqrt(dx * dx + dy * dy + dz * dz);
            if (!(d >= low && d <= high))
                continue;
            double place = d * cells_per_unit, whole = floor(place), t = 2 * (place - whole) - 1;
            pairs_cell *cell = &cells[(size_t)whole];
            cell->count += 1;
            cell->sum_t += t;
            cell->sum_t2 += t * t;
        }
}
