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

typedef struct {
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_target *target;
} sample;

/* An icosahedron of 923 atoms, 34 Å from corner to corner, or of 55. */
static sample icosahedron(int shells, double rmax)
{
    const deepstruc_recipe recipe = deepstruc_recipe_icosahedron(shells);
    deepstruc_pdf_settings measured = deepstruc_pdf_settings_default();
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    sample s = {0};
    deepstruc_diag diag = {0};
    measured.qmin = 1, measured.rmax = rmax, measured.rstep = 0.05;
    settings.qmin = measured.qmin, settings.qmax = measured.qmax, settings.qdamp = 0;
    assert_ok(deepstruc_cluster_build(&s.cluster, &recipe, 2.8, "Au", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&s.pdf, s.cluster, &measured, DEEPSTRUC_MODE_EXACT, &diag), diag);
    assert_ok(deepstruc_target_create(&s.target, s.pdf, &settings, &diag), diag);
    return s;
}

static void release(sample *s)
{
    deepstruc_target_destroy(s->target);
    deepstruc_pdf_destroy(s->pdf);
    deepstruc_cluster_destroy(s->cluster);
}

/* The low Q that is missing makes of an end of the pairs at 22 Å ripples below 20 Å, which no measurement has. */
static void test_large_particle(void **state)
{
    (void)state;
    sample s = icosahedron(7, 40);
    deepstruc_target *target = s.target;
    deepstruc_diag diag = {0};
    double before = target->reach;
    assert_true(before > 36 && before < 39); /* a simulation of the data to 36 Å, where it need not be finer */
    assert_true(rw_of(target, s.cluster) < 0.01);
    assert_ok(deepstruc_target_set_reach(target, 10, &diag), diag);
    assert_true(target->reach > 20 && target->reach < 30); /* what reaches into the fit range */
    assert_true(rw_of(target, s.cluster) > 0.05);
    assert_ok(deepstruc_target_set_reach(target, 36, &diag), diag);
    assert_true(target->reach >= 36 && target->reach < 36.2);
    assert_true(rw_of(target, s.cluster) < 0.01); /* what remains is the two grids in Q */
    double reach = target->reach;
    assert_int_equal(deepstruc_target_set_reach(target, 2000, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_close(target->reach, reach, 0);
    assert_true(rw_of(target, s.cluster) < 0.01);
    release(&s);
}

/* The ripple of the cut at qmin repeats with the period of the grid in Q, which follows from how far data were made:
 * within the fit range it is the data's own. */
static void test_grid_of_the_data(void **state)
{
    (void)state;
    sample s = icosahedron(3, 30);
    deepstruc_target *target = s.target;
    deepstruc_diag diag = {0};
    assert_true(rw_of(target, s.cluster) < 0.003); /* 30 Å in steps of 0.1 and of 0.05 end up to 0.1 Å apart */
    assert_ok(deepstruc_target_set_reach(target, 0, &diag), diag);
    assert_true(rw_of(target, s.cluster) > 0.01);
    release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_large_particle), cmocka_unit_test(test_grid_of_the_data)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
