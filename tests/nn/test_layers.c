/* The float kernels: values worked out by hand, agreement of the matrix product with a plain loop, same bytes for any
 * number of threads. (Gradients are checked in double by test_gradients_layers.c.) */
#include "support.h"

#include <omp.h>

#include "base/random.h"
#include "nn/adam.h"
#include "nn/layers.h"

static float *normals(size_t n, uint64_t seed)
{
    float *x = malloc(n * sizeof *x);
    random_stream stream;
    random_seed(&stream, seed, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)random_normal(&stream);
    return x;
}

static void check_product(bool ta, bool tb, size_t m, size_t n, size_t k, float beta)
{
    float *a = normals(m * k, 1), *b = normals(k * n, 2), *c = normals(m * n, 3),
          *again = malloc(m * n * sizeof *again);
    memcpy(again, c, m * n * sizeof *c);
    double *wanted = calloc(m * n, sizeof *wanted);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = (double)beta * (double)c[i * n + j];
            for (size_t l = 0; l < k; l++)
                sum += (double)(ta ? a[l * m + i] : a[i * k + l]) * (double)(tb ? b[j * k + l] : b[l * n + j]);
            wanted[i * n + j] = sum;
        }
    omp_set_num_threads(1);
    blas_sgemm(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, beta, c, n);
    omp_set_num_threads(2);
    blas_sgemm(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, beta, again, n);
    assert_int_equal(omp_get_max_threads(), 2); /* the seam leaves the caller's setting alone */
    /* Each of k partial sums of size sqrt(k) is rounded to 6e-8 of it: k * 6e-8 at random, four times that for the
     * worst of 80,000 elements. */
    for (size_t i = 0; i < m * n; i++)
        assert_close((double)c[i], wanted[i], 2.4e-7 * (double)(k + 4));
    assert_memory_equal(c, again, m * n * sizeof *c);
    free(a), free(b), free(c), free(again), free(wanted);
}

static void products_agree_with_a_plain_loop(void **state)
{
    (void)state;
    for (int form = 0; form < 4; form++) {
        check_product(form & 1, form & 2, 3, 2, 4, 0);
        check_product(form & 1, form & 2, 500, 1100, 65, 1);
        check_product(form & 1, form & 2, 1, 513, 100, 0);
        check_product(form & 1, form & 2, 257, 1, 30, 0.5f);
    }
}

static void dense_layer_by_hand(void **state)
{
    (void)state;
    nn_params params = {0};
    nn_linear layer = nn_linear_declare(&params, "dense", 2, 3, NN_ZERO);
    assert_int_equal(nn_params_allocate(&params, false, NULL), DEEPSTRUC_OK);
    memcpy(nn_value(&params, layer.weight), (float[]){1, 2, 3, 4, 5, 6}, 6 * sizeof(float));
    memcpy(nn_value(&params, layer.bias), (float[]){0.5f, 0, -1}, 3 * sizeof(float));
    float y[3];
    nn_linear_forward(&params, &layer, y, (float[]){10, 1}, 1);
    assert_close(y[0], 12.5, 1e-6); /* 1*10 + 2*1 + 0.5 */
    assert_close(y[1], 34, 1e-6);
    assert_close(y[2], 55, 1e-6);
    assert_int_equal(nn_params_find(&params, "dense.bias"), layer.bias);
    assert_int_equal(nn_params_find(&params, "dense.nothing"), -1);
    nn_params_free(&params);
}

static void activations_by_hand(void **state)
{
    (void)state;
    float y[3];
    nn_leaky_relu_forward(y, (float[]){-2, 0, 3}, NN_LEAK, 3);
    assert_close(y[0], -0.02, 1e-8);
    assert_close(y[2], 3, 0);
    nn_silu_forward(y, (float[]){0, 1, -100}, 3);
    assert_close(y[0], 0, 0);
    assert_close(y[1], 0.7310585786, 1e-7);
    assert_close(y[2], 0, 1e-30);
    nn_softplus_forward(y, (float[]){0, 200, -200}, 3);
    assert_close(y[0], 0.6931471806, 1e-7);
    assert_close(y[1], 200, 0);
    assert_close(y[2], 0, 1e-30);
    nn_gate_forward(y, (float[]){8, 0}, 1, 1);
    assert_close(y[0], 4, 1e-6);
}

static void losses_by_hand(void **state)
{
    (void)state;
    assert_close(nn_mse_forward((float[]){1, 2}, (float[]){0, 4}, (float[]){1, 0.1f}, 2), (1 + 0.4) / 2, 1e-7);
    assert_close(nn_bce_forward((float[]){0, 300}, (float[]){1, 1}, NULL, 2), 0.6931471806 / 2, 1e-9);
    assert_close(nn_cross_entropy_forward((float[]){1, 1, 1, 1, 900, 0, 0, 0}, (int[]){2, 0}, NULL, 2, 4), log(4) / 2,
                 1e-9);
    float q[2] = {1, 0};
    assert_close(nn_kl_forward(&q[0], &q[1], NULL, NULL, 1), 0.5, 1e-12); /* shift 1, equal variances */
    assert_close(nn_kl_forward(&q[0], &q[1], &q[0], &q[1], 1), 0, 1e-12);
}

static void norm_has_mean_0_and_variance_1(void **state)
{
    (void)state;
    nn_params params = {0};
    nn_norm layer = nn_norm_declare(&params, "norm", 4);
    assert_int_equal(nn_params_allocate(&params, false, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&params, 0);
    float y[4], stats[2];
    nn_norm_forward(&params, &layer, y, stats, (float[]){1, 2, 3, 4}, 1);
    assert_close(y[0], -1.5 / sqrt(1.25 + 1e-5), 1e-6);
    assert_close(y[0] + y[1] + y[2] + y[3], 0, 1e-6);
    assert_close(stats[0], 2.5, 1e-6);
    nn_params_free(&params);
}

static void starts_have_their_spread(void **state)
{
    (void)state;
    nn_params params = {0};
    int he = nn_params_declare(&params, "he", 200, 50, NN_HE, 50);
    int uniform = nn_params_declare(&params, "uniform", 200, 50, NN_UNIFORM, 50);
    int glorot = nn_params_declare(&params, "glorot", 200, 100, NN_GLOROT, 100);
    assert_int_equal(nn_params_allocate(&params, false, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&params, 3);
    const double wanted[] = {2.0 / 50, 1.0 / 50 / 3, 6.0 / 300 / 3};
    for (int t = he; t <= glorot; t++) {
        double sum = 0;
        for (size_t i = 0; i < params.tensor[t].n; i++)
            sum += pow((double)nn_value(&params, t)[i], 2);
        assert_close(sum / (double)params.tensor[t].n / wanted[t], 1, 0.06); /* 4 standard errors of 10,000 normals */
    }
    float first = nn_value(&params, uniform)[0];
    nn_params_initialise(&params, 4);
    assert_true(nn_value(&params, uniform)[0] != first);
    nn_params_free(&params);
}

static void adam_first_steps_by_hand(void **state)
{
    (void)state;
    nn_params params = {0};
    int t = nn_params_declare(&params, "x", 2, 0, NN_ONE, 1);
    assert_int_equal(nn_params_allocate(&params, true, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&params, 0);
    nn_adam adam = nn_adam_default();
    nn_gradient(&params, t)[0] = 3;
    nn_gradient(&params, t)[1] = -4;
    assert_close(nn_adam_step(&adam, &params, 0.1, 1), 5, 1e-6); /* the norm */
    assert_close(nn_value(&params, t)[0], 0.9, 1e-6);            /* the first step is rate * sign */
    assert_close(nn_value(&params, t)[1], 1.1, 1e-6);
    assert_close(nn_gradient(&params, t)[0], 0, 0); /* cleared */
    nn_gradient(&params, t)[0] = NAN;
    adam.clip = 1;
    assert_false(isfinite(nn_adam_step(&adam, &params, 0.1, 2)));
    assert_close(nn_value(&params, t)[0], 0.9, 1e-6); /* not touched */
    nn_params_free(&params);
}

static void adam_finds_a_minimum_and_decays(void **state)
{
    (void)state;
    nn_params params = {0};
    int t = nn_params_declare(&params, "x", 1, 1, NN_ONE, 1);
    assert_int_equal(nn_params_allocate(&params, true, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&params, 0);
    nn_adam adam = nn_adam_default();
    for (long step = 1; step <= 2000; step++) { /* (x - 0.25)^2 */
        nn_gradient(&params, t)[0] = 2 * (nn_value(&params, t)[0] - 0.25f);
        nn_adam_step(&adam, &params, nn_cosine_rate(0.01, 0, step - 1, 0, 2000), step);
    }
    assert_close(nn_value(&params, t)[0], 0.25, 1e-3);
    adam.weight_decay = 0.5;
    nn_gradient(&params, t)[0] = 0;
    memset(params.moment1, 0, sizeof *params.moment1);
    float before = nn_value(&params, t)[0];
    nn_adam_step(&adam, &params, 0.1, 2001);
    assert_close(nn_value(&params, t)[0], 0.95 * before, 1e-6);
    nn_params_free(&params);
}

static void rates_rise_and_fall(void **state)
{
    (void)state;
    assert_close(nn_cosine_rate(1, 0, 0, 10, 110), 0.1, 1e-12);
    assert_close(nn_cosine_rate(1, 0, 10, 10, 110), 1, 1e-12);
    assert_close(nn_cosine_rate(1, 0.2, 60, 10, 110), 0.6, 1e-12);
    assert_close(nn_cosine_rate(1, 0.2, 500, 10, 110), 0.2, 1e-12);
}

static void workspace_counts_then_carves(void **state)
{
    (void)state;
    nn_workspace workspace = {0};
    assert_null(nn_carve(&workspace, 3, 5));
    assert_null(nn_carve_bytes(&workspace, 7, 1));
    assert_int_equal(nn_workspace_allocate(&workspace, NULL), DEEPSTRUC_OK);
    real *a = nn_carve(&workspace, 3, 5);
    unsigned char *b = nn_carve_bytes(&workspace, 7, 1);
    assert_int_equal((uintptr_t)a % 64, 0);
    assert_true((unsigned char *)(a + 15) <= b);
    nn_workspace_reset(&workspace);
    assert_ptr_equal(nn_carve(&workspace, 3, 5), a);
    nn_workspace_free(&workspace);
    nn_workspace huge = {0};
    nn_carve(&huge, SIZE_MAX / 4, 4);
    assert_int_equal(nn_workspace_allocate(&huge, NULL), DEEPSTRUC_NO_MEMORY);
}

int main(void)
{
    if (!runs_here())
        return 77;
    const struct CMUnitTest tests[] = {cmocka_unit_test(products_agree_with_a_plain_loop),
                                       cmocka_unit_test(dense_layer_by_hand),
                                       cmocka_unit_test(activations_by_hand),
                                       cmocka_unit_test(losses_by_hand),
                                       cmocka_unit_test(norm_has_mean_0_and_variance_1),
                                       cmocka_unit_test(starts_have_their_spread),
                                       cmocka_unit_test(adam_first_steps_by_hand),
                                       cmocka_unit_test(adam_finds_a_minimum_and_decays),
                                       cmocka_unit_test(rates_rise_and_fall),
                                       cmocka_unit_test(workspace_counts_then_carves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
