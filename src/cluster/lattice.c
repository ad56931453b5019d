/* Pieces of periodic lattices: cubic ones between planes, octahedra, blocks of hcp cells. */
#include "cluster/builders.h"

#include <math.h>
#include <stdlib.h>

/* ---- cubic lattices between {100}, {110} and {111} planes ----------------------------------------------------- */

/* A cubic lattice on whole numbers: its sites are cells' corners, `edge` units apart, plus the basis. The planes of
 * each family that hold atoms lie at whole multiples of these values of |x|, |x|+|y|, |x|+|y|+|z| from a site. */
typedef struct {
    int edge, n_basis, basis[4][3];
    int spacing[3]; /* {100} {110} {111} */
} cubic;

static const cubic simple = {1, 1, {{0, 0, 0}}, {1, 1, 1}};
static const cubic body_centred = {2, 2, {{0, 0, 0}, {1, 1, 1}}, {1, 2, 1}};
static const cubic face_centred = {2, 4, {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}}, {1, 1, 2}};

typedef struct {
    int centre;   /* of the cluster, on all three axes */
    int limit[3]; /* of |x|, |x|+|y|, |x|+|y|+|z| */
} planes;

static bool inside(const planes *cut, int x, int y, int z)
{
    int a = abs(x), b = abs(y), c = abs(z);
    int least = a < b ? (a < c ? a : c) : (b < c ? b : c), most = a > b ? (a > c ? a : c) : (b > c ? b : c);
    return most <= cut->limit[0] && a + b + c - least <= cut->limit[1] && a + b + c <= cut->limit[2];
}

/* The sites between the planes, cell by cell, with lattice constant `constant`. */
static size_t cut_cubic(const cubic *lattice, const planes *cut, double constant, double *xyz)
{
    int reach =
        cut->limit[0]; /* half the width of the box that holds the cluster: none of the limits may be exceeded */
    for (int k = 1; k < 3; k++)
        reach = cut->limit[k] < reach ? cut->limit[k] : reach;
    int cells = (reach + abs(cut->centre)) / lattice->edge + 1;
    double unit = constant / lattice->edge;
    size_t n = 0;
    for (int i = -cells; i <= cells; i++)
        for (int j = -cells; j <= cells; j++)
            for (int k = -cells; k <= cells; k++)
                for (int s = 0; s < lattice->n_basis; s++) {
                    const int *basis = lattice->basis[s];
                    int x = i * lattice->edge + basis[0] - cut->centre, y = j * lattice->edge + basis[1] - cut->centre,
                        z = k * lattice->edge + basis[2] - cut->centre;
                    if (inside(cut, x, y, z))
                        n = put_atom(xyz, n, x * unit, y * unit, z * unit);
                }
    return n;
}

size_t build_layers(const deepstruc_recipe *recipe, double *xyz)
{
    const cubic *lattice = recipe->type == DEEPSTRUC_TYPE_SC    ? &simple
                           : recipe->type == DEEPSTRUC_TYPE_BCC ? &body_centred
                                                                : &face_centred;
    planes cut = {.centre = 0};
    for (int k = 0; k < 3; k++)
        cut.limit[k] = (int)recipe->param[k] * lattice->spacing[k];
    return cut_cubic(lattice, &cut, lattice == &face_centred ? sqrt(2) : 1, xyz);
}

/* An octahedron with `length` atoms along an edge is |x|+|y|+|z| <= length - 1 about a site (odd length) or about the
 * octahedral hole at the middle of a cell (even length); `cutoff` layers are taken off each corner. */
size_t build_octahedron(const deepstruc_recipe *recipe, double *xyz)
{
    int length = (int)recipe->param[0], cutoff = (int)recipe->param[1];
    planes cut = {.centre = length % 2 == 0, .limit = {length - 1 - cutoff, 2 * length, length - 1}};
    return cut_cubic(&face_centred, &cut, sqrt(2), xyz);
}

/* ---- hcp ------------------------------------------------------------------------------------------------------ */

/* The published value of c/a, not the ideal sqrt(8/3) = 1.63299. */
static const double c_over_a = 1.633;

size_t build_cells(const deepstruc_recipe *recipe, double *xyz)
{
    int repeats[3] = {(int)recipe->param[0], (int)recipe->param[1], (int)recipe->param[2]};
    size_t n = 0;
    if (!xyz) /* millions of cells are counted at once, to be refused */
        return 2 * (size_t)repeats[0] * (size_t)repeats[1] * (size_t)repeats[2];
    for (int k = 0; k < repeats[2]; k++)
        for (int j = 0; j < repeats[1]; j++)
            for (int i = 0; i < repeats[0]; i++) {
                double x = i - j / 2.0, y = j * sqrt(3) / 2, z = k * c_over_a;
                n = put_atom(xyz, n, x, y, z);
                n = put_atom(xyz, n, x, y + 1 / sqrt(3), z + c_over_a / 2);
            }
    return n;
}
