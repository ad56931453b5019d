#include "cluster/near_pairs.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cluster/neighbours.h"

void pairs_clear(pair_list *list)
{
    free(list->pair);
    free(list->n_bonds);
    free(list->bond);
    *list = (pair_list){0};
}

static void note_bond(pair_list *list, size_t i, size_t j)
{
    if (list->n_bonds[i] < MAX_BONDS)
        list->bond[i * MAX_BONDS + list->n_bonds[i]++] = (uint32_t)j;
}

static bool collect_pairs(pair_list *list, const neighbours *tree)
{
    enum { MAX_NEAR = 256 };
    uint32_t near[MAX_NEAR];
    size_t capacity = 0;
    for (size_t i = 0; i < tree->n; i++) {
        size_t n_near = neighbours_within(tree, i, PAIRS_REACH * list->bond_length, near, MAX_NEAR);
        for (size_t m = 0; m < n_near && m < MAX_NEAR; m++) {
            size_t j = near[m];
            if (j < i)
                continue;
            if (!MEMORY_GROW(&list->pair, &capacity, list->n_pairs + 1)) {
                list->out_of_memory = true;
                return false;
            }
            near_pair *p = &list->pair[list->n_pairs++];
            *p = (near_pair){.i = (uint32_t)i, .j = (uint32_t)j};
            for (size_t k = 0; k < 3; k++)
                p->vector[k] = tree->xyz[3 * j + k] - tree->xyz[3 * i + k];
            p->distance = sqrt(dot(p->vector, p->vector));
        }
    }
    return true;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The bond length from the pairs, since that of nearest neighbours is shortened by disorder: the distance that a third
 * of all bonds stay below. It is that of the first shell in bcc too, where longer ones are up to 60 % of what the limit
 * lets through. */
static bool measure_bond(pair_list *list)
{
    double *bonds = memory_zeroed(list->n_pairs, sizeof *bonds);
    size_t n = 0;
    list->out_of_memory = !bonds;
    for (size_t m = 0; bonds && m < list->n_pairs; m++)
        if (list->pair[m].distance < PAIRS_BOND * list->bond_length)
            bonds[n++] = list->pair[m].distance;
    if (n) {
        qsort(bonds, n, sizeof *bonds, rising);
        list->bond_length = bonds[n / 3];
    }
    free(bonds);
    return n > 0;
}

bool pairs_find(pair_list *list, const deepstruc_cluster *cluster)
{
    neighbours tree;
    *list = (pair_list){.n_atoms = cluster->n_atoms,
                        .n_bonds = memory_zeroed(cluster->n_atoms, sizeof *list->n_bonds),
                        .bond = memory_zeroed(cluster->n_atoms, MAX_BONDS * sizeof *list->bond)};
    if (!list->n_bonds || !list->bond || !neighbours_create(&tree, cluster->xyz, cluster->n_atoms)) {
        list->out_of_memory = true;
        return false;
    }
    for (size_t i = 0; i < cluster->n_atoms; i++)
        list->bond_length += neighbours_nearest(&tree, i, NULL) / (double)cluster->n_atoms;
    bool good = list->bond_length > 0 && collect_pairs(list, &tree) && measure_bond(list);
    neighbours_destroy(&tree);
    for (size_t m = 0; good && m < list->n_pairs; m++) {
        near_pair *p = &list->pair[m];
        p->distance /= list->bond_length;
        for (size_t k = 0; k < 3; k++)
            p->vector[k] /= list->bond_length;
        if (p->distance < PAIRS_BOND) {
            note_bond(list, p->i, p->j);
            note_bond(list, p->j, p->i);
        }
    }
    return good;
}

bool is_bonded(const pair_list *list, uint32_t i, uint32_t j)
{
    for (int m = 0; m < list->n_bonds[i]; m++)
        if (list->bond[i * MAX_BONDS + (size_t)m] == j)
            return true;
    return false;
}

int common_neighbours(const pair_list *list, const near_pair *p, uint32_t *out)
{
    int n = 0;
    for (int m = 0; m < list->n_bonds[p->i]; m++) {
        uint32_t atom = list->bond[p->i * (size_t)MAX_BONDS + (size_t)m];
        if (atom != p->j && is_bonded(list, atom, p->j))
            out[n++] = atom;
    }
    return n;
}
