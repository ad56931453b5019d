/* Particles that are larger than the fit range: the pairs beyond it count. */
#include "support.h"

#include <deepstruc/refine.h>

static double rw_of(const deepstruc_target *target, const deepstruc_cluster *cluster)
{
    deepstruc_refiner *refiner = NULL;
    deepstruc_fit fit;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    assert_ok(deepstruc_refine(refiner, cluster, 1, &fit, NULL, &diag), diag);
    deepstruc_refiner_destroy(refiner);
    return fit.rw;
}

/* The low Q that is missing makes of an end of the pairs at 22 Å ripples below 20 Å, which no measurement has. */
static void test_large_particle(void **state)
{
    (void)state;
    const deepstruc_recipe recipe = deepstruc_recipe_icosahedron(7); /* 923 atoms, 34 Å from corner to corner */
    deepstruc_pdf_settings measured = deepstruc_pdf_settings_default();
    measured.qmin = 1, measured.rmax = 40, measured.rstep = 0.05;
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = measured.qmin, settings.qmax = measured.qmax, settings.qdamp = 0;
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Au", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &measured, DEEPSTRUC_MODE_EXACT, &diag), diag);
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    double before = target->reach, rw = rw_of(target, cluster);
    assert_true(before > 20 && before < 30 && rw > 0.05);
    assert_ok(deepstruc_target_raise_reach(target, 10, &diag), diag); /* less than it is: nothing happens */
    assert_close(target->reach, before, 0);
    assert_ok(deepstruc_target_raise_reach(target, 36, &diag), diag);
    assert_true(target->reach >= 36 && target->reach < 36.2);
    assert_true(rw_of(target, cluster) < 0.01); /* what remains is the two grids in Q */
    double reach = target->reach;
    assert_int_equal(deepstruc_target_raise_reach(target, 2000, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_close(target->reach, reach, 0);
    assert_true(rw_of(target, cluster) < 0.01);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_large_particle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
