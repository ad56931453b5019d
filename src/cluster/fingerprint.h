/* Distances of a cluster in four numbers, and sets of shapes told apart by them.
 *
 * The mean of |x_i - x_j|^2k over all pairs is a polynomial in the cluster's moment tensors up to rank k (multiply out
 * (a_i + a_j - 2 x_i·x_j)^k with a = |x|²), so the moments for k = 1 to 4 cost one pass over the atoms instead of one
 * over the pairs, and adding an atom costs 70 additions. They do not depend on where and how the cluster lies. */
#ifndef CLUSTER_FINGERPRINT_H
#define CLUSTER_FINGERPRINT_H

#include <deepstruc/cluster.h>

enum { N_FINGERPRINT = 4 };

/* Sums over atoms of a^p times the distinct components of x (x) ... (x) x, by rank. */
typedef struct {
    double scalar[5], vector[4][3], matrix[3][6], cubic[2][10], quartic[15];
} moments;

void moments_add(moments *sums, const double x[3]);
/* Roots (mean |x_i - x_j|^2k)^(1/2k), k = 1 to 4, in the unit of x; zeros for fewer than two atoms. */
void moments_fingerprint(const moments *sums, double out[N_FINGERPRINT]);
void fingerprint_of(const double *xyz, size_t n, double out[N_FINGERPRINT]);

/* Two clusters of equal size are one shape when all four numbers agree to this relative tolerance: rounding makes
 * differences of 1e-13, other shapes of some 1e-6. */
#define FINGERPRINT_TOLERANCE 1e-9

/* A set of shapes: hashing on atom count and the first number. */
typedef struct {
    size_t n, capacity; /* of `member` */
    struct shape_key {
        size_t n_atoms;
        double fingerprint[N_FINGERPRINT];
    } * member;
    size_t n_slots; /* a power of 2 */
    uint32_t *slot; /* 1 + index of a member; 0: free */
} shape_set;

typedef enum { SHAPE_NEW, SHAPE_KNOWN, SHAPE_NO_MEMORY } shape_answer;

/* Puts a shape in unless it is there. A zeroed set is empty. */
shape_answer shape_set_add(shape_set *set, size_t n_atoms, const double fingerprint[N_FINGERPRINT]);
void shape_set_clear(shape_set *set);

#endif
