#include <math.h>

#include "pdf/resample.h"

bool cholesky_solve(double *a, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j <= i; j++) {
            double sum = row[j];
            const double *other = a + j * n;
            for (size_t k = 0; k < j; k++)
                sum -= row[k] * other[k];
            if (j < i)
                row[j] = sum / other[j];
            else if (!(sum > 0))
                return false;
            else
                row[i] = sqrt(sum);
        }
    }
    for (size_t i = 0; i < n; i++) { /* L y = b */
        for (size_t k = 0; k < i; k++)
            b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) { /* transposed L x = y */
        for (size_t k = i + 1; k < n; k++)
            b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
    return true;
}
