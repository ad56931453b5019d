/* Pairs of atoms up to the third shell, and what close-packed ones say about layers and outer shape. */
#ifndef CLUSTER_CLASSIFY_H
#define CLUSTER_CLASSIFY_H

#include <deepstruc/cluster.h>

enum { MAX_BONDS = 20 }; /* per atom; ideal ones have at most 14 */

typedef struct {
    uint32_t i, j;
    double vector[3], distance; /* from i to j, in mean bonds */
} near_pair;

typedef struct {
    size_t n_atoms, n_pairs;
    near_pair *pair;
    uint8_t *n_bonds; /* per atom */
    uint32_t *bond;   /* n_atoms x MAX_BONDS */
    double bond_length;
} pair_list;

void pairs_clear(pair_list *list);
bool is_bonded(const pair_list *list, uint32_t i, uint32_t j);
/* Atoms bonded to both ends of a pair; fills at most MAX_BONDS. */
int common_neighbours(const pair_list *list, const near_pair *p, uint32_t *out);

/* fcc, hcp, twin or stacking by the sequence of close-packed layers; UNKNOWN when they lie along several directions. */
deepstruc_type layered_type(const pair_list *list, const deepstruc_cluster *cluster);
/* Whether an fcc cluster is all the sites between {111} and {100} planes at one distance each: an octahedron, truncated
 * or not. */
bool is_octahedral(const pair_list *list, const deepstruc_cluster *cluster);

static inline double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

#endif
