#include "refine/anatomy.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/eigen.h"
#include "base/memory.h"
#include "cluster/neighbours.h"

static const double BONDED = 1.2; /* mean bonds: between the first and the second shell of close packings */
/* Mean bonds: how far the mean bond vector of an atom may be from 0 before the atom is at the surface; 0.27 on a {111}
 * facet, the least of all, 0 inside of every lattice. */
static const double LOPSIDED = 0.12;
static const double OPPOSITE = -0.93; /* cosine: bonds that are opposite within 20 degrees or so */
static const double DISTINCT = 0.05;  /* how much an axis' eigenvalue stands out, of the trace */
enum { MOST_BONDS = 24, HCP_BONDS = 12, HCP_OPPOSITE = 6 };

typedef struct {
    int n;
    uint32_t atom[MOST_BONDS];
    double vector[MOST_BONDS][3]; /* mean bonds */
} bond_star;

static void find_star(bond_star *star, const neighbours *tree, size_t i, double bond)
{
    size_t found = neighbours_within(tree, i, BONDED * bond, star->atom, MOST_BONDS);
    star->n = (int)(found < MOST_BONDS ? found : MOST_BONDS);
    for (int b = 0; b < star->n; b++)
        for (int a = 0; a < 3; a++)
            star->vector[b][a] = (tree->xyz[3 * star->atom[b] + (size_t)a] - tree->xyz[3 * i + (size_t)a]) / bond;
}

static bool is_lopsided(const bond_star *star)
{
    double sum[3] = {0};
    for (int b = 0; b < star->n; b++)
        for (int a = 0; a < 3; a++)
            sum[a] += star->vector[b][a];
    return sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]) > LOPSIDED * star->n || star->n == 0;
}

/* Atoms with 12 neighbours, 6 of them opposite of each other, are where close-packed layers change their stacking;
 * those 6 lie in the layer. Their directions add to `tensor`. */
static void add_layer_bonds(double tensor[3][3], const bond_star *star)
{
    bool opposite[MOST_BONDS] = {false};
    int n_opposite = 0;
    for (int b = 0; b < star->n; b++)
        for (int c = 0; c < star->n; c++) {
            const double *v = star->vector[b], *w = star->vector[c];
            double vw = v[0] * w[0] + v[1] * w[1] + v[2] * w[2], vv = v[0] * v[0] + v[1] * v[1] + v[2] * v[2],
                   ww = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
            opposite[b] |= vw < OPPOSITE * sqrt(vv * ww);
        }
    for (int b = 0; b < star->n; b++)
        n_opposite += opposite[b];
    if (star->n != HCP_BONDS || n_opposite != HCP_OPPOSITE)
        return;
    for (int b = 0; b < star->n; b++)
        for (int i = 0; i < 3 && opposite[b]; i++)
            for (int j = 0; j < 3; j++)
                tensor[i][j] += star->vector[b][i] * star->vector[b][j];
}

/* The eigenvector whose eigenvalue lies farthest from the mean of the other two. In hcp and stackings the layers'
 * normal has none of the layer bonds; in a decahedron the five twin planes share one axis and point everywhere about
 * it. */
static void find_axis(anatomy *out, double tensor[3][3])
{
    double v[3][3], trace = tensor[0][0] + tensor[1][1] + tensor[2][2], most = 0;
    eigen_symmetric(tensor[0], v[0], 3);
    for (int k = 0; k < 3; k++) {
        double apart = fabs(tensor[k][k] - (trace - tensor[k][k]) / 2);
        if (apart <= most)
            continue;
        most = apart;
        for (int a = 0; a < 3; a++)
            out->axis[a] = v[a][k];
    }
    out->has_axis = trace > 0 && most > DISTINCT * trace;
}

static void find_parts(anatomy *out, const neighbours *tree, double bond)
{
    double tensor[3][3] = {{0}};
    bond_star star;
    for (size_t i = 0; i < tree->n; i++) {
        find_star(&star, tree, i, bond);
        out->shell[i] = is_lopsided(&star) ? ANATOMY_OUTER : ANATOMY_INSIDE;
        add_layer_bonds(tensor, &star);
    }
    for (size_t i = 0; i < tree->n; i++) {
        find_star(&star, tree, i, bond);
        for (int b = 0; b < star.n && out->shell[i] == ANATOMY_INSIDE; b++)
            if (out->shell[star.atom[b]] == ANATOMY_OUTER)
                out->shell[i] = ANATOMY_SECOND;
    }
    find_axis(out, tensor);
}

double anatomy_atom_volume(deepstruc_type type)
{
    return type == DEEPSTRUC_TYPE_SC ? 1 : type == DEEPSTRUC_TYPE_BCC ? 4 / (3 * sqrt(3)) : 1 / sqrt(2);
}

double anatomy_diameter(deepstruc_type type, size_t n_atoms, double bond)
{
    return bond * cbrt(6 / M_PI * anatomy_atom_volume(type) * (double)n_atoms);
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The n-th atom from the centre out is where a sphere of the volume of n atoms would cut; atoms of one radius share the
 * last of their numbers. */
static deepstruc_status find_cuts(anatomy *out, const deepstruc_cluster *cluster, double bond, deepstruc_diag *diag)
{
    static const double SAME = 1e-6; /* relative: rounding of files is coarser, and does no harm */
    size_t n = cluster->n_atoms;
    double *radius = memory_zeroed(2 * n, sizeof *radius), *sorted = radius + n;
    if (!radius)
        return diag_no_memory(diag);
    for (size_t i = 0; i < n; i++) {
        double x = cluster->xyz[3 * i] - out->centre[0], y = cluster->xyz[3 * i + 1] - out->centre[1],
               z = cluster->xyz[3 * i + 2] - out->centre[2];
        radius[i] = sorted[i] = sqrt(x * x + y * y + z * z);
    }
    qsort(sorted, n, sizeof *sorted, rising);
    for (size_t i = 0; i < n; i++) {
        double edge = radius[i] * (1 + SAME) + SAME * bond;
        size_t low = 0, high = n; /* sorted[low - 1] <= edge < sorted[high] */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (sorted[middle] <= edge)
                low = middle + 1;
            else
                high = middle;
        }
        out->cut[i] = anatomy_diameter(cluster->type, low, bond);
    }
    out->diameter = anatomy_diameter(cluster->type, n, bond);
    free(radius);
    return DEEPSTRUC_OK;
}

deepstruc_status anatomy_make(anatomy *out, const deepstruc_cluster *cluster, deepstruc_diag *diag)
{
    size_t n = cluster->n_atoms;
    neighbours tree = {0};
    anatomy a = {.shell = memory_zeroed(n, sizeof *a.shell), .cut = memory_zeroed(n, sizeof *a.cut)};
    deepstruc_status status =
        a.shell && a.cut && neighbours_create(&tree, cluster->xyz, n) ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (!status) {
        double bond = deepstruc_cluster_mean_bond(cluster);
        for (size_t i = 0; i < 3 * n; i++)
            a.centre[i % 3] += cluster->xyz[i] / (double)n;
        find_parts(&a, &tree, bond);
        status = find_cuts(&a, cluster, bond, diag);
    }
    neighbours_destroy(&tree);
    if (status)
        anatomy_clear(&a);
    else
        *out = a;
    return status;
}

void anatomy_clear(anatomy *a)
{
    free(a->shell);
    free(a->cut);
    *a = (anatomy){0};
}
