/* When a header counts as contradicted: the data end at another Q than it says, and no slow wave explains that. */
#include "support.h"

#include <deepstruc/solve.h>

/* Whether data of a small octahedron from `qmin`, whose header says `told`, contradict that. */
static bool contradicted(double qmin, double told)
{
    deepstruc_recipe recipe = deepstruc_recipe_octahedron(5, 0);
    deepstruc_pdf_settings simulate = deepstruc_pdf_settings_default();
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_solution *solution;
    deepstruc_diag diag;
    simulate.qmin = qmin;
    simulate.rmax = 30;
    simulate.rstep = 0.05;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Pt", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &simulate, DEEPSTRUC_MODE_EXACT, &diag), diag);
    pdf->qmin = told;
    pdf->qmax = simulate.qmax;
    settings.catalogue = "paper";
    settings.refine.qdamp = 0;
    assert_ok(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), diag);
    bool flagged = strstr(solution->verdict.flags, "header-contradicted") != NULL;
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return flagged;
}

static void data_that_begin_behind_the_header_contradict_it(void **state)
{
    (void)state;
    assert_true(contradicted(1.6, 0.9));
}

/* What corrections leave behind fills F below the Qmin of the measurement. */
static void data_that_begin_before_the_header_do_not(void **state)
{
    (void)state;
    assert_false(contradicted(0.9, 1.6));
    assert_false(contradicted(0.9, 0.9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_that_begin_behind_the_header_contradict_it),
        cmocka_unit_test(data_that_begin_before_the_header_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
