/* Groups: what the data can and cannot tell apart. */
#include "refine_support.h"

enum { N = 186 };

/* A target without an engine: groups look at curves only. */
static deepstruc_target *bare_target(void)
{
    deepstruc_target *target = calloc(1, sizeof *target);
    assert_non_null(target);
    *target = (deepstruc_target){.n = N, .rmin = 1.5, .rstep = 0.1, .qmin = 0.8, .qmax = 25};
    target->g = calloc(N, sizeof *target->g);
    target->weight = calloc(N, sizeof *target->weight);
    assert_true(target->g && target->weight);
    for (size_t i = 0; i < N; i++)
        target->weight[i] = 1;
    return target;
}

/* Adds a random curve with frequencies up to qmax and the given expected rms. */
static void add_curve(double *g, double rms, double qmax, random_stream *stream)
{
    double dq = M_PI / 50, n_q = floor(qmax / dq);
    for (double k = 1; k <= n_q; k++) {
        double f = random_normal(stream) * rms * sqrt(2 / n_q); /* the mean square of a sine is 1/2 */
        for (size_t i = 0; i < N; i++)
            g[i] += f * sin(k * dq * (1.5 + 0.1 * (double)i));
    }
}

static double misfit(const deepstruc_target *target, const double *curve)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        sum += (target->g[i] - curve[i]) * (target->g[i] - curve[i]);
    return sum;
}

static void test_clear_cases(void **state)
{
    (void)state;
    deepstruc_target *target = bare_target();
    random_stream stream;
    random_seed(&stream, 3, 0);
    double *curves = calloc(5 * N, sizeof *curves), weight[5];
    int group[5];
    add_curve(target->g, 1, 12, &stream);
    for (size_t c = 0; c < 4; c++)
        memcpy(curves + c * N, target->g, N * sizeof *curves);
    add_curve(curves, 0.1, 12, &stream);
    memcpy(curves + N, curves, N * sizeof *curves); /* the same curve twice */
    add_curve(curves + 2 * N, 0.4, 12, &stream);    /* four times as far off */
    add_curve(curves + 3 * N, 0.4, 12, &stream);    /* the same distance, elsewhere */
    for (size_t i = 0; i < N; i++) /* 1 % farther from the data than the first everywhere: too little to tell */
        curves[4 * N + i] = target->g[i] + 1.01 * (curves[i] - target->g[i]);
    deepstruc_diag diag;
    assert_ok(deepstruc_refine_groups(target, curves, 5, group, weight, &diag), diag);
    assert_int_equal(group[0], 1);
    assert_int_equal(group[1], 1);
    assert_int_equal(group[2], 2);
    assert_int_equal(group[3], 2);
    assert_int_equal(group[4], 1);
    assert_true(weight[0] == 1 && weight[1] == 1);
    /* A misfit 16 times as large: 16^-p, with p between 4 (a short correlated residual) and 12. */
    assert_true(weight[2] < pow(13, -4) && weight[2] > pow(19, -12));
    /* 1.01² to the power p: between 0.78 and 0.93. */
    assert_true(weight[4] > pow(1.0202, -12) && weight[4] < pow(1.02, -4));
    free(curves);
    deepstruc_target_destroy(target);
}

/* One of two models is the truth and noise of a tenth hides which; the other's curve is as far from it as the noise is
 * large. The truth is kept with the better in 95 % of cases at least, and often enough the other one is ruled out. */
static void test_the_truth_is_kept(void **state)
{
    (void)state;
    enum { TRIALS = 200 };
    int n_kept = 0, n_told = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        deepstruc_target *target = bare_target();
        random_stream stream;
        random_seed(&stream, 5, trial);
        double curves[2 * N], truth[N] = {0}, other[N] = {0};
        add_curve(truth, 1, 12, &stream);
        memcpy(other, truth, sizeof truth);
        add_curve(other, 0.08, 12, &stream);
        memcpy(target->g, truth, sizeof truth);
        add_curve(target->g, 0.1, 25, &stream);
        bool truth_first = misfit(target, truth) < misfit(target, other);
        memcpy(curves, truth_first ? truth : other, sizeof truth);
        memcpy(curves + N, truth_first ? other : truth, sizeof truth);
        int group[2];
        deepstruc_diag diag;
        assert_ok(deepstruc_refine_groups(target, curves, 2, group, NULL, &diag), diag);
        n_kept += truth_first || group[1] == 1;
        n_told += truth_first && group[1] == 2;
        deepstruc_target_destroy(target);
    }
    print_message("truth kept: %d, the other told from it: %d of %d\n", n_kept, n_told, TRIALS);
    assert_true(n_kept >= 0.95 * TRIALS);
    assert_true(n_told >= 0.5 * TRIALS);
}

static void test_bad_input(void **state)
{
    (void)state;
    deepstruc_target *target = bare_target();
    double curve[N] = {0};
    curve[7] = NAN;
    int group = -1;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_refine_groups(target, curve, 1, &group, NULL, &diag), DEEPSTRUC_NUMERIC);
    assert_int_equal(deepstruc_refine_groups(target, curve, DEEPSTRUC_MAX_GROUPED + 1, &group, NULL, &diag),
                     DEEPSTRUC_TOO_LARGE);
    assert_ok(deepstruc_refine_groups(target, curve, 0, &group, NULL, &diag), diag);
    assert_int_equal(group, -1);
    deepstruc_target_destroy(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clear_cases),
        cmocka_unit_test(test_the_truth_is_kept),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
