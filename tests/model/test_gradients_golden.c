/* The double build against PyTorch in double: 1e-7 of a gradient's norm; the file keeps nine digits. */
#include "golden.h"

static void repaired(void **state)
{
    (void)state;
    golden_compare(deepstruc_2023_repaired(), "repaired", 1e-7);
}

static void published(void **state)
{
    (void)state;
    golden_compare(deepstruc_2023_published(), "published", 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(repaired), cmocka_unit_test(published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
