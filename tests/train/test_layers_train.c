/* Training of the model of stackings: stopping and resuming changes nothing, and its file answers PDFs. */
#include "trained.h"

#include <deepstruc/layers.h>

#include "propose/stackings.h"

static deepstruc_layers_training tiny(long steps)
{
    deepstruc_layers_training s = deepstruc_layers_training_default();
    s.steps = steps;
    s.batch = 4;
    s.trunk = s.decoder = s.last = 8;
    return s;
}

static void resuming_gives_the_same_weights(void **state)
{
    (void)state;
    char whole[64], parts[64];
    int asked = 0;
    deepstruc_progress progress = {.cancelled = stop_after_two, .user = &asked};
    deepstruc_diag diag;
    snprintf(whole, sizeof whole, "test_layers_a_%d.safetensors", (int)getpid());
    snprintf(parts, sizeof parts, "test_layers_b_%d.safetensors", (int)getpid());
    deepstruc_layers_training s = tiny(5);
    assert_ok(deepstruc_layers_train(whole, &s, false, NULL, &diag), diag);
    assert_ok(deepstruc_layers_train(parts, &s, false, &progress, &diag), diag); /* stops after two steps */
    s.resume = true;
    assert_ok(deepstruc_layers_train(parts, &s, false, NULL, &diag), diag);
    assert_same_numbers(whole, parts);
    remove_trained(whole);
    remove_trained(parts);
}

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_layers_training s = tiny(5);
    s.learning_rate = NAN;
    assert_int_equal(deepstruc_layers_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    s = tiny(5);
    s.batch = 3; /* not an even number */
    assert_int_equal(deepstruc_layers_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    s = tiny(5);
    s.resume = true; /* from nothing */
    assert_int_equal(deepstruc_layers_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_CANNOT_READ);
}

/* An untrained file answers, whatever it says; another kind of file is refused. */
static void a_model_answers(void **state)
{
    (void)state;
    char path[64];
    deepstruc_diag diag;
    stacking_reader *reader;
    stacking_answers *answers;
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    snprintf(path, sizeof path, "test_layers_c_%d.safetensors", (int)getpid());
    deepstruc_layers_training s = tiny(1);
    assert_ok(deepstruc_layers_train(path, &s, false, NULL, &diag), diag);
    assert_ok(stacking_reader_create(&reader, path, &diag), diag);
    remove_trained(path);
    deepstruc_recipe recipe = deepstruc_recipe_layers("ABCB", 4, 4);
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.72, "Pt", &diag), diag);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    const stacking_instrument instrument = {0.7, 25, 0};
    assert_ok(propose_stackings(&answers, reader, pdf, &instrument, 2, 1, &diag), diag);
    assert_true(answers->n_views >= 1 && answers->n <= 5 * answers->n_views);
    for (size_t i = 0; i < answers->n; i++) {
        assert_true(answers->answer[i].cluster->n_atoms >= 5);
        assert_true(answers->answer[i].log_probability <= 0);
    }
    stacking_answers_destroy(answers);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    stacking_reader_destroy(reader);
    assert_int_equal(stacking_reader_create(&reader, DEEPSTRUC_SOURCE_DIR "/models/default.safetensors", &diag),
                     DEEPSTRUC_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resuming_gives_the_same_weights),
        cmocka_unit_test(wrong_settings_are_refused),
        cmocka_unit_test(a_model_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
