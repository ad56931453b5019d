/* The tree baseline: what it sees of a PDF, a classifier small enough to grow in a test, and what it refuses. */
#include "support.h"

#include <deepstruc/tree.h>

#include "base/file.h"
#include "base/random.h"
#include "propose/tree.h"
#include "propose/tree_features.h"

static deepstruc_pdf *simulated(const deepstruc_recipe *recipe, double bond, double qdamp)
{
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.qdamp = qdamp;
    settings.rstep = 0.05;
    assert_ok(deepstruc_cluster_build(&cluster, recipe, bond, "X", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    deepstruc_cluster_destroy(cluster);
    return pdf;
}

static double see(float *x, const deepstruc_recipe *recipe, double bond, double qdamp)
{
    deepstruc_pdf *pdf = simulated(recipe, bond, qdamp);
    fine_pdf fine = {0};
    double peak = 0;
    deepstruc_diag diag;
    assert_ok(generate_fine(&fine, pdf, 25, &diag), diag);
    assert_true(tree_features(x, &peak, &fine, 0.7, 25, qdamp));
    free(fine.g);
    deepstruc_pdf_destroy(pdf);
    return peak;
}

static void the_unit_is_the_first_peak(void **state)
{
    (void)state;
    float x[TREE_FEATURES];
    deepstruc_recipe recipe = deepstruc_recipe_octahedron(5, 1);
    /* The cut of the Q range moves the maximum a little: 1 % is a tenth of a shell's distance from the next. */
    assert_close(see(x, &recipe, 2.8, 0), 2.8, 0.028);
    assert_close(x[TREE_FEATURES - 3], 0.7 * 2.8, 0.02);
    assert_close(x[TREE_FEATURES - 2], 25 * 2.8, 0.7);
    /* The place nearest to r = peak is 0.6 + 11 * 0.0365 = 1.0015: the peak's own height. */
    assert_close(x[11], 1, 0.01);
    assert_true(isnan(x[TREE_POINTS - 1])); /* 11.5 * 2.8 Å lies beyond the data */
}

/* The damping of the instrument is undone: up to the interpolation, and the first peak's shift by the damping's slope.
 */
static void damping_is_undone(void **state)
{
    (void)state;
    float x[TREE_FEATURES], damped[TREE_FEATURES];
    deepstruc_recipe recipe = deepstruc_recipe_decahedron(3, 2, 0);
    see(x, &recipe, 2.7, 0);
    see(damped, &recipe, 2.7, 0.04);
    for (int i = 0; i < TREE_POINTS; i++)
        if (!isnan(x[i]) && !isnan(damped[i]))
            assert_close(damped[i], x[i], 0.02);
}

/* XGBoost itself crashes at some damaged files, and answers from others as if they were whole: it gets none of them. */
static void damage_is_noticed(const char *path)
{
    enum { TRIES = 40 };
    char *bytes, damaged[] = "test_tree_damaged.ubj";
    size_t size;
    deepstruc_diag diag;
    random_stream random;
    random_seed(&random, 1, 1);
    assert_ok(file_read(&bytes, &size, path, (size_t)1 << 30, &diag), diag);
    for (int i = 0; i < TRIES; i++) {
        tree_model *model = NULL;
        size_t at = (size_t)random_uniform(&random, 0, (double)size);
        char bit = (char)(1 << i % 8);
        bytes[at] ^= bit;
        assert_ok(file_write(damaged, bytes, i % 2 ? size : at, true, &diag), diag);
        bytes[at] ^= bit;
        assert_int_equal(tree_load(&model, damaged, NULL, &diag), DEEPSTRUC_BAD_INPUT);
        assert_non_null(strstr(diag.message, "damaged"));
        assert_null(model);
    }
    unlink(damaged);
    free(bytes);
}

/* Few PDFs per shape and few rounds: right about the type of what looks like nothing else. */
static void a_small_classifier_names_shapes(void **state)
{
    (void)state;
    char path[] = "/tmp/deepstruc-tree-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    deepstruc_tree_training settings = deepstruc_tree_training_default();
    deepstruc_diag diag;
    tree_model *model;
    settings.per_shape = 6;
    settings.rounds = 3;
    settings.columns = 0.2;
    assert_int_equal(deepstruc_tree_train(path, &settings, false, NULL, &diag), DEEPSTRUC_EXISTS);
    assert_ok(deepstruc_tree_train(path, &settings, true, NULL, &diag), diag);
    assert_ok(tree_load(&model, path, NULL, &diag), diag);
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(4);
    deepstruc_pdf *pdf = simulated(&recipe, 2.7, 0);
    tree_guess guess[197];
    assert_ok(tree_classify(model, pdf, 0.7, 25, 0, guess, 197, &diag), diag);
    double sum = 0;
    for (int i = 0; i < 197; i++) {
        sum += guess[i].probability;
        assert_true(i == 0 || guess[i].probability <= guess[i - 1].probability);
    }
    assert_close(sum, 1, 1e-4); /* float probabilities */
    assert_int_equal(tree_shapes(model)->entry[guess[0].shape].recipe.type, DEEPSTRUC_TYPE_ICOSAHEDRON);

    damage_is_noticed(path);

    pdf->n_points = 30; /* 0 to 1.5 Å */
    assert_int_equal(tree_classify(model, pdf, 0.7, 25, 0, guess, 1, &diag), DEEPSTRUC_BAD_INPUT);
    deepstruc_pdf_destroy(pdf);
    tree_destroy(model);
    unlink(path);
}

static void files_of_something_else_are_refused(void **state)
{
    (void)state;
    tree_model *model = NULL;
    deepstruc_diag diag;
    assert_int_equal(tree_load(&model, DEEPSTRUC_SOURCE_DIR "/README.md", NULL, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "train --arch tree"));
    assert_int_equal(tree_load(&model, "no-such-file.ubj", NULL, &diag), DEEPSTRUC_CANNOT_READ);
    assert_null(model);
}

int main(void)
{
    if (!deepstruc_tree_available()) {
        print_message("skipped: XGBoost is not installed\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_unit_is_the_first_peak),
        cmocka_unit_test(damping_is_undone),
        cmocka_unit_test(a_small_classifier_names_shapes),
        cmocka_unit_test(files_of_something_else_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
