#include "support.h"

#include "solve/evidence.h"
#include "solve/mixture.h"

enum { N = 7 };

/* Candidates with these types, atoms and weights, bond length 2.8 Å. */
static void make(deepstruc_candidate *candidate, deepstruc_cluster *cluster, const deepstruc_type *type,
                 const size_t *n_atoms, const double *weight)
{
    for (size_t i = 0; i < N; i++) {
        cluster[i] = (deepstruc_cluster){.n_atoms = n_atoms[i], .type = type[i]};
        candidate[i] = (deepstruc_candidate){.cluster = &cluster[i], .fit = {.bond_length = 2.8}, .weight = weight[i]};
    }
}

/* Worked by hand: fcc (with an octahedron) has the mean weight (1 + 0.2) / 2 = 0.6, the four twins 0.8 / 4 = 0.2, the
 * decahedron 0.2; so fcc has 60 %, though twins have the larger sum. */
static void families_are_averaged_over_shapes(void **state)
{
    (void)state;
    static const deepstruc_type type[N] = {DEEPSTRUC_TYPE_FCC,  DEEPSTRUC_TYPE_TWIN, DEEPSTRUC_TYPE_OCTAHEDRON,
                                           DEEPSTRUC_TYPE_TWIN, DEEPSTRUC_TYPE_TWIN, DEEPSTRUC_TYPE_DECAHEDRON,
                                           DEEPSTRUC_TYPE_TWIN};
    static const size_t n_atoms[N] = {100, 100, 100, 100, 100, 100, 100};
    static const double weight[N] = {1, 0.4, 0.2, 0.2, 0.2, 0.2, 0};
    deepstruc_cluster cluster[N];
    deepstruc_candidate candidate[N];
    deepstruc_evidence e;
    deepstruc_diag diag;
    make(candidate, cluster, type, n_atoms, weight);
    assert_ok(evidence_gather(&e, candidate, N, &diag), diag);
    assert_int_equal(e.n_families, 3);
    assert_int_equal(e.family[0].type, DEEPSTRUC_TYPE_FCC);
    assert_close(e.family[0].probability, 0.6, 1e-12);
    assert_int_equal(e.family[0].n_shapes, 2);
    assert_close(e.family[1].probability, 0.2, 1e-12);
    assert_close(e.family[2].probability, 0.2, 1e-12);
    assert_close(e.faults, 1.0 / 3, 1e-12); /* 0.2 over 0.6 */
    static const deepstruc_type both[] = {DEEPSTRUC_TYPE_TWIN, DEEPSTRUC_TYPE_DECAHEDRON};
    assert_close(evidence_of(&e, both, 2), 0.4, 1e-12);
    assert_close(e.n_atoms.mean, 100, 1e-9);
    assert_close(e.n_atoms.high - e.n_atoms.low, 0, 1e-5); /* the root of a rounding error */
    /* 100 atoms of 2.8³/sqrt 2 Å³ */
    assert_close(e.diameter.mean, cbrt(6 * 100 * 2.8 * 2.8 * 2.8 / sqrt(2) / M_PI), 1e-9);
}

/* One family, so weights are shares: 80 atoms 1/4, 100 atoms 1/2, 120 atoms 1/4. */
static void sizes_are_a_distribution(void **state)
{
    (void)state;
    static const deepstruc_type type[N] = {DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_FCC,
                                           DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_FCC,
                                           DEEPSTRUC_TYPE_FCC};
    static const size_t n_atoms[N] = {100, 120, 80, 500, 500, 500, 500};
    static const double weight[N] = {1, 0.5, 0.5, 0, 0, 0, 0};
    deepstruc_cluster cluster[N];
    deepstruc_candidate candidate[N];
    deepstruc_evidence e;
    deepstruc_diag diag;
    make(candidate, cluster, type, n_atoms, weight);
    assert_ok(evidence_gather(&e, candidate, N, &diag), diag);
    assert_close(e.n_atoms.mean, 100, 1e-9);
    assert_close(e.n_atoms.low, 80, 1e-9); /* the 16 % point; one standard deviation is 14.1 */
    assert_close(e.n_atoms.high, 120, 1e-9);
    assert_true(isnan(e.faults)); /* no faulted shape was tried */
}

/* Data that are the sum of two curves, 3 of one and 1 of the other, and a third curve that is nearer than either. */
static void a_mixture_is_taken_apart(void **state)
{
    (void)state;
    enum { POINTS = 100, CURVES = 3 };
    double g[POINTS], weight[POINTS], curve[CURVES * POINTS];
    deepstruc_target target = {.n = POINTS, .rmin = 1.5, .rstep = 0.1, .g = g, .weight = weight};
    for (int i = 0; i < POINTS; i++) {
        double a = sin(0.3 * i), b = cos(0.17 * i);
        weight[i] = 1;
        curve[POINTS + i] = a;
        curve[2 * POINTS + i] = 2 * b; /* another scale */
        g[i] = 3 * a + 1 * b;
        curve[i] = g[i] + 0.5 * sin(1.1 * i);
    }
    deepstruc_cluster cluster[CURVES];
    deepstruc_candidate candidate[CURVES];
    for (size_t i = 0; i < CURVES; i++) {
        cluster[i] = (deepstruc_cluster){.n_atoms = 50 + 100 * i, .type = DEEPSTRUC_TYPE_FCC};
        candidate[i] = (deepstruc_candidate){.cluster = &cluster[i]};
    }
    deepstruc_mixture m;
    deepstruc_diag diag;
    assert_ok(mixture_find(&m, &target, curve, candidate, CURVES, &diag), diag);
    assert_int_equal(m.first, 1);
    assert_int_equal(m.second, 2);
    assert_close(m.rw, 0, 1e-6);
    assert_close(m.share, 0.5 / 3.5, 1e-9);
    assert_true(m.gain > 1000);
    assert_ok(mixture_find(&m, &target, curve, candidate, 1, &diag), diag); /* one alone mixes with nothing */
    assert_true(isnan(m.rw) && m.gain == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_are_averaged_over_shapes),
        cmocka_unit_test(sizes_are_a_distribution),
        cmocka_unit_test(a_mixture_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
