/* Close-packed clusters: the sequence of their layers, and octahedra among fcc ones. */
#include "cluster/classify_layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- layers --------------------------------------------------------------------------------------------------- */

/* Two atoms that touch one layer from both sides are 2 sqrt(2/3) = 1.633 bonds apart and opposite each other where the
 * layer is inverted (hcp-like), or shifted by 1/sqrt3 where it is not. No other distance of close packings lies
 * between 1.5 and 1.7; disorder blurs that, but opposite atoms inside a cluster also share three neighbours that touch
 * each other. */
static const double two_layers = 1.6329931618554521;

static bool is_opposite(const pair_list *list, const near_pair *p, bool strictly)
{
    uint32_t c[MAX_BONDS];
    if (!(fabs(p->distance - two_layers) < (strictly ? 0.15 : 0.06)))
        return false;
    int n = common_neighbours(list, p, c);
    if (strictly)
        return n == 3 && is_bonded(list, c[0], c[1]) && is_bonded(list, c[1], c[2]) && is_bonded(list, c[2], c[0]);
    return n > 0;
}

/* The direction that most opposite pairs share, its share of them, and how many there are. */
static size_t stacking_axis(const pair_list *list, bool strictly, double axis[3], double *share)
{
    enum { MAX_OPPOSITE = 64 }; /* enough to know */
    const near_pair *opposite[MAX_OPPOSITE];
    size_t n = 0, best = 0;
    for (size_t m = 0; m < list->n_pairs && n < MAX_OPPOSITE; m++)
        if (is_opposite(list, &list->pair[m], strictly))
            opposite[n++] = &list->pair[m];
    for (size_t a = 0; a < n; a++) {
        double sum[3] = {0};
        size_t parallel = 0;
        for (size_t b = 0; b < n; b++) {
            double cosine =
                dot(opposite[a]->vector, opposite[b]->vector) / (opposite[a]->distance * opposite[b]->distance);
            parallel += fabs(cosine) > 0.95;
            for (int k = 0; fabs(cosine) > 0.95 && k < 3; k++)
                sum[k] += (cosine > 0 ? 1 : -1) * opposite[b]->vector[k];
        }
        if (parallel > best) {
            best = parallel;
            for (int k = 0; k < 3; k++)
                axis[k] = sum[k] / sqrt(dot(sum, sum));
        }
    }
    *share = n ? (double)best / (double)n : 0;
    return n;
}

/* Per layer, how many pairs around it say inverted or not. */
typedef struct {
    double inverted, straight;
} vote;

static double height(const deepstruc_cluster *cluster, size_t i, const double axis[3], double unit)
{
    return dot(cluster->xyz + 3 * i, axis) / unit;
}

static void count_votes(const pair_list *list, const deepstruc_cluster *cluster, const double axis[3], double low,
                        double unit, vote *votes, size_t n_layers)
{
    for (size_t m = 0; m < list->n_pairs; m++) {
        const near_pair *p = &list->pair[m];
        double along = dot(p->vector, axis), square = p->distance * p->distance - along * along;
        if (fabs(fabs(along) - two_layers) > 0.25 || square > 0.75 * 0.75)
            continue;
        double middle = (height(cluster, p->i, axis, unit) + height(cluster, p->j, axis, unit)) / 2 - low;
        if (!(middle >= 0 && middle < (double)n_layers - 0.5))
            continue;
        vote *v = &votes[(size_t)(middle + 0.5)];
        *(square < 0.3 * 0.3 ? &v->inverted : &v->straight) += 1;
    }
}

static deepstruc_type type_of_votes(const vote *votes, size_t n_layers)
{
    size_t inverted = 0, straight = 0;
    for (size_t k = 0; k < n_layers; k++) {
        inverted += votes[k].inverted > votes[k].straight;
        straight += votes[k].straight > votes[k].inverted;
    }
    if (inverted == 0)
        return DEEPSTRUC_TYPE_FCC;
    if (straight == 0)
        return DEEPSTRUC_TYPE_HCP;
    return inverted == 1 ? DEEPSTRUC_TYPE_TWIN : DEEPSTRUC_TYPE_STACKING;
}

deepstruc_type layered_type(pair_list *list, const deepstruc_cluster *cluster)
{
    double axis[3] = {0, 0, 1}, share, low = INFINITY, high = -INFINITY;
    if (stacking_axis(list, true, axis, &share) > 0) {
        if (share < 0.7)
            return DEEPSTRUC_TYPE_UNKNOWN;
    } else if (stacking_axis(list, false, axis, &share) == 0 || share < 0.7) {
        return DEEPSTRUC_TYPE_FCC;
    }
    double unit = list->bond_length * two_layers / 2;
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        low = fmin(low, height(cluster, i, axis, unit));
        high = fmax(high, height(cluster, i, axis, unit));
    }
    size_t n_layers = (size_t)(high - low + 1.5);
    if (n_layers > cluster->n_atoms + 2)
        return DEEPSTRUC_TYPE_UNKNOWN;
    vote *votes = memory_zeroed(n_layers, sizeof *votes);
    if (!votes) {
        list->out_of_memory = true;
        return DEEPSTRUC_TYPE_UNKNOWN;
    }
    count_votes(list, cluster, axis, low, unit, votes, n_layers);
    deepstruc_type type = type_of_votes(votes, n_layers);
    free(votes);
    return type;
}

/* ---- octahedra ------------------------------------------------------------------------------------------------ */

/* The cubic axes: next-nearest neighbours of fcc lie along them. Each is first the direction of one pair, then the mean
 * of all pairs near it. False when three right angles cannot be found. */
static bool cubic_axes(const pair_list *list, double axes[3][3])
{
    double first[3][3], sum[3][3] = {{0}};
    int n = 0;
    for (size_t m = 0; m < list->n_pairs; m++) {
        const near_pair *p = &list->pair[m];
        if (!(fabs(p->distance - sqrt(2)) < 0.15))
            continue;
        bool right_angles = n < 3;
        for (int a = 0; a < n; a++) {
            double cosine = dot(first[a], p->vector) / p->distance;
            right_angles = right_angles && fabs(cosine) < 0.2;
            for (int k = 0; fabs(cosine) > 0.9 && k < 3; k++)
                sum[a][k] += copysign(1, cosine) * p->vector[k];
        }
        for (int k = 0; right_angles && k < 3; k++)
            sum[n][k] = first[n][k] = p->vector[k] / p->distance;
        n += right_angles;
    }
    for (int a = 0; a < n; a++)
        for (int k = 0; k < 3; k++)
            axes[a][k] = sum[a][k] / sqrt(dot(sum[a], sum[a]));
    return n == 3;
}

/* Half-widths along {100} and {111} about the middle, in the spacing of {200} planes and of sums |x|+|y|+|z|; false
 * unless equal all round. */
static bool half_widths(const pair_list *list, const deepstruc_cluster *cluster, double axes[3][3], double *cube,
                        double *octahedron)
{
    static const int planes[7][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {-1, 1, 1}};
    double width[7];
    for (int f = 0; f < 7; f++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < cluster->n_atoms; i++) {
            double value = 0;
            for (int k = 0; k < 3; k++)
                value += planes[f][k] * dot(cluster->xyz + 3 * i, axes[k]) / (list->bond_length * sqrt(0.5));
            low = fmin(low, value);
            high = fmax(high, value);
        }
        width[f] = round(high - low) / 2;
    }
    *cube = width[0];
    *octahedron = width[3];
    return width[1] == *cube && width[2] == *cube && width[4] == *octahedron && width[5] == *octahedron &&
           width[6] == *octahedron;
}

bool is_octahedral(const pair_list *list, const deepstruc_cluster *cluster)
{
    double axes[3][3], cube, octahedron;
    if (!cubic_axes(list, axes) || !half_widths(list, cluster, axes, &cube, &octahedron) || octahedron > 1000)
        return false;
    int c = (int)cube, o = (int)octahedron;
    if (c != cube || o != octahedron || o < c)
        return false; /* the middle is neither a site nor an octahedral hole */
    size_t n = 0;
    for (int x = -c; x <= c; x++)
        for (int y = -c; y <= c; y++)
            for (int z = -c; z <= c; z++)
                n += abs(x) + abs(y) + abs(z) <= o && (x + y + z - o) % 2 == 0;
    return n == cluster->n_atoms;
}
