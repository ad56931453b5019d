/* Own structures behind a data set's, and a model fine-tuned on them. */
#include "support.h"

#include <deepstruc/train.h>

#include "dataset/set.h"
#include "model/deepstruc_2023_file.h"

static deepstruc_dataset *set_of(int first, int n)
{
    deepstruc_cluster *cluster[8];
    deepstruc_dataset *set;
    deepstruc_diag diag;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    for (int i = 0; i < n; i++) {
        deepstruc_recipe recipe = deepstruc_recipe_fcc(2, 2, first + i);
        assert_ok(deepstruc_cluster_build(&cluster[i], &recipe, 2.8, "Pt", &diag), diag);
    }
    assert_ok(
        deepstruc_dataset_of_clusters(&set, (const deepstruc_cluster *const *)cluster, (size_t)n, &settings, &diag),
        diag);
    for (int i = 0; i < n; i++)
        deepstruc_cluster_destroy(cluster[i]);
    return set;
}

static void own_structures_stand_behind(void **state)
{
    (void)state;
    deepstruc_dataset *one = set_of(3, 5), *more = set_of(4, 5), *alone = set_of(4, 5);
    size_t training =
        deepstruc_dataset_count(one, DEEPSTRUC_TRAINING) + deepstruc_dataset_count(more, DEEPSTRUC_TRAINING);
    deepstruc_diag diag;
    assert_ok(deepstruc_dataset_append(one, more, &diag), diag);
    assert_int_equal(deepstruc_dataset_size(one), 10);
    assert_int_equal(deepstruc_dataset_count(one, DEEPSTRUC_TRAINING), training);
    for (size_t i = 0; i < 5; i++) {
        const dataset_item *was = &alone->item[i], *now = &one->item[5 + i];
        assert_string_equal(now->name, was->name);
        assert_int_equal(now->split, was->split);
        assert_memory_equal(one->xyz + 3 * now->first_atom, alone->xyz + 3 * was->first_atom,
                            3 * was->n_atoms * sizeof(double));
        assert_memory_equal(one->pdf + (5 + i) * one->n_points, alone->pdf + i * one->n_points,
                            one->n_points * sizeof(float));
        assert_int_equal(now->graph->n_edges, was->graph->n_edges);
    }
    alone->rstep *= 2;
    assert_int_equal(deepstruc_dataset_append(one, alone, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(deepstruc_dataset_size(one), 10);
    deepstruc_dataset_destroy(one);
    deepstruc_dataset_destroy(more);
    deepstruc_dataset_destroy(alone);
}

/* One step at a vanishing rate: the weights are those begun with, not random ones, and so is the scale. */
static void fine_tuning_begins_where_the_model_ended(void **state)
{
    (void)state;
    char folder[] = "/tmp/deepstruc-start-XXXXXX", arch[64], first[64], second[64], command[128];
    assert_non_null(mkdtemp(folder));
    snprintf(arch, sizeof arch, "%s/small.json", folder);
    snprintf(first, sizeof first, "%s/first.safetensors", folder);
    snprintf(second, sizeof second, "%s/second.safetensors", folder);
    FILE *file = fopen(arch, "w");
    fputs("{\"name\": \"plain-cvae\", \"divisor\": 32}", file);
    fclose(file);
    deepstruc_dataset *small = set_of(3, 5), *large = set_of(6, 5);
    deepstruc_train_settings settings = deepstruc_train_settings_default();
    deepstruc_train_result result;
    deepstruc_diag diag;
    settings.arch = arch;
    settings.epochs = 1;
    settings.batch = 2;
    assert_ok(deepstruc_train(small, first, false, &settings, NULL, &result, &diag), diag);
    settings.arch = "deepstruc-2023"; /* the file's own is taken */
    settings.start = first;
    settings.seed = 99;
    settings.learning_rate = 1e-8;
    assert_ok(deepstruc_train(large, second, false, &settings, NULL, &result, &diag), diag);
    deepstruc_2023 *a, *b;
    deepstruc_2023_scale scale_a, scale_b;
    assert_ok(deepstruc_2023_load(&a, &scale_a, first, 1, &diag), diag);
    assert_ok(deepstruc_2023_load(&b, &scale_b, second, 1, &diag), diag);
    assert_int_equal(a->params.n_values, b->params.n_values);
    for (size_t i = 0; i < a->params.n_values; i++)
        assert_close(b->params.value[i], a->params.value[i], 1e-6); /* Adam's steps are at most about the rate */
    for (int d = 0; d < 3; d++)
        assert_close(scale_b.extent[d], scale_a.extent[d], 1e-12);
    deepstruc_2023_destroy(a);
    deepstruc_2023_destroy(b);
    settings.start = "no-such-file.safetensors";
    assert_int_equal(deepstruc_train(small, second, true, &settings, NULL, &result, &diag), DEEPSTRUC_CANNOT_READ);
    deepstruc_dataset_destroy(small);
    deepstruc_dataset_destroy(large);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_structures_stand_behind),
        cmocka_unit_test(fine_tuning_begins_where_the_model_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
