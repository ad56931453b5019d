/* Multiply twinned particles: the Mackay icosahedron and the Ino and Marks decahedra. */
#include "cluster/builders.h"

#include <math.h>

/* ---- icosahedron (A. L. Mackay, Acta Cryst. 15, 916 (1962), doi 10.1107/S0365110X6200239X) -------------------------
 */

/* The twelve corners in golden-ratio units; corners 2m and 2m+1 share an edge along a coordinate axis. */
static void corner(int k, double out[3])
{
    static const double golden = 1.6180339887498948482;
    int axis = k / 4; /* 0: (t,0,1)  1: (1,t,0)  2: (0,1,t), with signs */
    double large = golden, small = 1;
    if (axis == 1) { /* 4: (1,t,0)  5: (-1,t,0)  6: (1,-t,0)  7: (-1,-t,0) */
        out[0] = k % 2 ? -small : small;
        out[1] = k >= 6 ? -large : large;
        out[2] = 0;
    } else { /* 0..3: (±t,0,±1), 8..11: (0,±1,±t): the pair's sign is on the small number */
        out[axis == 0 ? 0 : 2] = (k & 2) ? -large : large;
        out[axis == 0 ? 2 : 1] = k % 2 ? -small : small;
        out[axis == 0 ? 1 : 0] = 0;
    }
}

/* One point of shell n: the corners' weights add up to n. */
static size_t put_on_shell(double *xyz, size_t n, int a, int b, int c, int i, int j, int k)
{
    double u[3], v[3], w[3];
    corner(a, u);
    corner(b, v);
    corner(c, w);
    double unit = 1 / sqrt(2 + 2 * 1.6180339887498948482 * 1.6180339887498948482) * sqrt(2);
    return put_atom(xyz, n, (i * u[0] + j * v[0] + k * w[0]) * unit, (i * u[1] + j * v[1] + k * w[1]) * unit,
                    (i * u[2] + j * v[2] + k * w[2]) * unit);
}

/* The six edges along coordinate axes; then the twelve faces that touch one of them with an edge, seen from the corner
 * across, without that corner and that edge; then the inside of the other eight faces. Together they are each site of
 * the shell once. */
static size_t put_shell(double *xyz, size_t n, int shell)
{
    static const int across[12] = {8, 10, 8, 10, 0, 2, 0, 2, 4, 6, 4, 6}; /* the first corner of that edge */
    static const int others[4][4] = {{9, 6, 8, 4}, {11, 6, 10, 4}, {9, 7, 8, 5}, {11, 7, 10, 5}};
    for (int edge = 0; edge < 12; edge += 2)
        for (int i = 0; i <= shell; i++)
            n = put_on_shell(xyz, n, edge, edge + 1, 0, i, shell - i, 0);
    for (int k = 0; k < 12; k++)
        for (int i = 0; i < shell; i++)
            for (int j = 0; j < shell - i; j++)
                if (i + j > 0)
                    n = put_on_shell(xyz, n, k, across[k], across[k] + 1, shell - i - j, i, j);
    for (int k = 0; k < 4; k++)
        for (int i = 1; i < shell; i++)
            for (int j = 1; j < shell - i; j++) {
                n = put_on_shell(xyz, n, k, others[k][0], others[k][1], shell - i - j, i, j);
                n = put_on_shell(xyz, n, k, others[k][2], others[k][3], shell - i - j, i, j);
            }
    return n;
}

size_t build_shells(const deepstruc_recipe *recipe, double *xyz)
{
    size_t n = put_atom(xyz, 0, 0, 0, 0);
    for (int shell = 1; shell < (int)recipe->param[0]; shell++)
        n = put_shell(xyz, n, shell);
    return n;
}

/* ---- decahedron (S. Ino, J. Phys. Soc. Jpn. 21, 346 (1966); L. D. Marks, Phil. Mag. A 49, 81 (1984)) ----------------
 */

/* Direction m of the five twin planes: from the axis to the nearest column of atoms, sqrt(3)/2 bonds long. */
static void twin_plane(int m, double out[2])
{
    double angle = M_PI / 2 + 2 * M_PI / 5 * m;
    out[0] = sqrt(3) / 2 * cos(angle);
    out[1] = sqrt(3) / 2 * sin(angle);
}

/* The axis has height = p + q + 2r - 1 atoms; each ring of columns around it is one atom shorter. p is the length of
 * the {100} faces across, q along the axis, r the depth of the re-entrant notches. */
size_t build_wedges(const deepstruc_recipe *recipe, double *xyz)
{
    int p = (int)recipe->param[0], q = (int)recipe->param[1], r = (int)recipe->param[2];
    int height = p + q + 2 * r - 1, rings = p + 2 * r;
    size_t n = 0;
    for (int j = 0; j < height; j++)
        n = put_atom(xyz, n, 0, 0, j - (height - 1) / 2.0);
    for (int ring = 1; ring < height && ring < rings; ring++)
        for (int wedge = 0; wedge < 5; wedge++) {
            double u[2], v[2];
            twin_plane(wedge + 4, u);
            twin_plane(wedge, v);
            for (int i = 0; i < ring; i++) {
                if (ring - i >= p + r || i >= p + r) /* the notch along the twin plane */
                    continue;
                double x = (ring - i) * u[0] + i * v[0], y = (ring - i) * u[1] + i * v[1];
                for (int j = 0; j < height - ring; j++)
                    n = put_atom(xyz, n, x, y, j - (height - ring - 1) / 2.0);
            }
        }
    return n;
}
