/* The point groups of the parents. */
#include <math.h>
#include <string.h>

#include "dataset/frame_parent.h"

/* The 12 directions of an icosahedron's vertices, length 1, cyclic permutations of (t, 0, 1). */
void frame_vertex(int i, double v[3])
{
    double t = (1 + sqrt(5)) / 2, l = sqrt(1 + t * t);
    int axis = i / 4;
    v[axis] = (i & 1 ? -t : t) / l;
    v[(axis + 1) % 3] = 0;
    v[(axis + 2) % 3] = (i & 2 ? -1 : 1) / l;
}

bool frame_vertices_touch(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] > 0.4; /* 1/sqrt(5) for neighbours, less for all others */
}

void frame_turn(const double m[9], const double in[3], double out[3])
{
    double r[3];
    for (int i = 0; i < 3; i++)
        r[i] = m[3 * i] * in[0] + m[3 * i + 1] * in[1] + m[3 * i + 2] * in[2];
    memcpy(out, r, sizeof r);
}

static void cubic_operations(frame_operations *ops)
{
    static const int order[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {0, 2, 1}, {1, 0, 2}, {2, 1, 0}};
    for (int p = 0; p < 6; p++)
        for (int signs = 0; signs < 8; signs++) {
            double *m = ops->matrix[ops->n++];
            memset(m, 0, 9 * sizeof *m);
            for (int i = 0; i < 3; i++)
                m[3 * i + order[p][i]] = signs >> i & 1 ? -1 : 1;
        }
}

/* Rotations about z by 2 pi / n, with the mirrors x -> -x and z -> -z. */
static void axial_operations(frame_operations *ops, int n)
{
    for (int k = 0; k < n; k++)
        for (int mirror = 0; mirror < 4; mirror++) {
            double a = 2 * M_PI * k / n, c = cos(a), s = sin(a), x = mirror & 1 ? -1 : 1, z = mirror & 2 ? -1 : 1;
            double m[9] = {c * x, -s, 0, s * x, c, 0, 0, 0, z};
            memcpy(ops->matrix[ops->n++], m, sizeof m);
        }
}

/* Each ordered pair of neighbouring vertices is the image of the first pair under one rotation and one mirrored one. */
static void icosahedral_operations(frame_operations *ops)
{
    double v[12][3], base[3][3], other[3][3];
    for (int i = 0; i < 12; i++)
        frame_vertex(i, v[i]);
    int second = 1;
    while (!frame_vertices_touch(v[0], v[second]))
        second++;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) {
            if (i == j || !frame_vertices_touch(v[i], v[j]))
                continue;
            for (int mirror = 0; mirror < 2; mirror++) {
                for (int pair = 0; pair < 2; pair++) { /* orthonormal triads of the two pairs */
                    double(*t)[3] = pair ? other : base;
                    const double *a = pair ? v[i] : v[0], *b = pair ? v[j] : v[second];
                    double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2], l = sqrt(1 - dot * dot);
                    for (int c = 0; c < 3; c++) {
                        t[0][c] = a[c];
                        t[1][c] = (b[c] - dot * a[c]) / l;
                    }
                    for (int c = 0; c < 3; c++)
                        t[2][c] = t[0][(c + 1) % 3] * t[1][(c + 2) % 3] - t[0][(c + 2) % 3] * t[1][(c + 1) % 3];
                }
                double *m = ops->matrix[ops->n++];
                for (int r = 0; r < 3; r++)
                    for (int c = 0; c < 3; c++)
                        m[3 * r + c] = other[0][r] * base[0][c] + other[1][r] * base[1][c] +
                                       (mirror ? -1 : 1) * other[2][r] * base[2][c];
            }
        }
}

void frame_parent_operations(frame_family family, frame_operations *ops)
{
    ops->n = 0;
    if (family == FRAME_HCP || family == FRAME_STACKING)
        axial_operations(ops, 6);
    else if (family == FRAME_DECAHEDRON)
        axial_operations(ops, 5);
    else if (family == FRAME_ICOSAHEDRON)
        icosahedral_operations(ops);
    else
        cubic_operations(ops);
}
