/* The default model's training: it learns, and stopping and resuming changes nothing. */
#include "trained.h"

#include <deepstruc/sites.h>

#include "nn/safetensors.h"

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

/* The numbers of a file's tensor; wants safetensors_destroy of *file. */
static const safetensors_tensor *tensor_of(const char *path, const char *name, safetensors **file)
{
    deepstruc_diag diag;
    assert_ok(safetensors_read(file, path, &diag), diag);
    const safetensors_tensor *tensor = safetensors_find(*file, name);
    assert_non_null(tensor);
    return tensor;
}

/* One step of next to no size: what was begun with is still there, whatever widths and seed are asked for. */
static void a_start_gives_its_weights(void **state)
{
    (void)state;
    char first[64], second[64];
    deepstruc_diag diag;
    snprintf(first, sizeof first, "test_train_c_%d.safetensors", (int)getpid());
    snprintf(second, sizeof second, "test_train_d_%d.safetensors", (int)getpid());
    deepstruc_sites_training s = tiny(2);
    assert_ok(deepstruc_sites_train(first, &s, false, NULL, &diag), diag);
    s = tiny(1);
    s.start = first;
    s.seed = 7;
    s.trunk = 24;
    s.learning_rate = 1e-8;
    assert_ok(deepstruc_sites_train(second, &s, false, NULL, &diag), diag);
    const char *const names[] = {"trunk.0.weight", "facts.bias", "map.packing.weight"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        safetensors *a, *b;
        const safetensors_tensor *from = tensor_of(first, names[k], &a), *to = tensor_of(second, names[k], &b);
        assert_int_equal(from->n, to->n);
        for (size_t i = 0; i < from->n; i++) /* a step of Adam is at most its rate */
            assert_close((double)to->value[i], (double)from->value[i], 1e-6);
        safetensors_destroy(a);
        safetensors_destroy(b);
    }
    s.start = "no-such-file.safetensors";
    assert_int_equal(deepstruc_sites_train(second, &s, true, NULL, &diag), DEEPSTRUC_CANNOT_READ);
    remove_trained(first);
    remove_trained(second);
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
        cmocka_unit_test(a_start_gives_its_weights),
        cmocka_unit_test(wrong_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
