/* qmin by fit: small angles in simulated PDFs, and headers that speak of small angles in others. */
#include "support.h"

#include <math.h>

#include <deepstruc/solve.h>

#include "solve/tune.h"

static deepstruc_cluster *icosahedron(int shells, double bond)
{
    const deepstruc_recipe recipe = deepstruc_recipe_icosahedron(shells);
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, bond, "Au", &diag), diag);
    return cluster;
}

/* What a file of `truth` says without a header, and with one that gives only qmin (NaN: not even that). */
static deepstruc_pdf *data_of(const deepstruc_cluster *truth, double qmin, double header)
{
    deepstruc_pdf_settings as = deepstruc_pdf_settings_default();
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    as.qmin = qmin;
    as.qmax = 22;
    as.qdamp = 0.03;
    as.rmax = 25;
    as.reach = 120; /* F(Q) in fine steps, as where nobody saved time */
    assert_ok(deepstruc_pdf_simulate(&pdf, truth, &as, DEEPSTRUC_MODE_EXACT, &diag), diag);
    pdf->qmin = header;
    pdf->qmax = pdf->qdamp = NAN;
    return pdf;
}

/* The target of a search among the published shapes, at the qmin that it begins with. */
static deepstruc_target *tuned(const deepstruc_pdf *pdf)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_refine_settings data = settings.refine;
    deepstruc_target *target;
    solve_plan plan;
    deepstruc_diag diag;
    settings.methods = "library";
    settings.catalogue = "paper";
    assert_ok(plan_make(&plan, &settings, "Au", &diag), diag);
    assert_ok(deepstruc_target_create(&target, pdf, &data, &diag), diag);
    assert_ok(tune_qmin(&target, &data, pdf, &plan, &diag), diag);
    plan_clear(&plan);
    return target;
}

static double tuned_qmin_of(double qmin, double header)
{
    deepstruc_cluster *truth = icosahedron(3, 2.8);
    deepstruc_pdf *pdf = data_of(truth, qmin, header);
    deepstruc_target *target = tuned(pdf);
    double found = target->qmin;
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(truth);
    return found;
}

static void small_angles_of_a_simulation_are_found(void **state)
{
    (void)state;
    assert_close(tuned_qmin_of(0.3, NAN), 0.3, 0.0126); /* a step in which qmin is tried */
}

/* Headers of measurements often say so; F(Q) begins later. */
static void a_header_alone_makes_no_small_angles(void **state)
{
    (void)state;
    assert_close(tuned_qmin_of(0.9, 0.1), 0.9, 0.03);
}

/* The best of a search say more than the catalogue did, where small angles are; elsewhere they are not asked. */
static void the_best_of_a_search_tell(void **state)
{
    (void)state;
    const bond_range bonds = {2.6, 3};
    const double taken[] = {0.35, 0.8}, truth[] = {0.3, 0.9};
    for (size_t i = 0; i < 2; i++) {
        deepstruc_cluster *cluster = icosahedron(4, 2.8);
        deepstruc_pdf *pdf = data_of(cluster, truth[i], NAN);
        deepstruc_refine_settings settings = deepstruc_refine_settings_default();
        deepstruc_target *target;
        candidate_pool pool = {0};
        tuned_qmin found;
        deepstruc_diag diag;
        settings.qmin = taken[i];
        settings.qmax = 22;
        assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
        assert_ok(pool_add(&pool, icosahedron(4, 1), "library", &diag), diag);
        assert_ok(pool_fit(&pool, 0, &bonds, target, 1, NULL, "fit", &diag), diag);
        assert_ok(tune_qmin_by_pool(&found, &pool, target, &settings, pdf, &diag), diag);
        assert_int_equal(found.told, i == 0);
        assert_close(found.qmin, i == 0 ? truth[i] : taken[i], 0.0063);
        if (found.told) {
            size_t n = target->assumed.n;
            assert_ok(tuned_qmin_note(&found, target), diag);
            assert_non_null(strstr(target->assumed.text[n], "qmin=0.3: by fit"));
        }
        pool_clear(&pool);
        deepstruc_target_destroy(target);
        deepstruc_pdf_destroy(pdf);
        deepstruc_cluster_destroy(cluster);
    }
}

/* Of a structure that is given its own file tells, too. */
static void small_angles_are_found_for_a_given_structure(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = icosahedron(3, 2.8);
    deepstruc_pdf *pdf = data_of(cluster, 0.3, NAN);
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_solution *s;
    deepstruc_diag diag;
    const deepstruc_cluster *const given[] = {cluster};
    assert_ok(deepstruc_solve_given(&s, pdf, given, 1, &settings, &diag), diag);
    assert_close(s->target->qmin, 0.3, 0.0126);
    assert_true(s->candidate[0].fit.rw < 0.02); /* a step of qmin; at the usual qmin 0.3 */
    deepstruc_solution_destroy(s);
    settings.refine.qmin = 0.7; /* said */
    assert_ok(deepstruc_solve_given(&s, pdf, given, 1, &settings, &diag), diag);
    assert_close(s->target->qmin, 0.7, 0);
    assert_true(s->candidate[0].fit.rw > 0.1);
    deepstruc_solution_destroy(s);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_angles_of_a_simulation_are_found),
        cmocka_unit_test(a_header_alone_makes_no_small_angles),
        cmocka_unit_test(the_best_of_a_search_tell),
        cmocka_unit_test(small_angles_are_found_for_a_given_structure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
