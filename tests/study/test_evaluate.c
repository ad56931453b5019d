/* The shipped model on a few structures of each protocol: the promises of its card, at a size a test can afford. */
#include "support.h"

#include <deepstruc/evaluate.h>

#define MODEL DEEPSTRUC_SOURCE_DIR "/models/default.safetensors"

static deepstruc_evaluation evaluate(const char *protocol, long limit)
{
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_evaluation result;
    deepstruc_diag diag;
    settings.protocol = protocol;
    settings.model = MODEL;
    settings.limit = limit;
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
    settings.model = "no-such-file.safetensors";
    assert_int_equal(deepstruc_evaluate(&result, &settings, NULL, &diag), DEEPSTRUC_CANNOT_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_pdfs_give_their_structures),
        cmocka_unit_test(measured_pdfs_are_scored),
        cmocka_unit_test(unknown_protocols_and_missing_models_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
