/* What large particles tell of an instrument that nobody describes. */
#include "support.h"

#include <math.h>

#include <deepstruc/solve.h>

#include "solve/damping.h"

static const double TRUE_QDAMP = 0.05;

typedef struct {
    deepstruc_pdf *pdf;
    deepstruc_target *target;
    candidate_pool pool;
    deepstruc_solve_settings settings;
} bench;

static deepstruc_cluster *truncated(int length, double bond)
{
    const deepstruc_recipe recipe = deepstruc_recipe_octahedron(length, length / 3);
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, bond, "Pt", &diag), diag);
    return cluster;
}

/* Data of a truncated octahedron, fitted by itself and by its next smaller and larger one. */
static bench set_up(int length, double noise)
{
    bench b = {.settings = deepstruc_solve_settings_default()};
    deepstruc_pdf_settings as = deepstruc_pdf_settings_default();
    const bond_range bonds = {2.6, 2.95};
    deepstruc_cluster *truth = truncated(length, 2.77);
    deepstruc_diag diag;
    as.qdamp = TRUE_QDAMP;
    as.rstep = 0.05;
    as.rmax = 40;
    assert_ok(deepstruc_pdf_simulate(&b.pdf, truth, &as, DEEPSTRUC_MODE_EXACT, &diag), diag);
    for (size_t i = 0; i < b.pdf->n_points; i++) /* a wave that no cluster makes */
        b.pdf->g[i] += noise * sin(21.3 * b.pdf->r[i] + 3 * sin(b.pdf->r[i]));
    b.pdf->qdamp = NAN;
    assert_ok(deepstruc_target_create(&b.target, b.pdf, &b.settings.refine, &diag), diag);
    for (int other = length - 1; other <= length + 1; other++)
        assert_ok(pool_add(&b.pool, truncated(other, 1), "library", &diag), diag);
    assert_ok(pool_fit(&b.pool, 0, &bonds, b.target, 1, NULL, "fit", &diag), diag);
    deepstruc_cluster_destroy(truth);
    return b;
}

static void tear_down(bench *b)
{
    pool_clear(&b->pool);
    deepstruc_target_destroy(b->target);
    deepstruc_pdf_destroy(b->pdf);
}

static damping find(bench *b)
{
    damping found;
    deepstruc_diag diag;
    assert_ok(damping_find(&found, &b->pool, b->pdf, b->target, &b->settings, 2, NULL, &diag), diag);
    return found;
}

static void a_large_particle_tells(void **state)
{
    (void)state;
    bench b = set_up(11, 0);
    deepstruc_diag diag = {0};
    damping found = find(&b);
    assert_true(found.told);
    assert_close(found.qdamp, TRUE_QDAMP, 0.001); /* what resampling and the ripple of qmin leave */
    assert_true(found.esd >= 0.005 && found.esd < 0.02);
    size_t before = b.target->assumed.n;
    assert_ok(damping_note(&found, b.target), diag);
    assert_int_equal(b.target->assumed.n, before + 1);
    assert_non_null(strstr(b.target->assumed.text[before], "qdamp=0.050"));
    b.pdf->qdamp = 0.03; /* a header says so */
    assert_false(find(&b).told);
    b.pdf->qdamp = NAN;
    b.settings.refine.qdamp = 0.03; /* the user does */
    assert_false(find(&b).told);
    b.settings.refine.qdamp = NAN;
    assert_true(find(&b).told);
    b.settings.max_atoms = (long)b.pool.entry[0].cluster->n_atoms; /* may be larger */
    assert_false(find(&b).told);
    tear_down(&b);
}

static void a_small_one_does_not(void **state)
{
    (void)state;
    bench b = set_up(5, 0.3);
    damping found = find(&b);
    assert_true(b.pool.entry[0].fit.rw > 0.03);
    assert_false(found.told);
    assert_close(found.qdamp, 0.03, 0); /* what was assumed */
    tear_down(&b);
}

static void unless_nothing_else_is_in_its_data(void **state)
{
    (void)state;
    bench b = set_up(5, 0);
    damping found = find(&b);
    assert_true(found.told);
    assert_close(found.qdamp, TRUE_QDAMP, 0.005); /* over 12 Å it hardly matters */
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_large_particle_tells), cmocka_unit_test(a_small_one_does_not),
                                       cmocka_unit_test(unless_nothing_else_is_in_its_data)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
