/* The default model's training: it learns, and stopping and resuming changes nothing. */
#include "support.h"

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

static void remove_all(const char *path)
{
    const char *endings[] = {"", ".checkpoint", ".csv"};
    for (int i = 0; i < 3; i++) {
        char full[256];
        snprintf(full, sizeof full, "%s%s", path, endings[i]);
        unlink(full);
    }
}

static size_t read_all(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(out, 1, size, file);
    fclose(file);
    return n;
}

static bool stop_at_once(void *user)
{
    return ++*(int *)user >= 2;
}

static void resuming_and_calibrating_give_the_same_weights(void **state)
{
    (void)state;
    enum { MOST = 4 << 20 };
    char whole[64], parts[64], *a = malloc(MOST), *b = malloc(MOST);
    int asked = 0;
    deepstruc_progress progress = {.cancelled = stop_at_once, .user = &asked};
    deepstruc_diag diag;
    snprintf(whole, sizeof whole, "test_train_a_%d.safetensors", (int)getpid());
    snprintf(parts, sizeof parts, "test_train_b_%d.safetensors", (int)getpid());
    deepstruc_sites_training s = tiny(5);
    assert_ok(deepstruc_sites_train(whole, &s, false, NULL, &diag), diag);
    assert_ok(deepstruc_sites_train(parts, &s, false, &progress, &diag), diag); /* stops after two steps */
    s.resume = true;
    assert_ok(deepstruc_sites_train(parts, &s, false, NULL, &diag), diag);
    /* The files differ in the hours of their facts only: compare the numbers behind the headers. */
    size_t n_a = read_all(whole, a, MOST), n_b = read_all(parts, b, MOST);
    uint64_t header_a, header_b;
    memcpy(&header_a, a, 8);
    memcpy(&header_b, b, 8);
    assert_int_equal(n_a - header_a, n_b - header_b);
    assert_memory_equal(a + 8 + header_a, b + 8 + header_b, n_a - 8 - header_a);
    /* Calibrated anew, from the same weights and samples, it is the same file. */
    s.calibrate = true;
    s.resume = false;
    s.latent = 5; /* the file knows its own widths */
    assert_ok(deepstruc_sites_train(whole, &s, true, NULL, &diag), diag);
    assert_int_equal(read_all(whole, b, MOST), n_a);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
    remove_all(whole);
    remove_all(parts);
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
