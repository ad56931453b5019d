/* Every layer's backward against central differences of its forward, in double. The loss is a fixed random combination
 * of the outputs, so that every element of the Jacobian counts. */
#include "nn/gradient.h"

enum { N = 5, M = 4, M_OUT = 6, MAX = 64 };

typedef struct {
    nn_params params;
    nn_linear linear;
    nn_norm norm;
    real x[MAX], y[MAX], stats[MAX], dx[MAX], dy[MAX];
    real a[MAX], b[MAX], c[MAX], da[MAX], db[MAX], dc[MAX];
    int target[N];
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fill_normal(f->x, MAX, 1);
    fill_normal(f->dy, MAX, 2);
    fill_normal(f->a, MAX, 3);
    fill_normal(f->b, MAX, 4);
    fill_normal(f->c, MAX, 5);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    nn_params_free(&f->params);
    free(f);
    return 0;
}

static void allocate(fixture *f)
{
    assert_int_equal(nn_params_allocate(&f->params, true, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&f->params, 7);
    fill_normal(f->params.value, f->params.n_values, 8); /* no gain 1, no bias 0: nothing hides */
}

static double linear_loss(void *user)
{
    fixture *f = user;
    nn_linear_forward(&f->params, &f->linear, f->y, f->x, N);
    return dot(f->y, f->dy, N * M_OUT);
}

static void linear(void **state)
{
    fixture *f = *state;
    f->linear = nn_linear_declare(&f->params, "dense", M, M_OUT, NN_HE);
    allocate(f);
    nn_linear_backward(&f->params, &f->linear, f->dx, f->dy, f->x, N);
    check_gradient(linear_loss, f, f->x, f->dx, N * M, "x");
    check_parameter_gradients(linear_loss, f, &f->params);
}

static void parameter_gradients_add_up(void **state)
{
    fixture *f = *state;
    f->linear = nn_linear_declare(&f->params, "dense", M, M_OUT, NN_HE);
    allocate(f);
    nn_linear_backward(&f->params, &f->linear, NULL, f->dy, f->x, N);
    double once = (double)nn_gradient(&f->params, f->linear.weight)[3];
    nn_linear_backward(&f->params, &f->linear, NULL, f->dy, f->x, N);
    assert_close((double)nn_gradient(&f->params, f->linear.weight)[3], 2 * once, 1e-12);
    nn_params_zero_gradients(&f->params);
    assert_close((double)nn_gradient(&f->params, f->linear.weight)[3], 0, 0);
}

static double norm_loss(void *user)
{
    fixture *f = user;
    nn_norm_forward(&f->params, &f->norm, f->y, f->stats, f->x, N);
    return dot(f->y, f->dy, N * M);
}

static void norm(void **state)
{
    fixture *f = *state;
    f->norm = nn_norm_declare(&f->params, "norm", M);
    allocate(f);
    norm_loss(f);
    nn_norm_backward(&f->params, &f->norm, f->dx, f->dy, f->x, f->stats, N);
    check_gradient(norm_loss, f, f->x, f->dx, N * M, "x");
    check_parameter_gradients(norm_loss, f, &f->params);
}

#define ELEMENTWISE(NAME, FORWARD, BACKWARD)                                                                           \
    static double NAME##_loss(void *user)                                                                              \
    {                                                                                                                  \
        fixture *f = user;                                                                                             \
        FORWARD;                                                                                                       \
        return dot(f->y, f->dy, N * M);                                                                                \
    }                                                                                                                  \
    static void NAME(void **state)                                                                                     \
    {                                                                                                                  \
        fixture *f = *state;                                                                                           \
        NAME##_loss(f);                                                                                                \
        BACKWARD;                                                                                                      \
        check_gradient(NAME##_loss, f, f->x, f->dx, N *M, "x");                                                        \
    }

ELEMENTWISE(leaky_relu, nn_leaky_relu_forward(f->y, f->x, NN_LEAK, N *M),
            nn_leaky_relu_backward(f->dx, f->dy, f->y, NN_LEAK, N *M))
ELEMENTWISE(silu, nn_silu_forward(f->y, f->x, N *M), nn_silu_backward(f->dx, f->dy, f->x, N *M))
ELEMENTWISE(softplus, nn_softplus_forward(f->y, f->x, N *M), nn_softplus_backward(f->dx, f->dy, f->x, N *M))

static double gate_loss(void *user)
{
    fixture *f = user;
    nn_gate_forward(f->y, f->x, N, M);
    return dot(f->y, f->dy, N * M);
}

static void gate(void **state)
{
    fixture *f = *state;
    nn_gate_backward(f->dx, f->dy, f->x, N, M);
    check_gradient(gate_loss, f, f->x, f->dx, N * 2 * M, "u");
}

static double sample_loss(void *user)
{
    fixture *f = user;
    nn_sample_forward(f->y, f->x, f->a, f->b, (real)1.5, N);
    return dot(f->y, f->dy, N);
}

static void sample(void **state)
{
    fixture *f = *state;
    nn_sample_backward(f->dx, f->da, f->dy, f->a, f->b, (real)1.5, N);
    check_gradient(sample_loss, f, f->x, f->dx, N, "mean");
    check_gradient(sample_loss, f, f->a, f->da, N, "log_var");
}

static double kl_loss(void *user)
{
    fixture *f = user;
    return 0.3 * nn_kl_forward(f->x, f->a, f->b, f->c, N);
}

static void kl(void **state)
{
    fixture *f = *state;
    nn_kl_backward(f->dx, f->da, f->db, f->dc, f->x, f->a, f->b, f->c, 0.3, N);
    check_gradient(kl_loss, f, f->x, f->dx, N, "q_mean");
    check_gradient(kl_loss, f, f->a, f->da, N, "q_log_var");
    check_gradient(kl_loss, f, f->b, f->db, N, "p_mean");
    check_gradient(kl_loss, f, f->c, f->dc, N, "p_log_var");
}

static double mse_loss(void *user)
{
    fixture *f = user;
    return 0.7 * nn_mse_forward(f->x, f->a, f->b, N * M);
}

static void mse(void **state)
{
    fixture *f = *state;
    nn_mse_backward(f->dx, f->x, f->a, f->b, 0.7, N * M);
    check_gradient(mse_loss, f, f->x, f->dx, N * M, "y");
}

static double bce_loss(void *user)
{
    fixture *f = user;
    return 0.7 * nn_bce_forward(f->x, f->a, f->b, N * M);
}

static void bce(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < N * M; i++)
        f->a[i] = i % 3 == 0;
    nn_bce_backward(f->dx, f->x, f->a, f->b, 0.7, N * M);
    check_gradient(bce_loss, f, f->x, f->dx, N * M, "y");
}

static double cross_entropy_loss(void *user)
{
    fixture *f = user;
    return 0.7 * nn_cross_entropy_forward(f->x, f->target, f->b, N, M);
}

static void cross_entropy(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < N; i++)
        f->target[i] = i % M;
    f->target[2] = -1; /* this row does not count */
    nn_cross_entropy_backward(f->dx, f->x, f->target, f->b, 0.7, N, M);
    check_gradient(cross_entropy_loss, f, f->x, f->dx, N * M, "y");
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)
    const struct CMUnitTest tests[] = {TEST(linear), TEST(parameter_gradients_add_up),
                                       TEST(norm),   TEST(leaky_relu),
                                       TEST(silu),   TEST(softplus),
                                       TEST(gate),   TEST(sample),
                                       TEST(kl),     TEST(mse),
                                       TEST(bce),    TEST(cross_entropy)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
