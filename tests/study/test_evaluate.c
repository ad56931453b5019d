/* The shipped model on a few structures of each protocol: the promises of its card, at a size a test can afford. */
#include "support.h"

#include <deepstruc/evaluate.h>

#include "study/score.h"

#define MODEL DEEPSTRUC_SOURCE_DIR "/models/default.safetensors"

static deepstruc_evaluation evaluate(const char *protocol, long limit)
{
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation result;
    deepstruc_diag diag;
    settings.protocol = protocol;
    settings.model = MODEL;
    settings.limit = limit;
    settings.methods = "default-model";
    settings.samples = 50;
    assert_ok(deepstruc_evaluate(&result, &settings, NULL, &diag), diag);
    assert_int_equal(result.n, limit);
    assert_int_equal(result.n_rows, 1);
    return result;
}

static void clean_pdfs_give_their_structures(void **state)
{
    (void)state;
    deepstruc_evaluation e = evaluate("paper", 8);
    const deepstruc_evaluation_row *row = &e.row[0];
    /* At 95 % per structure, one or none of eight fails with probability 0.94; two wrong would be news. */
    assert_true(row->exact_count >= 7 / 8.0);
    assert_true(row->family_top1 >= 7 / 8.0);
    assert_true(row->strict_mae.median < 0.1);
    assert_true(row->valid >= 0.95);
}

static void measured_pdfs_are_scored(void **state)
{
    (void)state;
    deepstruc_evaluation e = evaluate("measured", 4);
    assert_true(e.row[0].rw.median > 0 && e.row[0].rw.median < 1);
    assert_true(e.row[0].strict_mae.mean >= 0 && e.row[0].strict_mae.mean < 4);
    char *text = deepstruc_evaluation_json(&e);
    assert_non_null(text);
    assert_non_null(strstr(text, "\"default-model\""));
    assert_non_null(strstr(text, "\"strict_mae\""));
    assert_null(strstr(text, "nan"));
    free(text);
}

/* No case may be among what the methods know, and a search cannot answer exactly. */
static void held_out_shapes_are_not_in_the_catalogue(void **state)
{
    (void)state;
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation e;
    deepstruc_diag diag;
    settings.protocol = "shapes";
    settings.methods = "nearest,library";
    settings.limit = 1;
    assert_ok(deepstruc_evaluate(&e, &settings, NULL, &diag), diag);
    assert_int_equal(e.n_rows, 2);
    for (size_t row = 0; row < 2; row++) {
        assert_true(e.row[row].recovered == 0);
        assert_true(e.row[row].strict_mae.mean > 0.05);
        assert_true(isnan(e.row[row].coverage_68)); /* points have no intervals */
        assert_true(e.row[row].count_crps.mean >= 0);
    }
}

static void large_clusters_are_scored_by_type_and_size(void **state)
{
    (void)state;
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation e;
    deepstruc_diag diag;
    settings.protocol = "large";
    settings.model = MODEL;
    settings.methods = "default-model";
    settings.limit = 3;
    assert_ok(deepstruc_evaluate(&e, &settings, NULL, &diag), diag);
    assert_true(isnan(e.row[0].strict_mae.mean));
    assert_in_range((long)(100 * e.row[0].diameter_within_10pct), 0, 100);
    assert_true(e.row[0].diameter_within_10pct >= e.row[0].diameter_within_5pct);
}

/* The model of stackings on sequences that it never saw: family and nearly the count; and no row without its file. */
static void stackings_have_a_model_of_their_own(void **state)
{
    (void)state;
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation e;
    deepstruc_diag diag;
    settings.protocol = "stacking";
    settings.stackings = DEEPSTRUC_SOURCE_DIR "/models/stacking.safetensors";
    settings.methods = "stacking-model";
    settings.limit = 4;
    assert_ok(deepstruc_evaluate(&e, &settings, NULL, &diag), diag);
    /* 96 % of the families and 90 % of the counts within 5 % on all 128: three of four are all but sure. */
    assert_true(e.row[0].family_top1 >= 3 / 4.0);
    assert_true(e.row[0].diameter_within_10pct >= 3 / 4.0);
    assert_true(e.row[0].strict_mae.median < 0.5); /* of all 0.00; trained on real sequences alone 0.65 */
    settings.protocol = "large";
    settings.limit = 1;
    assert_ok(deepstruc_evaluate(&e, &settings, NULL, &diag), diag);
    assert_non_null(strstr(e.row[0].missing, "close-packed layers only"));
}

static deepstruc_cluster *decahedron(int q)
{
    deepstruc_recipe recipe = deepstruc_recipe_decahedron(2, q, 1);
    deepstruc_cluster *made = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&made, &recipe, 2.88, "Au", &diag), diag);
    return made;
}

static test_score score_of(const test_case *t, deepstruc_cluster *found)
{
    study_answer answer = {.cluster = found, .expansion = 1, .n_atoms = (double)found->n_atoms};
    test_score score;
    deepstruc_diag diag;
    answer.type[answer.n_types++] = found->type;
    assert_ok(study_score(t, &answer, true, &score, &diag), diag);
    return score;
}

/* A PDF that is not of what is called its truth: only the structure that it is of beats that. */
static void some_answers_fit_better_than_the_truth(void **state)
{
    (void)state;
    deepstruc_cluster *seen = decahedron(2), *called = decahedron(3), *same = decahedron(3), *far = decahedron(6);
    test_case t = {.truth = called, .qmin = 0.7, .qmax = 25, .qdamp = 0.03};
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_simulate(&t.pdf, seen, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    for (size_t i = 0; i < 3 * same->n_atoms; i += 3) { /* seen from the other side */
        same->xyz[i] *= -1;
        same->xyz[i + 1] *= -1;
    }
    assert_true(score_of(&t, seen).outfits_truth == 1);
    assert_true(score_of(&t, same).outfits_truth == 0);
    assert_true(score_of(&t, far).outfits_truth == 0);
    deepstruc_pdf_destroy(t.pdf);
    deepstruc_cluster_destroy(seen);
    deepstruc_cluster_destroy(called);
    deepstruc_cluster_destroy(same);
    deepstruc_cluster_destroy(far);
}

/* A normal distribution's score against its own mean is sd (sqrt(2) - 1) / sqrt(pi), that of a point the distance; by
 * quadrature of (F(x) - step)² elsewhere. */
static void the_score_of_a_distribution(void **state)
{
    (void)state;
    assert_close(study_crps(3, 2, 3), 2 * (sqrt(2) - 1) / sqrt(M_PI), 1e-12);
    assert_close(study_crps(3, 0, 4.5), 1.5, 0);
    double sum = 0, step = 1e-4;
    for (double x = -12 + step / 2; x < 12; x += step) {
        double below = erfc(-x / sqrt(2)) / 2 - (x > 0.7);
        sum += below * below * step;
    }
    assert_close(study_crps(0, 1, 0.7), sum, 1e-7); /* the midpoint rule's error at the step in x */
}

static void unknown_protocols_and_missing_models_are_refused(void **state)
{
    (void)state;
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation result;
    deepstruc_diag diag;
    settings.model = MODEL;
    settings.protocol = "no such";
    assert_int_equal(deepstruc_evaluate(&result, &settings, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings.protocol = "paper";
    settings.methods = "nearest,no such";
    assert_int_equal(deepstruc_evaluate(&result, &settings, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    settings.methods = NULL;
    settings.model = "no-such-file.safetensors";
    assert_int_equal(deepstruc_evaluate(&result, &settings, NULL, &diag), DEEPSTRUC_CANNOT_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_pdfs_give_their_structures),
        cmocka_unit_test(measured_pdfs_are_scored),
        cmocka_unit_test(held_out_shapes_are_not_in_the_catalogue),
        cmocka_unit_test(large_clusters_are_scored_by_type_and_size),
        cmocka_unit_test(stackings_have_a_model_of_their_own),
        cmocka_unit_test(some_answers_fit_better_than_the_truth),
        cmocka_unit_test(the_score_of_a_distribution),
        cmocka_unit_test(unknown_protocols_and_missing_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
