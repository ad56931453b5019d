#include "support.h"

#include "base/eigen.h"
#include "base/random.h"

static void a_matrix_of_known_values(void **state)
{
    (void)state;
    /* 2 1 / 1 2: 1 along (1, -1), 3 along (1, 1); and a third axis that is none of their business */
    double a[9] = {2, 1, 0, 1, 2, 0, 0, 0, 7}, v[9];
    eigen_symmetric(a, v, 3);
    for (int k = 0; k < 3; k++) {
        double value = a[4 * k];
        assert_true(fabs(value - 1) < 1e-14 || fabs(value - 3) < 1e-14 || fabs(value - 7) < 1e-14);
        if (fabs(value - 3) < 1e-14)
            assert_close(v[k], v[3 + k], 1e-14);
        if (fabs(value - 1) < 1e-14)
            assert_close(v[k], -v[3 + k], 1e-14);
    }
    assert_close(a[0] + a[4] + a[8], 11, 1e-13);
}

/* A v = lambda v, and the vectors are orthonormal: for random matrices of every size that is used, and equal values. */
static void random_matrices_are_taken_apart(void **state)
{
    (void)state;
    random_stream random;
    random_seed(&random, 5, 0);
    for (int n = 1; n <= 6; n++) {
        double whole[36], a[36], v[36];
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                whole[i * n + j] = whole[j * n + i] = n == 5 ? (i == j ? 2 : 0) : random_normal(&random);
        memcpy(a, whole, sizeof a);
        eigen_symmetric(a, v, n);
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++) {
                double image = 0, dot = 0;
                for (int j = 0; j < n; j++) {
                    image += whole[i * n + j] * v[j * n + k];
                    dot += v[j * n + i] * v[j * n + k];
                }
                assert_close(image, a[k * n + k] * v[i * n + k], 1e-12);
                assert_close(dot, i == k, 1e-13);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matrix_of_known_values),
        cmocka_unit_test(random_matrices_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
