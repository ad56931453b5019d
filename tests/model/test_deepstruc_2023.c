/* The float build against PyTorch in double. Twenty layers round to 6e-8 each over sums of up to 2,800 terms: 1e-4 of a
 * gradient's norm leaves a factor of ten. */
#include "golden.h"

static void repaired(void **state)
{
    (void)state;
    golden_compare(deepstruc_2023_repaired(), "repaired", 1e-4);
}

static void published(void **state)
{
    (void)state;
    golden_compare(deepstruc_2023_published(), "published", 1e-4);
}

static void same_start_from_the_same_seed(void **state)
{
    (void)state;
    deepstruc_2023_settings settings = deepstruc_2023_repaired();
    deepstruc_2023 *one, *two, *other;
    assert_int_equal(deepstruc_2023_create(&one, &settings, 3, 1, 0, 0, false, NULL), DEEPSTRUC_OK);
    assert_int_equal(deepstruc_2023_create(&two, &settings, 3, 1, 0, 0, false, NULL), DEEPSTRUC_OK);
    assert_int_equal(deepstruc_2023_create(&other, &settings, 4, 1, 0, 0, false, NULL), DEEPSTRUC_OK);
    assert_memory_equal(one->params.value, two->params.value, one->params.n_values * sizeof(real));
    assert_memory_not_equal(one->params.value, other->params.value, one->params.n_values * sizeof(real));
    deepstruc_2023_destroy(one);
    deepstruc_2023_destroy(two);
    deepstruc_2023_destroy(other);
}

int main(void)
{
    if (!runs_here())
        return 77;
    const struct CMUnitTest tests[] = {cmocka_unit_test(repaired), cmocka_unit_test(published),
                                       cmocka_unit_test(same_start_from_the_same_seed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
