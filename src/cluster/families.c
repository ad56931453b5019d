/* The values of the families of faces. */
#include <math.h>

#include "cluster/carve.h"

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Comparisons instead of fmax: nothing is NaN here, and a call costs more than the rest. */
static double largest(double a, double b)
{
    return a > b ? a : b;
}

static double largest3(double a, double b, double c)
{
    return largest(a, largest(b, c));
}

/* Largest projection on six directions in the plane; those of close-packed rows turned by 30 degrees, and those rows.
 */
static double across_rows(const double x[3])
{
    double half = 0.5 * x[1], rest = sqrt(0.75) * x[0];
    return largest3(fabs(rest + half), fabs(rest - half), fabs(x[1]));
}

static double along_rows(const double x[3])
{
    double half = 0.5 * x[0], rest = sqrt(0.75) * x[1];
    return largest3(fabs(rest + half), fabs(rest - half), fabs(x[0]));
}

/* Largest projection on the directions opposite the decahedron's columns: its {100} faces. */
static double decahedral(const double x[3])
{
    double best = -INFINITY;
    for (int m = 0; m < 5; m++) {
        double u[2];
        decahedron_column(m, u);
        best = largest(best, -u[0] * x[0] - u[1] * x[1]);
    }
    return best;
}

/* Length with the component along a unit axis divided by `stretch`. */
static double stretched(const double x[3], double ax, double ay, double az, double stretch)
{
    double along = x[0] * ax + x[1] * ay + x[2] * az, square = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    return sqrt(largest(0, square - along * along) + along * along / (stretch * stretch));
}

/* Larger of the two column numbers of a decahedral site in its wedge, in columns. */
static double notch_value(const double x[3])
{
    double best = 0;
    for (int m = 0; m < 5; m++) {
        double u[2], v[2];
        decahedron_column(m + 4, u);
        decahedron_column(m, v);
        double det = u[0] * v[1] - u[1] * v[0];
        double i = (x[0] * v[1] - x[1] * v[0]) / det, j = (u[0] * x[1] - u[1] * x[0]) / det;
        if (i >= -1e-9 && j >= -1e-9)
            best = largest(i, j);
    }
    return best / (sqrt(3) / 2);
}

/* Largest projection of x on the unit sums of 1, 2 or 3 adjacent corners: corners, edges, faces of the icosahedron. The
 * best sum starts from the corner nearest to x and goes on to the nearest of those that touch all of it. */
static double icosahedral(const double x[3], int corners)
{
    static const double length[4] = {0, 1, 0.85065080835203993, 0.79465447229176612}; /* of their mean */
    double corner[12][3], along[12], sum = 0;
    int chosen[3];
    for (int k = 0; k < 12; k++) {
        icosahedron_corner(k, corner[k]);
        along[k] = dot(x, corner[k]);
    }
    for (int n = 0; n < corners; n++) {
        int best = -1;
        for (int k = 0; k < 12; k++) {
            bool touches = true;
            for (int m = 0; touches && m < n; m++)
                touches =
                    fabs(dot(corner[k], corner[chosen[m]]) - sqrt(0.2)) < 0.1; /* adjacent corners: cosine 1/sqrt5 */
            if (touches && (best < 0 || along[k] > along[best]))
                best = k;
        }
        chosen[n] = best;
        sum += along[best];
    }
    return sum / (corners * length[corners]);
}

double family_value(family f, const double x[3], double stretch)
{
    const double root3 = sqrt(3), a = fabs(x[0]), b = fabs(x[1]), c = fabs(x[2]);
    switch (f) {
    case FACES_100:
        return largest3(a, b, c);
    case FACES_110:
        return largest3(a + b, b + c, c + a) / sqrt(2);
    case FACES_111:
        return (a + b + c) / root3;
    case FACES_TETRA:
        return largest(largest3(x[0] - x[1] - x[2], x[1] - x[0] - x[2], x[2] - x[0] - x[1]), x[0] + x[1] + x[2]) /
               root3;
    case FACES_OTHER_TETRA:
        return largest(largest3(x[1] + x[2] - x[0], x[0] + x[2] - x[1], x[0] + x[1] - x[2]), -x[0] - x[1] - x[2]) /
               root3;
    case FACES_BASAL:
        return c;
    case FACES_PRISM:
        return across_rows(x);
    case FACES_PRISM_2:
        return along_rows(x);
    case FACES_PYRAMID: /* tan of the angle between its normal and the axis is (c/a) / (sqrt3 / 2) = 1.8856 */
        return across_rows(x) * 0.88345220859877238 + c * 0.46852128566581813;
    case FACES_TRIANGLE:
        return largest3(x[1], -sqrt(0.75) * x[0] - 0.5 * x[1], sqrt(0.75) * x[0] - 0.5 * x[1]);
    case FACES_SIDE:
        return decahedral(x);
    case FACES_CAP: /* one ring further out, half a bond lower */
        return c + decahedral(x) * 0.5 / (root3 / 2 * 0.80901699437494745);
    case FACES_NOTCH:
        return notch_value(x);
    case FACES_SHELL:
        return icosahedral(x, 3);
    case FACES_CORNER:
        return icosahedral(x, 1);
    case FACES_EDGE:
        return icosahedral(x, 2);
    case ROUND:
        return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    case ROUND_100:
    case ROUND_AXIS:
        return stretched(x, 0, 0, 1, stretch);
    case ROUND_111:
        return stretched(x, 1 / root3, 1 / root3, 1 / root3, stretch);
    case ROUND_LAYER:
        return sqrt(x[0] * x[0] + x[1] * x[1]);
    case N_FAMILIES:
        break;
    }
    return NAN;
}
