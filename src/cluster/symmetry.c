#include "cluster/symmetry.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* "1/2", "0.25" or "2": digits, perhaps divided by digits. */
static bool read_fraction(const char **at, double *out)
{
    if (!isdigit((unsigned char)**at) && **at != '.')
        return false;
    size_t length = strspn(*at, "0123456789.");
    char *end, *behind;
    double top = strtod(*at, &end), bottom = 1;
    if (end != *at + length)
        return false;
    if (*end == '/') {
        if (!isdigit((unsigned char)end[1]))
            return false;
        bottom = strtod(end + 1, &behind);
        end = behind;
    }
    *at = end;
    *out = top / bottom;
    return isfinite(*out) && fabs(*out) <= 10;
}

/* One of the three parts: a sum of x, y, z and fractions with their signs, up to a comma or the end. */
static bool read_part(const char **at, double turn[3], double *shift)
{
    int n_terms = 0;
    while (**at && **at != ',') {
        double sign = **at == '-' ? -1 : 1, factor = 1;
        if (**at == '+' || **at == '-')
            (*at)++;
        else if (n_terms > 0)
            return false;
        bool number = read_fraction(at, &factor);
        if (number && **at == '*')
            (*at)++;
        int axis = tolower((unsigned char)**at) - 'x';
        if (axis >= 0 && axis < 3) {
            turn[axis] += sign * factor;
            (*at)++;
        } else if (number) {
            *shift += sign * factor;
        } else {
            return false;
        }
        n_terms++;
    }
    return n_terms > 0;
}

bool symmetry_parse(const char *text, symmetry_operation *out)
{
    char dense[64];
    size_t n = 0;
    for (; *text; text++) {
        if (isspace((unsigned char)*text))
            continue;
        if (n + 1 >= sizeof dense)
            return false;
        dense[n++] = *text;
    }
    dense[n] = '\0';
    const char *at = dense;
    symmetry_operation operation = {0};
    for (int k = 0; k < 3; k++) {
        if (!read_part(&at, operation.turn[k], &operation.shift[k]) || *at != (k < 2 ? ',' : '\0'))
            return false;
        at += k < 2;
    }
    *out = operation;
    return true;
}

/* ---- images ---- */

/* Distance in Å between the nearest images of two places. Exact as far as it matters: both are nearly the same. */
static double apart(const double a[3], const double b[3], double m[3][3])
{
    double d[3], x[3] = {0};
    for (int k = 0; k < 3; k++)
        d[k] = a[k] - b[k] - round(a[k] - b[k]);
    for (int k = 0; k < 3; k++)
        for (int axis = 0; axis < 3; axis++)
            x[k] += d[axis] * m[axis][k];
    return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

size_t symmetry_orbit(const symmetry_operation *operation, size_t n_operations, const double place[3], double m[3][3],
                      double same, double (*out)[3])
{
    size_t n = 0;
    for (size_t i = 0; i < n_operations; i++) {
        double image[3];
        for (int k = 0; k < 3; k++) {
            const double *turn = operation[i].turn[k];
            image[k] = turn[0] * place[0] + turn[1] * place[1] + turn[2] * place[2] + operation[i].shift[k];
            image[k] -= floor(image[k]);
        }
        bool known = false;
        for (size_t j = 0; j < n && !known; j++)
            known = apart(image, out[j], m) < same;
        if (!known)
            memcpy(out[n++], image, sizeof image);
    }
    return n;
}

void symmetry_gather(double *place, size_t n)
{
    for (int k = 0; k < 3; k++) {
        double sine = 0, cosine = 0;
        for (size_t i = 0; i < n; i++) {
            sine += sin(2 * M_PI * place[3 * i + (size_t)k]);
            cosine += cos(2 * M_PI * place[3 * i + (size_t)k]);
        }
        /* Atoms spread evenly, as in a crystal, have no middle: they stay in the cell as it is drawn. */
        if (!(hypot(sine, cosine) > 1e-3 * (double)n))
            continue;
        double middle = atan2(sine, cosine) / (2 * M_PI);
        for (size_t i = 0; i < n; i++) {
            double *x = &place[3 * i + (size_t)k];
            *x -= round(*x - middle);
        }
    }
}
