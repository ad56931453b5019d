/* The study from outside: a reproduction without any model says what is missing, goes on where it stopped and refuses
 * foreign folders; measurements made poorer. */
#include "support.h"

#include <sys/stat.h>

#include <deepstruc/reproduce.h>

#include "base/file.h"
#include "study/experiment.h"

static char *text_of(const char *dir, const char *name)
{
    char path[512], *text = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    deepstruc_diag diag;
    assert_ok(file_read(&text, &size, path, 1 << 24, &diag), diag);
    return text;
}

static void remove_tree(const char *dir)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    assert_int_equal(system(command), 0);
}

static void without_models_things_are_missing(void **state)
{
    (void)state;
    char dir[] = "/tmp/deepstruc-study-XXXXXX", part[512];
    deepstruc_reproduce_settings settings = deepstruc_reproduce_settings_default();
    deepstruc_diag diag;
    struct stat before, after;
    assert_non_null(mkdtemp(dir));
    settings.quick = true;
    assert_int_equal(deepstruc_reproduce(dir, &settings, false, NULL, &diag), DEEPSTRUC_EXISTS);
    remove_tree(dir);
    assert_ok(deepstruc_reproduce(dir, &settings, false, NULL, &diag), diag);

    char *table = text_of(dir, "table.md"), *json = text_of(dir, "table.json"),
         *types = text_of(dir, "data/types.json");
    assert_non_null(strstr(table, "| test split: MAE after the fit (Å) | 2 | 0.093 ± 0.058 |  | missing |"));
    assert_non_null(strstr(table, "Published measurements: missing"));
    assert_non_null(strstr(json, "\"ours\": \"missing\""));
    assert_non_null(strstr(types, "2014")); /* hcp structures of the paper */
    char *svg = text_of(dir, "types.svg"), *png = text_of(dir, "fig1b-pdfs.png");
    assert_non_null(strstr(svg, "<svg"));
    char *lattice = text_of(dir, "figS8-lattice-change.svg"); /* a chart of nothing */
    assert_non_null(strstr(lattice, "<svg"));
    assert_null(strstr(lattice, "nan"));
    free(lattice);
    assert_memory_equal(png, "\x89PNG", 4);
    free(table), free(json), free(types), free(svg), free(png);

    /* A finished part is left alone. */
    snprintf(part, sizeof part, "%s/data/paper.json", dir);
    assert_int_equal(stat(part, &before), 0);
    assert_ok(deepstruc_reproduce(dir, &settings, false, NULL, &diag), diag);
    assert_int_equal(stat(part, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    remove_tree(dir);
}

static void measurements_are_made_poorer(void **state)
{
    (void)state;
    need_shared();
    const experiment *e = &experiments[0];
    deepstruc_diag diag;
    deepstruc_pdf *pdf[EXPERIMENT_VARIANTS];
    for (int v = 0; v < EXPERIMENT_VARIANTS; v++)
        assert_ok(experiment_read(&pdf[v], e, SHARED_DIR "/data/experimental", (experiment_variant)v, &diag), diag);
    double end = pdf[EXPERIMENT_CUT]->r[pdf[EXPERIMENT_CUT]->n_points - 1];
    assert_true(end <= 12 && end > 11.9);
    double step = pdf[EXPERIMENT_THINNED]->r[1] - pdf[EXPERIMENT_THINNED]->r[0];
    assert_close(step, M_PI / 28, 0.01); /* the file's Qmax is 28; the data's edge is read within a few tenths */
    assert_true(isnan(pdf[EXPERIMENT_BARE]->qmax) && pdf[EXPERIMENT_BARE]->element[0] == '\0');
    assert_string_equal(pdf[EXPERIMENT_WHOLE]->element, "Au");
    for (int v = 0; v < EXPERIMENT_VARIANTS; v++)
        deepstruc_pdf_destroy(pdf[v]);
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    deepstruc_solve_settings solve;
    assert_false(experiment_settings(&solve, "generate", &settings)); /* no model */
    assert_true(experiment_settings(&solve, "library", &settings));
    assert_string_equal(solve.catalogue, "paper");
    assert_int_equal(experiment_read(&pdf[0], e, "/no/such/folder", EXPERIMENT_WHOLE, &diag), DEEPSTRUC_CANNOT_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_models_things_are_missing),
        cmocka_unit_test(measurements_are_made_poorer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
