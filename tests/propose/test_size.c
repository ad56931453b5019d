/* Sizes and correlated motion, read off simulated data. */
#include "support.h"

#include "propose/size.h"
#include "refine/refiner.h"

static const double DELTA2 = 4;

/* G(r) of a truncated octahedron of 201 atoms, to 30 Å. */
static deepstruc_pdf *measured(double delta2, deepstruc_cluster **cluster)
{
    deepstruc_recipe recipe = deepstruc_recipe_octahedron(7, 2);
    deepstruc_pdf_settings as = deepstruc_pdf_settings_default();
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    as.qmin = 0.9;
    as.biso = 0.6;
    as.delta2 = delta2;
    as.rstep = 0.05;
    assert_ok(deepstruc_cluster_build(cluster, &recipe, 2.77, "Pt", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, *cluster, &as, DEEPSTRUC_MODE_EXACT, &diag), diag);
    return pdf;
}

static deepstruc_target *target_of(const deepstruc_pdf *pdf, const char *refine, double fit_rmax)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    deepstruc_target *target;
    deepstruc_diag diag;
    settings.qmin = 0.9;
    settings.qmax = 25;
    settings.qdamp = 0;
    settings.refine = refine;
    settings.fit_rmax = fit_rmax;
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    return target;
}

static size_finding find(const deepstruc_pdf *pdf)
{
    const bond_range bond = {2.6, 2.95};
    deepstruc_target *whole = target_of(pdf, "delta2", 29);
    deepstruc_catalogue *paper;
    size_finding found;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&paper, &diag), diag);
    assert_ok(size_find(&found, paper, whole, &bond, 500, 2, NULL, &diag), diag);
    deepstruc_catalogue_destroy(paper);
    deepstruc_target_destroy(whole);
    return found;
}

static double rw(const deepstruc_target *target, const deepstruc_cluster *cluster)
{
    deepstruc_refiner *refiner;
    deepstruc_fit fit;
    deepstruc_diag diag;
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    assert_ok(deepstruc_refine(refiner, cluster, 1, &fit, NULL, &diag), diag);
    deepstruc_refiner_destroy(refiner);
    return fit.rw;
}

static void test_correlated_motion_is_found_and_taken_off(void **state)
{
    (void)state;
    deepstruc_cluster *truth;
    deepstruc_pdf *pdf = measured(DELTA2, &truth);
    size_finding found = find(pdf);
    deepstruc_target *target = target_of(pdf, NULL, 20);
    deepstruc_diag diag;
    assert_int_equal(truth->n_atoms, 201);
    assert_true(found.n_min < 201 && found.n_max > 201);
    assert_true(found.bond.low < 2.77 && found.bond.high > 2.77);
    assert_close(found.fit.term[0].value, DELTA2, 0.4); /* the nearest rung is not the shape itself */
    double before = rw(target, truth);
    assert_ok(size_still(target, &found, &diag), diag);
    double after = rw(target, truth);
    assert_true(before > 0.08 && after < before / 3); /* what is left is the rung's other coordination */
    deepstruc_target_destroy(target);
    size_clear(&found);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(truth);
}

static void test_data_without_it_stay_as_they_are(void **state)
{
    (void)state;
    deepstruc_cluster *truth;
    deepstruc_pdf *pdf = measured(0, &truth);
    size_finding found = find(pdf);
    deepstruc_target *target = target_of(pdf, NULL, 20), *still = target_of(pdf, NULL, 20);
    deepstruc_diag diag;
    double most = 0;
    assert_ok(size_still(still, &found, &diag), diag);
    for (size_t i = 0; i < target->n; i++)
        most = fmax(most, fabs(target->g[i]));
    for (size_t i = 0; i < target->n; i++)
        assert_close(still->g[i], target->g[i], 0.02 * most); /* what the nearest rung takes for motion */
    deepstruc_target_destroy(target);
    deepstruc_target_destroy(still);
    size_clear(&found);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(truth);
}

/* From the Biso of another fit on, the same curve as that of a whole fit. */
static void test_a_fit_is_followed(void **state)
{
    (void)state;
    deepstruc_cluster *truth;
    deepstruc_pdf *pdf = measured(0, &truth);
    deepstruc_target *target = target_of(pdf, NULL, 20);
    deepstruc_refiner *refiner;
    deepstruc_fit fit;
    deepstruc_diag diag;
    double *whole = calloc(2 * target->n, sizeof *whole), *followed = whole + target->n;
    assert_non_null(whole);
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    assert_ok(deepstruc_refine(refiner, truth, 1, &fit, whole, &diag), diag);
    assert_ok(refiner_follow(refiner, truth, 1.004, 0.45, 0.02, followed, &diag), diag);
    for (size_t i = 0; i < target->n; i++)
        assert_close(followed[i], whole[i], 2e-3); /* six steps, not all; max|G| is 3 */
    assert_ok(refiner_follow(refiner, truth, 1, 0.45, 0, followed, &diag), diag);
    double off = 0;
    for (size_t i = 0; i < target->n; i++)
        off = fmax(off, fabs(followed[i] - whole[i]));
    assert_true(off > 0.02); /* as it is */
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(truth);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_correlated_motion_is_found_and_taken_off),
                                       cmocka_unit_test(test_data_without_it_stay_as_they_are),
                                       cmocka_unit_test(test_a_fit_is_followed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
