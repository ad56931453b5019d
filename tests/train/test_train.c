/* Training on a handful of small structures with a network made narrow by an architecture file: it learns, stops,
 * resumes bit for bit, gives the same bytes for 1 and 2 threads, and refuses what it should. */
#include "support.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/random.h"
#include "dataset/set.h"
#include "model/deepstruc_2023_file.h"

#include "train/fresh_2023.h"

#include <deepstruc/train.h>

enum { N = 10, POINTS = 260 };

static char folder[64], arch[96], wide[96];

static const char *in_folder(const char *name)
{
    static char paths[4][128];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/deepstruc-train-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(arch, sizeof arch, "%s/arch.json", folder);
    FILE *file = fopen(arch, "w");
    fputs("{\"name\": \"deepstruc-2023\", \"points\": 60, \"rows\": 8, \"divisor\": 16}", file);
    int failed = fclose(file);
    snprintf(wide, sizeof wide, "%s/wide.json", folder);
    file = fopen(wide, "w");
    fputs("{\"name\": \"deepstruc-2023\", \"points\": 60, \"rows\": 8}", file);
    return failed | fclose(file);
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* Rows of 3 to 6 atoms whose PDF is a bump at the bond length, another at twice of it. */
static deepstruc_dataset *example(void)
{
    deepstruc_dataset *set;
    size_t n_atoms = 0;
    for (size_t i = 0; i < N; i++)
        n_atoms += 3 + i % 4;
    assert_int_equal(dataset_allocate(&set, N, n_atoms, POINTS, NULL), DEEPSTRUC_OK);
    strcpy(set->protocol, "test");
    set->rstep = 0.01;
    n_atoms = 0;
    for (size_t i = 0; i < N; i++) {
        double bond = 2.1 + 0.03 * (double)i;
        set->item[i] = (dataset_item){.name = "row",
                                      .n_atoms = 3 + i % 4,
                                      .first_atom = n_atoms,
                                      .bond_length = bond,
                                      .split = i < 8 ? DEEPSTRUC_TRAINING : DEEPSTRUC_VALIDATION};
        for (size_t a = 0; a < set->item[i].n_atoms; a++)
            set->xyz[3 * (n_atoms + a)] = bond * (double)a;
        for (size_t k = 0; k < POINTS; k++)
            set->pdf[i * POINTS + k] = (float)exp(-pow((0.01 * (double)k - bond) / 0.1, 2) * (double)(3 + i % 4));
        n_atoms += set->item[i].n_atoms;
    }
    assert_int_equal(dataset_make_graphs(set, NULL), DEEPSTRUC_OK);
    return set;
}

static deepstruc_train_settings quick(void)
{
    deepstruc_train_settings settings = deepstruc_train_settings_default();
    settings.arch = arch;
    settings.epochs = 6;
    settings.batch = 3;
    settings.threads = 1;
    return settings;
}

static void assert_same_file(const char *a, const char *b)
{
    char command[300];
    snprintf(command, sizeof command, "cmp %s %s", a, b);
    assert_int_equal(system(command), 0);
}

static void it_learns(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_train_result first, last;
    deepstruc_diag diag;
    settings.epochs = 1;
    assert_ok(deepstruc_train(set, in_folder("one"), false, &settings, NULL, &first, &diag), diag);
    settings.epochs = 40;
    assert_ok(deepstruc_train(set, in_folder("forty"), false, &settings, NULL, &last, &diag), diag);
    assert_true(last.finished && last.epochs == 40 && last.steps == 40 * 3);
    assert_true(last.loss < 0.5 * first.loss);
    assert_int_equal(deepstruc_train(set, in_folder("one"), false, &settings, NULL, &last, &diag), DEEPSTRUC_EXISTS);
    deepstruc_2023 *model;
    deepstruc_2023_scale scale;
    assert_ok(deepstruc_2023_load(&model, &scale, in_folder("forty"), 1, &diag), diag);
    assert_int_equal(model->settings.n_points, 60);
    assert_close(scale.extent[0], 2.1 * 5 + 0.09 * 7, 1); /* six atoms in a row */
    deepstruc_2023_destroy(model);
    deepstruc_dataset_destroy(set);
}

/* Cancels after a number of questions; they come once per step. */
static bool after_some(void *user)
{
    int *left = user;
    return (*left)-- <= 0;
}

static void stopping_and_resuming_changes_no_bit(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_train_result result;
    deepstruc_diag diag;
    assert_ok(deepstruc_train(set, in_folder("whole"), true, &settings, NULL, &result, &diag), diag);
    for (int stop = 2; stop < 12; stop += 5) { /* within an epoch and between two */
        int left = stop;
        deepstruc_progress progress = {.cancelled = after_some, .user = &left};
        settings.resume = false;
        assert_ok(deepstruc_train(set, in_folder("parts"), true, &settings, &progress, &result, &diag), diag);
        assert_false(result.finished);
        settings.resume = true;
        assert_ok(deepstruc_train(set, in_folder("parts"), false, &settings, NULL, &result, &diag), diag);
        assert_true(result.finished);
        assert_same_file(in_folder("whole"), in_folder("parts"));
    }
    deepstruc_dataset_destroy(set);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_diag diag;
    settings.epochs = 1;
    settings.batch = 8;
    settings.arch = wide; /* as wide as published: narrower layers are not shared out to threads */
    assert_ok(deepstruc_train(set, in_folder("one-thread"), true, &settings, NULL, NULL, &diag), diag);
    settings.threads = 2;
    assert_ok(deepstruc_train(set, in_folder("two-threads"), true, &settings, NULL, NULL, &diag), diag);
    assert_same_file(in_folder("one-thread"), in_folder("two-threads"));
    deepstruc_dataset_destroy(set);
}

static void a_killed_training_leaves_a_checkpoint(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_diag diag;
    assert_ok(deepstruc_train(set, in_folder("calm"), true, &settings, NULL, NULL, &diag), diag);
    settings.checkpoint_every_s = 0; /* after every step: a kill falls into the writing */
    for (int trial = 0; trial < 3; trial++) {
        pid_t child = fork();
        if (child == 0) {
            deepstruc_train(set, in_folder("killed"), true, &settings, NULL, NULL, NULL);
            _exit(0);
        }
        while (access(in_folder("killed.checkpoint"), R_OK) != 0)
            usleep(1000);
        usleep(7000 * (unsigned)(trial + 1));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        deepstruc_train_settings resumed = quick();
        resumed.resume = true;
        assert_ok(deepstruc_train(set, in_folder("killed"), false, &resumed, NULL, NULL, &diag), diag);
        assert_same_file(in_folder("calm"), in_folder("killed"));
        unlink(in_folder("killed.checkpoint"));
    }
    deepstruc_dataset_destroy(set);
}

static void numbers_that_are_not_finite_stop_it(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_diag diag;
    settings.epochs = 2;
    assert_ok(deepstruc_train(set, in_folder("broken"), true, &settings, NULL, NULL, &diag), diag);
    settings.epochs = 50;
    settings.learning_rate = 1;
    settings.checkpoint_every_s = 0;
    set->pdf[POINTS + 230] = 3e38f; /* what no reader lets through */
    set->pdf[POINTS + 231] = INFINITY;
    assert_int_equal(deepstruc_train(set, in_folder("broken"), true, &settings, NULL, NULL, &diag), DEEPSTRUC_NUMERIC);
    assert_non_null(strstr(diag.message, "no longer finite in epoch 1"));
    assert_non_null(strstr(diag.message, "--learning-rate"));
    safetensors *file;
    assert_ok(safetensors_read(&file, in_folder("broken.checkpoint"), &diag), diag); /* its numbers are finite */
    safetensors_destroy(file);
    deepstruc_dataset_destroy(set);
}

static void fresh_samples_resume_and_share_out_alike(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_train_result result;
    deepstruc_diag diag;
    settings.epochs = 2;
    settings.fresh = true;
    assert_ok(deepstruc_train(set, in_folder("fresh"), true, &settings, NULL, &result, &diag), diag);
    int left = 4;
    deepstruc_progress progress = {.cancelled = after_some, .user = &left};
    settings.threads = 2;
    assert_ok(deepstruc_train(set, in_folder("again"), true, &settings, &progress, &result, &diag), diag);
    settings.resume = true;
    assert_ok(deepstruc_train(set, in_folder("again"), false, &settings, NULL, &result, &diag), diag);
    assert_same_file(in_folder("fresh"), in_folder("again"));
    deepstruc_dataset_destroy(set);
}

static void fresh_structures_are_drawn_within_their_ranges(void **state)
{
    (void)state;
    enum { DRAWN = 40, FRESH_POINTS = 600 };
    const double pair[] = {0, 0, 0, 2.5, 0, 0};
    fresh_2023 *fresh;
    deepstruc_diag diag;
    assert_ok(fresh_2023_create(&fresh, 2, 0.01, FRESH_POINTS, DRAWN, 1, &diag), diag);
    fresh_structure structure[DRAWN];
    static float pdf[DRAWN * FRESH_POINTS], again[DRAWN * FRESH_POINTS];
    for (size_t k = 0; k < DRAWN; k++)
        structure[k] = (fresh_structure){pair, 2, 2.5, 0};
    assert_ok(fresh_2023_draw(fresh, structure, pdf, DRAWN, 3, 100, &diag), diag);
    double least = 10, most = 0;
    for (size_t k = 0; k < DRAWN; k++) {
        double bond = 2.5 * structure[k].unit;
        size_t top = 0;
        for (size_t i = 0; i < FRESH_POINTS; i++)
            top = pdf[k * FRESH_POINTS + i] > pdf[k * FRESH_POINTS + top] ? i : top;
        assert_close(2 + 0.01 * (double)top, bond,
                     0.1); /* the peak stands where the atoms do; qmin and noise move it */
        least = fmin(least, bond);
        most = fmax(most, bond);
    }
    assert_true(least >= FRESH_BOND_MIN && least < FRESH_BOND_MIN + 0.3);
    assert_true(most <= FRESH_BOND_MAX && most > FRESH_BOND_MAX - 0.3);
    assert_ok(fresh_2023_draw(fresh, structure + 5, again, 3, 3, 105, &diag), diag); /* by number, not by batch */
    for (size_t i = 0; i < 3 * FRESH_POINTS; i++)
        assert_close(again[i], pdf[5 * FRESH_POINTS + i], 1e-5); /* products of other sizes round otherwise */
    fresh_2023_destroy(fresh);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    deepstruc_dataset *set = example();
    deepstruc_train_settings settings = quick();
    deepstruc_diag diag;
    settings.epochs = 1;
    assert_ok(deepstruc_train(set, in_folder("fit"), true, &settings, NULL, NULL, &diag), diag);
    settings.resume = true;
    settings.batch = 2;
    assert_int_equal(deepstruc_train(set, in_folder("fit"), true, &settings, NULL, NULL, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "other settings"));
    settings.resume = false;
    settings.arch = "deepstruc-2023"; /* 2800 points */
    assert_int_equal(deepstruc_train(set, in_folder("fit"), true, &settings, NULL, NULL, &diag), DEEPSTRUC_BAD_INPUT);
    settings.arch = "deepstruc-1923";
    assert_int_equal(deepstruc_train(set, in_folder("fit"), true, &settings, NULL, NULL, &diag),
                     DEEPSTRUC_BAD_ARGUMENT);
    settings = quick();
    settings.learning_rate = NAN;
    assert_int_equal(deepstruc_train(set, in_folder("fit"), true, &settings, NULL, NULL, &diag),
                     DEEPSTRUC_BAD_ARGUMENT);
    deepstruc_dataset_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_learns),
                                       cmocka_unit_test(stopping_and_resuming_changes_no_bit),
                                       cmocka_unit_test(threads_change_no_bit),
                                       cmocka_unit_test(a_killed_training_leaves_a_checkpoint),
                                       cmocka_unit_test(numbers_that_are_not_finite_stop_it),
                                       cmocka_unit_test(fresh_samples_resume_and_share_out_alike),
                                       cmocka_unit_test(fresh_structures_are_drawn_within_their_ranges),
                                       cmocka_unit_test(what_does_not_fit_is_refused)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
