/* Pairs of atoms up to the third shell, and which of them are bonds. */
#ifndef CLUSTER_NEAR_PAIRS_H
#define CLUSTER_NEAR_PAIRS_H

#include <deepstruc/cluster.h>

enum { MAX_BONDS = 20 }; /* per atom; ideal ones have at most 14 */

/* In mean bonds: pairs closer than that are bonds, pairs up to that are listed. Both stand in gaps of the distances of
 * ideal structures (classify.c). */
#define PAIRS_BOND 1.22
#define PAIRS_REACH 1.95

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
    bool out_of_memory; /* what was found since is worth nothing */
} pair_list;

/* False without memory, which the list says, or where nothing is bonded; the list wants clearing either way. */
bool pairs_find(pair_list *list, const deepstruc_cluster *cluster);
void pairs_clear(pair_list *list);
bool is_bonded(const pair_list *list, uint32_t i, uint32_t j);
/* Atoms bonded to both ends of a pair; fills at most MAX_BONDS. */
int common_neighbours(const pair_list *list, const near_pair *p, uint32_t *out);

static inline double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

#endif
