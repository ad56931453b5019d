/* Molecules and ions from their geometry, and a metal without order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

const char *const sample_molecules[] = {"C60",    "C10H8",   "Fe C10 H10", "Zr6O32", "Ce6O32", "Bi6O32",
                                        "W12O40", "Mo12O40", "W6O19",      "PtCl6",  NULL};

/* The truncated icosahedron: even permutations of these points, all signs, edge 2; C-C 1.43 Å. */
static void fullerene(sample_atoms *out)
{
    const double phi = 1.61803398874989485,
                 point[3][3] = {{0, 1, 3 * phi}, {1, 2 + phi, 2 * phi}, {phi, 2, 2 * phi + 1}};
    for (int p = 0; p < 3; p++)
        for (int turn = 0; turn < 3; turn++)
            for (int sign = 0; sign < 8; sign++) {
                double x = point[p][turn], y = point[p][(turn + 1) % 3], z = point[p][(turn + 2) % 3];
                if ((x == 0 && sign & 1) || (y == 0 && sign & 2) || (z == 0 && sign & 4))
                    continue;
                sample_add(out, "C", sign & 1 ? -.715 * x : .715 * x, sign & 2 ? -.715 * y : .715 * y,
                           sign & 4 ? -.715 * z : .715 * z);
            }
}

/* Two rings of benzene side by side: naphthalene's ten carbon atoms. */
static void two_rings(sample_atoms *out)
{
    for (int ring = 0; ring < 2; ring++)
        for (int k = 0; k < 6; k++) {
            double angle = M_PI / 3 * k + M_PI / 6;
            if (ring == 1 && (k == 2 || k == 3)) /* shared */
                continue;
            sample_add(out, "C", 1.40 * cos(angle) + ring * 1.40 * sqrt(3), 1.40 * sin(angle), 0);
        }
}

/* M6O8 cores of MOFs and oxo clusters: an octahedron, oxygen over its faces and at its corners. */
static void octahedral_core(sample_atoms *out, const char *metal, double edge)
{
    double a = edge / sqrt(2), b = 0.489 * a;
    for (int k = 0; k < 3; k++)
        for (int sign = -1; sign <= 1; sign += 2) {
            double at[3] = {0, 0, 0}, corner[3];
            at[k] = sign * a;
            sample_add(out, metal, at[0], at[1], at[2]);
            for (int side = 0; side < 4; side++) {
                memcpy(corner, at, sizeof at);
                corner[k] += sign * 1.3;
                corner[(k + 1 + side / 2) % 3] += side % 2 ? 1.8 : -1.8;
                sample_add(out, "O", corner[0], corner[1], corner[2]);
            }
        }
    for (int sign = 0; sign < 8; sign++)
        sample_add(out, "O", sign & 1 ? -b : b, sign & 2 ? -b : b, sign & 4 ? -b : b);
}

/* Keggin's ion, idealised: twelve metals on a cuboctahedron, bridging oxygen over its edges, one outside of each. */
static void keggin(sample_atoms *out, const char *metal)
{
    const double edge = 3.55, radius = edge, bridge = 1.93, terminal = 1.70;
    double at[12][3];
    int n = 0;
    for (int k = 0; k < 3; k++)
        for (int sign = 0; sign < 4; sign++, n++) {
            at[n][k] = 0;
            at[n][(k + 1) % 3] = (sign & 1 ? -1 : 1) * radius / sqrt(2);
            at[n][(k + 2) % 3] = (sign & 2 ? -1 : 1) * radius / sqrt(2);
        }
    for (int i = 0; i < 12; i++) {
        double out_by = 1 + terminal / radius;
        sample_add(out, metal, at[i][0], at[i][1], at[i][2]);
        sample_add(out, "O", out_by * at[i][0], out_by * at[i][1], out_by * at[i][2]);
        for (int j = 0; j < i; j++) {
            double middle[3], d = 0, length = 0;
            for (int k = 0; k < 3; k++) {
                middle[k] = 0.5 * (at[i][k] + at[j][k]);
                d += pow(at[i][k] - at[j][k], 2);
                length += middle[k] * middle[k];
            }
            if (d > 1.1 * edge * edge)
                continue;
            double factor = 1 + sqrt(bridge * bridge - 0.25 * d) / sqrt(length);
            sample_add(out, "O", factor * middle[0], factor * middle[1], factor * middle[2]);
        }
    }
}

/* Lindqvist's ion: six metals on an octahedron, oxygen in the middle, over the twelve edges and on the corners. */
static void lindqvist(sample_atoms *out, const char *metal)
{
    const double corner = 2.32, terminal = 1.69, bridge = 2.45;
    sample_add(out, "O", 0, 0, 0);
    for (int k = 0; k < 3; k++)
        for (int sign = 0; sign < 4; sign++) {
            double at[3] = {0, 0, 0};
            at[k] = sign & 1 ? -corner : corner;
            if (sign < 2) {
                sample_add(out, metal, at[0], at[1], at[2]);
                at[k] *= 1 + terminal / corner;
                sample_add(out, "O", at[0], at[1], at[2]);
            }
            at[k] = sign & 1 ? -bridge / sqrt(2) : bridge / sqrt(2);
            at[(k + 1) % 3] = sign & 2 ? -bridge / sqrt(2) : bridge / sqrt(2);
            sample_add(out, "O", at[0], at[1], at[2]);
        }
}

/* Ferrocene, its hydrogen left out: a metal between two rings of five. */
static void sandwich(sample_atoms *out, const char *metal)
{
    const double ring = 1.21, height = 1.66;
    sample_add(out, metal, 0, 0, 0);
    for (int k = 0; k < 10; k++)
        sample_add(out, "C", ring * cos(M_PI / 2.5 * k), ring * sin(M_PI / 2.5 * k), k < 5 ? height : -height);
}

/* A complex of one metal: six neighbours. */
static void octahedral_complex(sample_atoms *out, const char *metal, const char *ligand, double bond)
{
    sample_add(out, metal, 0, 0, 0);
    for (int k = 0; k < 3; k++)
        for (int sign = -1; sign <= 1; sign += 2)
            sample_add(out, ligand, k == 0 ? sign * bond : 0, k == 1 ? sign * bond : 0, k == 2 ? sign * bond : 0);
}

void sample_molecule(sample_atoms *out, const char *name)
{
    *out = (sample_atoms){0};
    if (strcmp(name, "C60") == 0)
        fullerene(out);
    else if (strcmp(name, "C10H8") == 0)
        two_rings(out);
    else if (strcmp(name, "Zr6O32") == 0)
        octahedral_core(out, "Zr", 3.50);
    else if (strcmp(name, "Ce6O32") == 0)
        octahedral_core(out, "Ce", 3.75);
    else if (strcmp(name, "Bi6O32") == 0)
        octahedral_core(out, "Bi", 3.68);
    else if (strcmp(name, "W6O19") == 0)
        lindqvist(out, "W");
    else if (strcmp(name, "Fe C10 H10") == 0)
        sandwich(out, "Fe");
    else if (strcmp(name, "PtCl6") == 0)
        octahedral_complex(out, "Pt", "Cl", 2.32);
    else
        keggin(out, strncmp(name, "W", 1) == 0 ? "W" : "Mo");
}

/* ---- no order -----------------------------------------------------------------------------------------------------
 */

/* Moves atoms that are closer than `bond` apart, and those outside of the sphere back in. */
static void push_apart(sample_atoms *atoms, double bond, double radius)
{
    for (size_t i = 0; i < atoms->n; i++) {
        double *a = atoms->xyz + 3 * i, length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
        for (int k = 0; k < 3 && length > radius; k++)
            a[k] *= radius / length;
        for (size_t j = 0; j < i; j++) {
            double *b = atoms->xyz + 3 * j, d = 0;
            for (int k = 0; k < 3; k++)
                d += (a[k] - b[k]) * (a[k] - b[k]);
            if (d >= bond * bond || d == 0)
                continue;
            double half = 0.25 * (bond / sqrt(d) - 1);
            for (int k = 0; k < 3; k++) {
                double step = half * (a[k] - b[k]);
                a[k] += step;
                b[k] -= step;
            }
        }
    }
}

void sample_glass(sample_atoms *out, const char *element, double bond, double diameter, random_stream *stream)
{
    static const double packing = 0.62; /* random close packing of spheres: 0.64 */
    *out = (sample_atoms){0};
    size_t n = (size_t)(packing * pow(diameter / bond, 3));
    while (out->n < n) {
        double at[3], square = 0;
        for (int k = 0; k < 3; k++) {
            at[k] = random_uniform(stream, -0.5, 0.5) * diameter;
            square += at[k] * at[k];
        }
        if (square <= 0.25 * diameter * diameter)
            sample_add(out, element, at[0], at[1], at[2]);
    }
    for (int step = 0; step < 400; step++)
        push_apart(out, bond, 0.5 * (diameter - bond));
}
