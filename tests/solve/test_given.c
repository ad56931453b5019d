/* Structures that the caller brings. */
#include "support.h"

#include <deepstruc/solve.h>

/* Its pairs reach to 33 Å, the fit to 20: those beyond count too, or the structure would not fit its own PDF. */
static void test_a_large_structure_fits_its_own_pdf(void **state)
{
    (void)state;
    const deepstruc_recipe recipe = deepstruc_recipe_octahedron(10, 1);
    deepstruc_pdf_settings measured = deepstruc_pdf_settings_default();
    measured.qmin = 0.9, measured.rmax = 30, measured.rstep = 0.05;
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    settings.refine.qmin = measured.qmin, settings.refine.qmax = measured.qmax, settings.refine.qdamp = 0;
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_solution *solution;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Au", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &measured, DEEPSTRUC_MODE_EXACT, &diag), diag);
    const deepstruc_cluster *const given[] = {cluster};
    assert_ok(deepstruc_solve_given(&solution, pdf, given, 1, &settings, &diag), diag);
    assert_true(solution->candidate[0].fit.rw < 0.01); /* the two grids in Q; 0.02 without the far pairs */
    assert_string_equal(solution->candidate[0].method, "given");
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_large_structure_fits_its_own_pdf)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
