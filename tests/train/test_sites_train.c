/* The default model's training: it learns, and stopping and resuming changes nothing. */
#include "trained.h"

#include <deepstruc/sites.h>

static deepstruc_sites_training tiny(long steps)
{
    deepstruc_sites_training s = deepstruc_sites_training_default();
    s.steps = steps;
    s.batch = 8;
    s.latent = 3;
    s.trunk = 16;
    s.decoder = 16;
    s.last = 8;
    s.max_atoms = 40;
    return s;
}

static void resuming_and_calibrating_give_the_same_weights(void **state)
{
    (void)state;
    char whole[64], parts[64];
    int asked = 0;
    deepstruc_progress progress = {.cancelled = stop_after_two, .user = &asked};
    deepstruc_diag diag;
    snprintf(whole, sizeof whole, "test_train_a_%d.safetensors", (int)getpid());
    snprintf(parts, sizeof parts, "test_train_b_%d.safetensors", (int)getpid());
    deepstruc_sites_training s = tiny(5);
    assert_ok(deepstruc_sites_train(whole, &s, false, NULL, &diag), diag);
    assert_ok(deepstruc_sites_train(parts, &s, false, &progress, &diag), diag); /* stops after two steps */
    s.resume = true;
    assert_ok(deepstruc_sites_train(parts, &s, false, NULL, &diag), diag);
    assert_same_numbers(whole, parts);
    /* Calibrated anew, from the same weights and samples, it is the same file. */
    size_t n_a, n_b;
    char *a = read_trained(whole, &n_a);
    s.calibrate = true;
    s.resume = false;
    s.latent = 5; /* the file knows its own widths */
    assert_ok(deepstruc_sites_train(whole, &s, true, NULL, &diag), diag);
    char *b = read_trained(whole, &n_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
    remove_trained(whole);
    remove_trained(parts);
}

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_sites_training s = tiny(5);
    s.learning_rate = NAN;
    assert_int_equal(deepstruc_sites_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    s = tiny(5);
    s.batch = 9; /* not a multiple of 4 */
    assert_int_equal(deepstruc_sites_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_BAD_ARGUMENT);
    s = tiny(5);
    s.resume = true;
    assert_int_equal(deepstruc_sites_train("nowhere.safetensors", &s, false, NULL, &diag), DEEPSTRUC_CANNOT_READ);
    assert_int_equal(access("nowhere.safetensors", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resuming_and_calibrating_give_the_same_weights),
        cmocka_unit_test(wrong_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
