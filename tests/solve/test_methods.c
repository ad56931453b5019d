/* Which methods take part: a baseline that cannot read the data never costs the others' answer, unless it was asked. */
#include "support.h"

#include <deepstruc/solve.h>
#include <deepstruc/tree.h>

#define MODEL DEEPSTRUC_SOURCE_DIR "/models/default.safetensors"
#define TREE DEEPSTRUC_SOURCE_DIR "/models/tree.ubj"

/* G(r) of a small octahedron from `start` to `end`. */
static deepstruc_pdf *pdf_between(double start, double end)
{
    deepstruc_recipe recipe = deepstruc_recipe_octahedron(4, 0);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    settings.rmin = start;
    settings.rmax = end;
    settings.rstep = 0.05;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Pt", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    deepstruc_cluster_destroy(cluster);
    return pdf;
}

static deepstruc_solve_settings paper_search(void)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    settings.catalogue = "paper";
    settings.refine.qmin = 0.7;
    settings.refine.qmax = 25;
    settings.refine.qdamp = 0;
    settings.tree = TREE;
    return settings;
}

static bool says(const deepstruc_solution *solution, const char *what)
{
    for (size_t i = 0; i < solution->target->assumed.n; i++)
        if (strstr(solution->target->assumed.text[i], what))
            return true;
    return false;
}

static void trees_name_the_shape(void **state)
{
    (void)state;
    if (!deepstruc_tree_available())
        skip();
    deepstruc_solve_settings settings = paper_search();
    deepstruc_pdf *pdf = pdf_between(0, 20);
    deepstruc_solution *solution;
    deepstruc_diag diag;
    settings.methods = "tree";
    assert_ok(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), diag);
    assert_string_equal(solution->candidate[0].method, "tree");
    assert_int_equal(solution->candidate[0].cluster->n_atoms, 44); /* the octahedron itself */
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
}

static void data_the_trees_cannot_read_are_solved_without_them(void **state)
{
    (void)state;
    deepstruc_solve_settings settings = paper_search();
    deepstruc_pdf *pdf = pdf_between(2.5, 20);
    deepstruc_solution *solution;
    deepstruc_diag diag;
    settings.refine.fit_rmin = 2.5;
    assert_ok(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), diag);
    assert_true(says(solution, "method tree left out"));
    assert_int_equal(solution->candidate[0].cluster->n_atoms, 44);
    deepstruc_solution_destroy(solution);
    settings.methods = "library,tree"; /* asked for by name: then it is an error */
    deepstruc_status status = deepstruc_solve(&solution, pdf, &settings, NULL, &diag);
    assert_int_equal(status, deepstruc_tree_available() ? DEEPSTRUC_BAD_INPUT : DEEPSTRUC_UNAVAILABLE);
    deepstruc_pdf_destroy(pdf);
}

/* Data that end before two bond lengths. */
static void data_the_model_cannot_read_are_solved_without_it(void **state)
{
    (void)state;
    deepstruc_solve_settings settings = paper_search();
    deepstruc_pdf *pdf = pdf_between(1.5, 5);
    deepstruc_solution *solution;
    deepstruc_diag diag;
    settings.model = MODEL;
    assert_ok(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), diag);
    assert_true(says(solution, "method generate left out"));
    deepstruc_solution_destroy(solution);
    settings.methods = "library,generate";
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), DEEPSTRUC_BAD_INPUT);
    deepstruc_pdf_destroy(pdf);
}

static void count_report(void *user, const char *stage, double fraction)
{
    (void)stage, (void)fraction;
    ++*(int *)user;
}

/* The trees' file is a damaged model of any kind. */
static void damaged_models_are_refused_before_the_search(void **state)
{
    (void)state;
    int n_reports = 0;
    const deepstruc_progress progress = {.report = count_report, .user = &n_reports};
    deepstruc_solve_settings settings = paper_search();
    deepstruc_pdf *pdf = pdf_between(0, 20);
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag;
    settings.model = TREE;
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, &progress, &diag), DEEPSTRUC_BAD_INPUT);
    assert_string_equal(diag.file, TREE);
    settings.model = NULL;
    settings.plain = TREE;
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, &progress, &diag), DEEPSTRUC_BAD_INPUT);
    if (deepstruc_tree_available()) {
        settings.plain = NULL;
        settings.tree = MODEL;
        assert_int_equal(deepstruc_solve(&solution, pdf, &settings, &progress, &diag), DEEPSTRUC_BAD_INPUT);
        assert_string_equal(diag.file, MODEL);
    }
    assert_int_equal(n_reports, 0);
    assert_null(solution);
    deepstruc_pdf_destroy(pdf);
}

static void methods_without_their_file_are_refused_by_name(void **state)
{
    (void)state;
    deepstruc_solve_settings settings = paper_search();
    deepstruc_pdf *pdf = pdf_between(0, 20);
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag;
    settings.tree = NULL;
    settings.methods = "tree";
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), DEEPSTRUC_UNAVAILABLE);
    settings.methods = "plain-cvae";
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), DEEPSTRUC_UNAVAILABLE);
    settings.methods = "oracle";
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_non_null(strstr(diag.message, "plain-cvae"));
    settings.methods = "climb";
    assert_int_equal(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_non_null(strstr(diag.message, "besides"));
    assert_null(solution);
    deepstruc_pdf_destroy(pdf);
}

/* An octahedron of 19 atoms less one: no method but climbing knows it. */
static void atoms_are_found_by_climbing(void **state)
{
    (void)state;
    const deepstruc_recipe recipe = deepstruc_recipe_octahedron(3, 0);
    const deepstruc_pdf_settings measured = deepstruc_pdf_settings_default();
    deepstruc_solve_settings settings = paper_search();
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.8, "Au", &diag), diag);
    assert_int_equal(cluster->n_atoms, 19);
    cluster->n_atoms = 18;
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &measured, DEEPSTRUC_MODE_EXACT, &diag), diag);
    settings.tree = NULL;
    settings.methods = "library,climb";
    settings.refine.qdamp = 0;
    assert_ok(deepstruc_solve(&solution, pdf, &settings, NULL, &diag), diag);
    assert_string_equal(solution->candidate[0].method, "climb");
    assert_int_equal(solution->candidate[0].cluster->n_atoms, 18);
    assert_true(solution->candidate[0].fit.rw < 0.01); /* the grids in Q */
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_name_the_shape),
        cmocka_unit_test(data_the_trees_cannot_read_are_solved_without_them),
        cmocka_unit_test(data_the_model_cannot_read_are_solved_without_it),
        cmocka_unit_test(damaged_models_are_refused_before_the_search),
        cmocka_unit_test(methods_without_their_file_are_refused_by_name),
        cmocka_unit_test(atoms_are_found_by_climbing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
