/* Multiply twinned particles: the Mackay icosahedron and the Ino and Marks decahedra. */
#include <math.h>

#include "cluster/builders.h"
#include "cluster/parents.h"

/* ---- icosahedron: A. L. Mackay, Acta Cryst. 15, 916 (1962), doi 10.1107/S0365110X6200239X --------------------- */

/* Four corners on each of three golden rectangles: (t,0,1), (1,t,0), (0,1,t) with all signs; corners 2m and 2m+1 share
 * an edge along a coordinate axis. */
void icosahedron_corner(int k, double out[3])
{
    static const double large = 0.85065080835203993, small = 0.52573111211913361; /* t and 1 over sqrt(1 + t^2) */
    static const int large_axis[3] = {0, 1, 2}, small_axis[3] = {2, 0, 1};
    int rectangle = k / 4;
    out[0] = out[1] = out[2] = 0;
    out[large_axis[rectangle]] = k & 2 ? -large : large;
    out[small_axis[rectangle]] = k & 1 ? -small : small;
}

typedef struct {
    int shell;
    double corner[12][3];
    icosahedron_visitor visit;
    void *user;
} shell_walk;

/* The point of the shell at these parts of corners a, b, c, which add up to the shell's number. */
static void visit_point(const shell_walk *walk, int a, int b, int c, int i, int j)
{
    double x[3];
    int k = walk->shell - i - j;
    for (int d = 0; d < 3; d++)
        x[d] = i * walk->corner[a][d] + j * walk->corner[b][d] + k * walk->corner[c][d];
    int corner = i == walk->shell ? a : j == walk->shell ? b : k == walk->shell ? c : -1;
    walk->visit(walk->user, x, corner);
}

/* The six edges along coordinate axes; then the twelve faces that have one of those edges, seen from the corner across,
 * without that corner and that edge; then the inside of the other eight faces. Together they are each site once, in
 * the order of the published data. */
void icosahedron_shell(int shell, icosahedron_visitor visit, void *user)
{
    static const int across[12] = {8, 10, 8, 10, 0, 2, 0, 2, 4, 6, 4, 6}; /* the first corner of that edge */
    static const int others[4][4] = {{9, 6, 8, 4}, {11, 6, 10, 4}, {9, 7, 8, 5}, {11, 7, 10, 5}};
    shell_walk walk = {.shell = shell, .visit = visit, .user = user};
    for (int k = 0; k < 12; k++)
        icosahedron_corner(k, walk.corner[k]);
    for (int edge = 0; edge < 12; edge += 2)
        for (int i = 0; i <= shell; i++)
            visit_point(&walk, edge, edge + 1, 0, i, shell - i);
    for (int k = 0; k < 12; k++)
        for (int i = 0; i < shell; i++)
            for (int j = 0; j < shell - i; j++)
                if (i + j > 0)
                    visit_point(&walk, across[k], across[k] + 1, k, i, j);
    for (int k = 0; k < 4; k++)
        for (int i = 1; i < shell; i++)
            for (int j = 1; j < shell - i; j++) {
                visit_point(&walk, others[k][0], others[k][1], k, i, j);
                visit_point(&walk, others[k][2], others[k][3], k, i, j);
            }
}

/* Where sites go, and which corners stay empty. */
typedef struct {
    double *xyz;
    size_t n;
    unsigned missing;
} shell_sink;

static void put_site(void *user, const double x[3], int corner)
{
    shell_sink *to = user;
    if (corner < 0 || !(to->missing >> corner & 1))
        to->n = put_atom(to->xyz, to->n, x[0], x[1], x[2]);
}

/* Whether three corners are those of a face: adjacent ones have the cosine 1/sqrt5. */
static bool is_face(double corner[12][3], int a, int b, int c)
{
    int pairs[3][2] = {{a, b}, {b, c}, {c, a}};
    for (int m = 0; m < 3; m++) {
        const double *p = corner[pairs[m][0]], *q = corner[pairs[m][1]];
        if (fabs(p[0] * q[0] + p[1] * q[1] + p[2] * q[2] - sqrt(0.2)) > 0.1)
            return false;
    }
    return true;
}

/* The anti-Mackay layer on a shell: over the triangles that point the way the face does, where the next shell would
 * stand over the others. Such a site is the mean of the triangle's corners and one face's height further out, so its
 * bonds have length 1 too. */
static void put_cover(shell_sink *to, int shell, bool with_corners)
{
    double corner[12][3];
    for (int k = 0; k < 12; k++)
        icosahedron_corner(k, corner[k]);
    for (int a = 0; a < 12; a++)
        for (int b = 0; b < a; b++)
            for (int c = 0; c < b; c++)
                for (int i = 0; i < shell && is_face(corner, a, b, c); i++)
                    for (int j = 0; j < shell - i; j++) {
                        double x[3], p = i + 2 / 3.0, q = j + 2 / 3.0, r = shell + 1 - p - q;
                        for (int d = 0; d < 3; d++)
                            x[d] = p * corner[a][d] + q * corner[b][d] + r * corner[c][d];
                        put_site(to, x, -1);
                    }
    for (int k = 0; k < 12 && with_corners; k++)
        to->n = put_atom(to->xyz, to->n, (shell + 1) * corner[k][0], (shell + 1) * corner[k][1],
                         (shell + 1) * corner[k][2]);
}

/* Shells around one atom. Bit k of the second parameter takes corner k off the last one; the third adds an anti-Mackay
 * layer, without (1) or with (2) an atom on each corner; the fourth leaves the middle empty. */
size_t build_shells(const deepstruc_recipe *recipe, double *xyz)
{
    int shells = (int)recipe->param[0], cover = (int)recipe->param[2];
    shell_sink to = {.xyz = xyz};
    if (recipe->param[3] == 0)
        to.n = put_atom(xyz, 0, 0, 0, 0);
    for (int shell = 1; shell < shells; shell++) {
        to.missing = shell + 1 == shells ? (unsigned)recipe->param[1] : 0;
        icosahedron_shell(shell, put_site, &to);
    }
    if (cover > 0)
        put_cover(&to, shells - 1, cover == 2);
    return to.n;
}

/* ---- decahedron: S. Ino, J. Phys. Soc. Jpn. 21, 346 (1966); L. D. Marks, Phil. Mag. A 49, 81 (1984) ----------- */

void decahedron_column(int m, double out[2])
{
    static const double columns[5][2] = {{0, 1},
                                         {-0.95105651629515357, 0.30901699437494742},
                                         {-0.58778525229247313, -0.80901699437494742},
                                         {0.58778525229247313, -0.80901699437494742},
                                         {0.95105651629515357, 0.30901699437494742}};
    out[0] = columns[m % 5][0];
    out[1] = columns[m % 5][1];
}

/* The axis has height = p + q + 2r - 1 atoms; each ring of columns around it is one atom shorter. p is the length of
 * the {100} faces across, q along the axis, r the depth of the re-entrant notches. */
size_t build_wedges(const deepstruc_recipe *recipe, double *xyz)
{
    int p = (int)recipe->param[0], q = (int)recipe->param[1], r = (int)recipe->param[2];
    int height = p + q + 2 * r - 1, rings = p + 2 * r;
    const double spacing = sqrt(3) / 2; /* of columns along a twin plane */
    size_t n = 0;
    for (int j = 0; j < height; j++)
        n = put_atom(xyz, n, 0, 0, j - (height - 1) / 2.0);
    for (int ring = 1; ring < height && ring < rings; ring++)
        for (int wedge = 0; wedge < 5; wedge++) {
            double u[2], v[2];
            decahedron_column(wedge + 4, u);
            decahedron_column(wedge, v);
            for (int i = 0; i < ring; i++) {
                if (ring - i >= p + r || i >= p + r) /* the notch along the twin plane */
                    continue;
                double x = spacing * ((ring - i) * u[0] + i * v[0]), y = spacing * ((ring - i) * u[1] + i * v[1]);
                for (int j = 0; j < height - ring; j++)
                    n = put_atom(xyz, n, x, y, j - (height - ring - 1) / 2.0);
            }
        }
    return n;
}
