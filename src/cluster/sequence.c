#include "cluster/sequence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- words -----------------------------------------------------------------------------------------------------
 * A sequence up to shifts is a word with a bit for each inner layer: 1 where the layers beside it are alike (hcp). */

static unsigned reversed(unsigned word, int n_bits)
{
    unsigned out = 0;
    for (int k = 0; k < n_bits; k++)
        out |= (word >> k & 1u) << (n_bits - 1 - k);
    return out;
}

bool sequence_spell(int n_layers, int k, char out[SEQUENCE_TEXT])
{
    int n_bits = n_layers - 2;
    for (unsigned word = 0; word < 1u << n_bits; word++) {
        if (word > reversed(word, n_bits) || k-- > 0)
            continue;
        out[0] = 'A';
        out[1] = 'B';
        for (int i = 2; i < n_layers; i++)
            out[i] = word >> (i - 2) & 1 ? out[i - 2] : (char)('A' + 'B' + 'C' - out[i - 1] - out[i - 2]);
        out[n_layers] = '\0';
        return true;
    }
    return false;
}

static unsigned word_of(const char *letters, int n_layers)
{
    unsigned word = 0;
    for (int i = 2; i < n_layers; i++)
        word |= (unsigned)(letters[i] == letters[i - 2]) << (i - 2);
    return word;
}

double sequence_hexagonality(const char *letters)
{
    int n = (int)strlen(letters);
    return n < 3 ? 0 : (double)__builtin_popcount(word_of(letters, n)) / (n - 2);
}

/* ---- a cluster's layers ----------------------------------------------------------------------------------------- */

typedef struct {
    const deepstruc_cluster *cluster;
    double bond;
    int *layer; /* of each atom */
} layered;

/* The layers along a direction; 0 when some atom lies between two. */
static int layers_along(layered *l, const double axis[3])
{
    const double spacing = l->bond * sqrt(2.0 / 3), tolerance = 0.2;
    const double *x = l->cluster->xyz;
    double low = INFINITY;
    int highest = 0;
    for (size_t i = 0; i < l->cluster->n_atoms; i++)
        low = fmin(low, x[3 * i] * axis[0] + x[3 * i + 1] * axis[1] + x[3 * i + 2] * axis[2]);
    for (size_t i = 0; i < l->cluster->n_atoms; i++) {
        double height = (x[3 * i] * axis[0] + x[3 * i + 1] * axis[1] + x[3 * i + 2] * axis[2] - low) / spacing;
        l->layer[i] = (int)(height + 0.5);
        if (!(fabs(height - l->layer[i]) < tolerance) || l->layer[i] >= SEQUENCE_MAX_LAYERS)
            return 0;
        highest = l->layer[i] > highest ? l->layer[i] : highest;
    }
    return highest + 1;
}

/* A layer is inverted where an atom below and one above it are opposite each other: where it is not they are apart by
 * 1/sqrt(3) of a bond at least. */
static unsigned read_word(const layered *l, const double axis[3])
{
    unsigned word = 0;
    const double *x = l->cluster->xyz, near = 0.29 * l->bond;
    for (size_t i = 0; i < l->cluster->n_atoms; i++)
        for (size_t j = 0; j < l->cluster->n_atoms; j++) {
            if (l->layer[j] != l->layer[i] + 2)
                continue;
            double d[3], along = 0, square = 0;
            for (int c = 0; c < 3; c++) {
                d[c] = x[3 * j + (size_t)c] - x[3 * i + (size_t)c];
                along += d[c] * axis[c];
                square += d[c] * d[c];
            }
            if (square - along * along < near * near)
                word |= 1u << l->layer[i];
        }
    return word;
}

/* Directions across triangles of touching atoms: the normals of close-packed planes are among them. */
enum { MAX_AXES = 64 };
typedef struct {
    int n;
    double axis[MAX_AXES][3];
} axis_list;

static void add_axis(axis_list *list, const double u[3], const double v[3])
{
    double a[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    double length = sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    for (int c = 0; c < 3; c++)
        a[c] /= length;
    for (int k = 0; k < list->n; k++)
        if (fabs(a[0] * list->axis[k][0] + a[1] * list->axis[k][1] + a[2] * list->axis[k][2]) > 0.999)
            return;
    if (list->n < MAX_AXES)
        memcpy(list->axis[list->n++], a, sizeof a);
}

static bool touch(const double *a, const double *b, double bond, double d[3])
{
    double square = 0;
    for (int c = 0; c < 3; c++) {
        d[c] = b[c] - a[c];
        square += d[c] * d[c];
    }
    return square < 1.44 * bond * bond;
}

static void find_axes(axis_list *list, const deepstruc_cluster *cluster, double bond)
{
    double u[3], v[3], w[3];
    const double *x = cluster->xyz;
    list->n = 0;
    for (size_t i = 0; i < cluster->n_atoms && list->n < MAX_AXES; i++)
        for (size_t j = i + 1; j < cluster->n_atoms; j++)
            for (size_t k = j + 1; touch(x + 3 * i, x + 3 * j, bond, u) && k < cluster->n_atoms; k++)
                if (touch(x + 3 * i, x + 3 * k, bond, v) && touch(x + 3 * j, x + 3 * k, bond, w))
                    add_axis(list, u, v);
}

bool sequence_is_of(const deepstruc_cluster *cluster, const char *letters)
{
    int n_layers = (int)strlen(letters);
    layered l = {cluster, deepstruc_cluster_mean_bond(cluster), memory_zeroed(cluster->n_atoms, sizeof *l.layer)};
    if (!l.layer || n_layers < 3 || n_layers > SEQUENCE_MAX_LAYERS || !(l.bond > 0)) {
        free(l.layer);
        return false;
    }
    unsigned wanted = word_of(letters, n_layers), backwards = reversed(wanted, n_layers - 2);
    axis_list axes;
    bool found = false;
    find_axes(&axes, cluster, l.bond);
    for (int k = 0; k < axes.n && !found; k++) {
        if (layers_along(&l, axes.axis[k]) != n_layers)
            continue;
        unsigned word = read_word(&l, axes.axis[k]);
        found = word == wanted || word == backwards;
    }
    free(l.layer);
    return found;
}
