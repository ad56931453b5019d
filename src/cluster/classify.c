/* The type of a cluster from its atoms alone, whatever its size and orientation: which distances occur, five-fold
 * bonds, and the sequence of close-packed layers. Distances are in mean bonds b; ideal ones are sc 1, sqrt2, sqrt3 |
 * bcc 1, 2/sqrt3, sqrt(8/3) | fcc 1, sqrt2, sqrt3 | hcp 1, sqrt2, sqrt(8/3), sqrt3 | icosahedron 1, 1.051, 1.451.
 * Signatures of bonds: J. D. Honeycutt, H. C. Andersen, J. Phys. Chem. 91, 4950 (1987), doi 10.1021/j100303a014. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cluster/classify.h"
#include "cluster/classify_layers.h"

enum { TOO_SMALL = 5 };

/* Limits between those distances, in b; each stands in a gap of the ideal ones. */
static const double short_limit = 1.09, square_low = 1.28, square_high = 1.53;

/* ---- which distances occur ------------------------------------------------------------------------------------ */

typedef struct {
    double bonds, stretched, square; /* pairs below 1.09, to 1.22, around sqrt2 */
    double third, fourth;            /* around sqrt(8/3) and sqrt3 */
    double triangles;                /* of bonds */
} census;

static census count_distances(const pair_list *list)
{
    census c = {0};
    uint32_t common[MAX_BONDS];
    for (size_t m = 0; m < list->n_pairs; m++) {
        const near_pair *p = &list->pair[m];
        c.bonds += p->distance < short_limit;
        c.stretched += p->distance >= short_limit && p->distance < PAIRS_BOND;
        c.square += p->distance > square_low && p->distance < square_high;
        c.third += p->distance > 1.5 && p->distance < 1.69;
        c.fourth += p->distance >= 1.69 && p->distance < 1.85;
        if (p->distance < PAIRS_BOND)
            c.triangles += common_neighbours(list, p, common) / 3.0;
    }
    return c;
}

/* ---- five-fold axes ------------------------------------------------------------------------------------------- */

/* A bond with five common neighbours in a ring lies on a five-fold axis. */
static bool is_five_fold(const pair_list *list, const near_pair *p)
{
    uint32_t common[MAX_BONDS];
    int n = p->distance < PAIRS_BOND ? common_neighbours(list, p, common) : 0, links = 0;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < a; b++)
            links += is_bonded(list, common[a], common[b]);
    return n == 5 && links >= 4;
}

/* Whether some atom has (nearly) twelve such bonds: the middle of an icosahedron, whatever lies around it. */
static bool has_icosahedral_atom(pair_list *list)
{
    enum { NEARLY_ALL = 10 };
    uint8_t *n = memory_zeroed(list->n_atoms, sizeof *n);
    bool found = false;
    list->out_of_memory |= !n;
    for (size_t m = 0; n && m < list->n_pairs && !found; m++) {
        const near_pair *p = &list->pair[m];
        if (is_five_fold(list, p))
            found = ++n[p->i] >= NEARLY_ALL || ++n[p->j] >= NEARLY_ALL;
    }
    free(n);
    return found;
}

/* DECAHEDRON: such bonds along one line. ICOSAHEDRON: along several. UNKNOWN: there are none. */
static deepstruc_type five_fold_type(const pair_list *list)
{
    enum { MAX_AXES = 32 };
    const near_pair *axis[MAX_AXES];
    size_t n = 0, most = 0;
    for (size_t m = 0; m < list->n_pairs && n < MAX_AXES; m++)
        if (is_five_fold(list, &list->pair[m]))
            axis[n++] = &list->pair[m];
    for (size_t a = 0; a < n; a++) {
        size_t parallel = 0;
        for (size_t b = 0; b < n; b++)
            parallel += fabs(dot(axis[a]->vector, axis[b]->vector)) > 0.9 * axis[a]->distance * axis[b]->distance;
        most = parallel > most ? parallel : most;
    }
    if (n == 0)
        return DEEPSTRUC_TYPE_UNKNOWN;
    return 2 * most > n ? DEEPSTRUC_TYPE_DECAHEDRON : DEEPSTRUC_TYPE_ICOSAHEDRON;
}

/* ---- the decision --------------------------------------------------------------------------------------------- */

/* Ideal ratios to all bonds: `stretched` 0.75 in bcc and 0 elsewhere; `square` 2 in sc, 0.5 in close packings, 0 in
 * bcc; triangles: none in sc, 8 per atom in close packings; pairs at sqrt(8/3) and none at sqrt3 in bcc alone. Small
 * clusters have less of everything but keep the order. */
static deepstruc_type decide(pair_list *list, const deepstruc_cluster *cluster)
{
    census c = count_distances(list);
    double all = c.bonds + c.stretched;
    if (c.square > 0.6 * all && c.triangles < 0.1 * all)
        return DEEPSTRUC_TYPE_SC;
    if (has_icosahedral_atom(list))
        return DEEPSTRUC_TYPE_ICOSAHEDRON;
    if (c.stretched > 0.2 * all && c.square < 0.2 * all && c.third > c.fourth && c.triangles > 0.3 * all)
        return DEEPSTRUC_TYPE_BCC;
    deepstruc_type type = five_fold_type(list);
    if (type == DEEPSTRUC_TYPE_UNKNOWN)
        type = layered_type(list, cluster);
    if (type == DEEPSTRUC_TYPE_FCC && c.triangles < 1)
        return DEEPSTRUC_TYPE_UNKNOWN; /* a chain, a square: nothing says fcc */
    return type == DEEPSTRUC_TYPE_FCC && is_octahedral(list, cluster) ? DEEPSTRUC_TYPE_OCTAHEDRON : type;
}

deepstruc_status classify_cluster(deepstruc_type *out, const deepstruc_cluster *cluster, deepstruc_diag *diag)
{
    pair_list list = {0};
    deepstruc_type type = DEEPSTRUC_TYPE_UNKNOWN;
    if (cluster->n_atoms >= TOO_SMALL && pairs_find(&list, cluster))
        type = decide(&list, cluster);
    bool good = !list.out_of_memory;
    pairs_clear(&list);
    if (!good)
        return diag_no_memory(diag);
    *out = type;
    return DEEPSTRUC_OK;
}

deepstruc_type deepstruc_cluster_classify(const deepstruc_cluster *cluster)
{
    deepstruc_type type = DEEPSTRUC_TYPE_UNKNOWN;
    classify_cluster(&type, cluster, NULL);
    return type;
}
