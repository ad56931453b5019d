#include "cluster/fingerprint.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- moments -------------------------------------------------------------------------------------------------- */

/* How often each component stands in the full tensor: xx xy xz yy yz zz; and so on by rank. */
static const double twice[6] = {1, 2, 2, 1, 2, 1};
static const double thrice[10] = {1, 3, 3, 3, 6, 3, 1, 3, 3, 1};
static const double fourfold[15] = {1, 4, 4, 6, 12, 6, 4, 12, 12, 4, 1, 4, 6, 4, 1};

void moments_add(moments *sums, const double x[3])
{
    const double a = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    const double power[5] = {1, a, a * a, a * a * a, a * a * a * a};
    const double two[6] = {x[0] * x[0], x[0] * x[1], x[0] * x[2], x[1] * x[1], x[1] * x[2], x[2] * x[2]};
    double three[10], four[15];
    for (int i = 0; i < 6; i++) /* x times each pair, y times the pairs without x, z times zz */
        three[i] = x[0] * two[i];
    for (int i = 0; i < 3; i++)
        three[6 + i] = x[1] * two[3 + i];
    three[9] = x[2] * two[5];
    for (int i = 0; i < 10; i++)
        four[i] = x[0] * three[i];
    for (int i = 0; i < 4; i++)
        four[10 + i] = x[1] * three[6 + i];
    four[14] = x[2] * three[9];

    for (int p = 0; p < 5; p++)
        sums->scalar[p] += power[p];
    for (int p = 0; p < 4; p++)
        for (int i = 0; i < 3; i++)
            sums->vector[p][i] += power[p] * x[i];
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < 6; i++)
            sums->matrix[p][i] += power[p] * two[i];
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < 10; i++)
            sums->cubic[p][i] += power[p] * three[i];
    for (int i = 0; i < 15; i++)
        sums->quartic[i] += four[i];
}

/* Full contraction of the tensors of rank s with powers p and q of a. */
static double contract(const moments *sums, int s, int p, int q)
{
    double sum = 0;
    switch (s) {
    case 0:
        return sums->scalar[p] * sums->scalar[q];
    case 1:
        for (int i = 0; i < 3; i++)
            sum += sums->vector[p][i] * sums->vector[q][i];
        return sum;
    case 2:
        for (int i = 0; i < 6; i++)
            sum += twice[i] * sums->matrix[p][i] * sums->matrix[q][i];
        return sum;
    case 3:
        for (int i = 0; i < 10; i++)
            sum += thrice[i] * sums->cubic[p][i] * sums->cubic[q][i];
        return sum;
    default:
        for (int i = 0; i < 15; i++)
            sum += fourfold[i] * sums->quartic[i] * sums->quartic[i];
        return sum;
    }
}

void moments_fingerprint(const moments *sums, double out[N_FINGERPRINT])
{
    static const double factorial[5] = {1, 1, 2, 6, 24}, power_of_minus_2[5] = {1, -2, 4, -8, 16};
    double n = sums->scalar[0];
    for (int k = 1; k <= N_FINGERPRINT; k++) {
        double total = 0; /* over ordered pairs; a pair with itself adds nothing */
        for (int s = 0; s <= k; s++)
            for (int p = 0; p + s <= k; p++) {
                int q = k - s - p;
                if (q < p)
                    break; /* the term with p and q exchanged counts twice below */
                double weight = factorial[k] / (factorial[p] * factorial[q] * factorial[s]) * power_of_minus_2[s];
                total += (p == q ? 1 : 2) * weight * contract(sums, s, p, q);
            }
        out[k - 1] = n > 1.5 && total > 0 ? pow(total / (n * (n - 1)), 0.5 / k) : 0;
    }
}

void fingerprint_of(const double *xyz, size_t n, double out[N_FINGERPRINT])
{
    double centre[3] = {0};
    for (size_t i = 0; i < 3 * n; i++)
        centre[i % 3] += xyz[i] / (double)n;
    moments sums = {0};
    for (size_t i = 0; i < n; i++) {
        const double x[3] = {xyz[3 * i] - centre[0], xyz[3 * i + 1] - centre[1], xyz[3 * i + 2] - centre[2]};
        moments_add(&sums, x); /* about the centre, where rounding is least */
    }
    moments_fingerprint(&sums, out);
}

/* ---- sets of shapes ------------------------------------------------------------------------------------------- */

/* The first number is hashed on this grid: far wider than the tolerance, so that equal shapes lie in one cell or two
 * adjacent ones. */
static const double cell_width = 1e-6;

static size_t hash(size_t n_atoms, double cell)
{
    uint64_t h = (uint64_t)(int64_t)cell * 0x9e3779b97f4a7c15u + n_atoms * 0xbf58476d1ce4e5b9u;
    h ^= h >> 29;
    h *= 0x94d049bb133111ebu;
    return (size_t)(h ^ (h >> 32));
}

static bool same(const struct shape_key *a, size_t n_atoms, const double *fingerprint)
{
    if (a->n_atoms != n_atoms)
        return false;
    for (int k = 0; k < N_FINGERPRINT; k++)
        if (!(fabs(a->fingerprint[k] - fingerprint[k]) <= FINGERPRINT_TOLERANCE * fabs(fingerprint[k])))
            return false;
    return true;
}

/* The slot of the shape if it hashes to this cell, else the free slot where it would stand. */
static uint32_t *find(const shape_set *set, size_t n_atoms, const double *fingerprint, double cell)
{
    size_t i = hash(n_atoms, cell) & (set->n_slots - 1);
    while (set->slot[i] && !same(&set->member[set->slot[i] - 1], n_atoms, fingerprint))
        i = (i + 1) & (set->n_slots - 1);
    return &set->slot[i];
}

static bool grow(shape_set *set)
{
    if (!MEMORY_GROW(&set->member, &set->capacity, set->n + 1))
        return false;
    if (2 * (set->n + 1) <= set->n_slots)
        return true;
    size_t n_slots = set->n_slots ? 2 * set->n_slots : 1024;
    uint32_t *slot = memory_zeroed(n_slots, sizeof *slot);
    if (!slot)
        return false;
    free(set->slot);
    set->slot = slot;
    set->n_slots = n_slots;
    for (size_t m = 0; m < set->n; m++) {
        const struct shape_key *key = &set->member[m];
        *find(set, key->n_atoms, key->fingerprint, floor(key->fingerprint[0] / cell_width)) = (uint32_t)m + 1;
    }
    return true;
}

shape_answer shape_set_add(shape_set *set, size_t n_atoms, const double fingerprint[N_FINGERPRINT])
{
    if (!grow(set))
        return SHAPE_NO_MEMORY;
    double cell = floor(fingerprint[0] / cell_width);
    for (int side = -1; side <= 1; side += 2) {
        double beside = floor((fingerprint[0] * (1 + side * FINGERPRINT_TOLERANCE)) / cell_width);
        if (beside != cell && *find(set, n_atoms, fingerprint, beside))
            return SHAPE_KNOWN;
    }
    uint32_t *slot = find(set, n_atoms, fingerprint, cell);
    if (*slot)
        return SHAPE_KNOWN;
    set->member[set->n] = (struct shape_key){.n_atoms = n_atoms};
    for (int k = 0; k < N_FINGERPRINT; k++)
        set->member[set->n].fingerprint[k] = fingerprint[k];
    *slot = (uint32_t)++set->n;
    return SHAPE_NEW;
}

void shape_set_clear(shape_set *set)
{
    free(set->member);
    free(set->slot);
    *set = (shape_set){0};
}
