/* What a training adds to its weights: the calibration of the number of atoms, which becomes as wide as the errors are,
 * and the points of the latent map. */
#include "support.h"

#include "dataset/stream_known.h"
#include "model/sites_doubt.h"
#include "train/sites_calibrate.h"
#include "train/sites_map.h"

static frame_set *frames;
static sites_model *model;
static stream *samples;

static int make(void **state)
{
    (void)state;
    deepstruc_diag diag;
    frame_shape *known;
    size_t n;
    stream_settings settings = stream_settings_default();
    settings.large_share = 0;
    settings.n_max = 60;
    const sites_sizes sizes = {.n_latent = 3, .n_trunk = 16, .n_decoder = 16, .n_last = 8};
    assert_ok(frame_set_create(&frames, &diag), diag);
    assert_ok(stream_known_shapes(&known, &n, frames, &diag), diag);
    assert_ok(stream_create(&samples, frames, known, n, &settings, &diag), diag);
    assert_ok(sites_model_create(&model, frames, &sizes, true, &diag), diag);
    nn_params_initialise(&model->params, 1);
    free(known);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    sites_model_destroy(model);
    stream_destroy(samples);
    frame_set_destroy(frames);
    return 0;
}

/* Shares of the samples of one batch whose count lies within one standard deviation: by the network's own, and by that
 * with its doubt. */
typedef struct {
    double own, doubted;
} coverage_of;

static coverage_of coverage(sites_buffers *b, size_t rows)
{
    static double doubt[STREAM_ROWS];
    static stream_sample sample[STREAM_ROWS];
    deepstruc_diag diag;
    size_t inside = 0, inside_doubted = 0, n = 0;
    assert_ok(stream_draw(samples, 1, 0, rows, b->x, sample, &diag), diag);
    sites_condition(model, b, rows);
    sites_doubts(model, b, rows, doubt);
    for (size_t i = 0; i < rows; i++) {
        if (fabsf(sample[i].log_ratio) > 0.012f)
            continue;
        sites_read read = sites_read_facts(model, b, i);
        double off = fabs((double)sample[i].log_atoms - read.log_atoms);
        inside += off <= read.log_atoms_sd;
        inside_doubted += off <= sites_doubted_sd(model, b, i, doubt[i]);
        n++;
    }
    return (coverage_of){(double)inside / (double)n, (double)inside_doubted / (double)n};
}

/* A network that was never trained is sure of nothing right: its intervals become right nevertheless. */
static void intervals_hold_what_they_say(void **state)
{
    (void)state;
    enum { ROWS = 128, TESTED = 256 };
    sites_buffers *small, *large;
    deepstruc_diag diag;
    assert_ok(sites_buffers_create(&small, model, ROWS, false, &diag), diag);
    assert_ok(sites_buffers_create(&large, model, TESTED, false, &diag), diag);
    coverage_of before = coverage(large, TESTED);
    assert_true(fabs(before.own - 0.68) > 0.12 && before.doubted == before.own);
    assert_ok(sites_calibrate(model, small, samples, &diag), diag);
    assert_int_equal(model->n_calibration, SITES_CALIBRATION_POINTS);
    /* Some 120 of the 256 are seen at nearly the right scale; groups of four share a body: four standard deviations. */
    coverage_of after = coverage(large, TESTED);
    assert_close(after.own, 0.68, 0.24);
    assert_close(after.doubted, 0.68, 0.24);
    sites_buffers_destroy(small);
    sites_buffers_destroy(large);
}

static void factors_are_interpolated_and_held(void **state)
{
    (void)state;
    sites_buffers *b;
    deepstruc_diag diag;
    assert_ok(sites_buffers_create(&b, model, 4, false, &diag), diag);
    memset(b->facts, 0, 4 * SITES_FACTS * sizeof *b->facts);
    const double raw[4] = {0.1, 0.2, 0.4, 3};
    for (size_t i = 0; i < 4; i++) /* its column is 5 atanh(ln(sd) / 5): the scale of log atoms is 1 */
        b->facts[i * SITES_FACTS + FACT_ATOMS + 1] = (real)(5 * atanh(log(raw[i]) / 5));
    model->n_calibration = 2;
    model->calibration[0][0] = (float)log(0.2);
    model->calibration[0][1] = (float)log(0.5);
    model->calibration[1][0] = (float)log(0.8);
    model->calibration[1][1] = (float)log(2);
    /* Half way between the logarithms of 0.2 and 0.8 lies 0.4, and between those of 1/2 and 2 lies 1. */
    const double wanted[4] = {0.05, 0.1, 0.4, 6};
    for (size_t i = 0; i < 4; i++)
        assert_close(sites_read_facts(model, b, i).log_atoms_sd, wanted[i], 1e-5 * wanted[i]); /* single precision */
    sites_buffers_destroy(b);
}

/* A PDF is outside of training where the map has no point: so the map shows all sizes that are trained on. */
static void the_map_has_every_size(void **state)
{
    (void)state;
    deepstruc_diag diag;
    frame_shape *known;
    size_t n, n_large = 0, most = 0, n_odd = 0;
    assert_ok(stream_known_shapes(&known, &n, frames, &diag), diag);
    assert_ok(sites_map_fill(model, known, n, &diag), diag);
    for (size_t i = 0; i < model->n_map; i++) {
        const float *point = model->map + SITES_MAP_COLUMNS * i;
        size_t n_atoms = (size_t)point[3];
        assert_true(isfinite(point[0]) && isfinite(point[1]) && n_atoms >= 1);
        n_large += n_atoms > 300;
        n_odd += (deepstruc_type)point[2] == DEEPSTRUC_TYPE_UNKNOWN;
        most = n_atoms > most ? n_atoms : most;
    }
    assert_true(n_large >= 200 && model->n_map == SITES_MAP_POINTS + 200);
    assert_true(most > 1000);
    assert_true(n_odd < model->n_map / 10); /* a few small cuts show no type */
    free(known);
}

/* Words made by hand: four standard deviations; in each the doubtful half is three times as far off as the other. */
static void doubt_has_a_factor_of_its_own(void **state)
{
    (void)state;
    enum { EACH = 400, N = 4 * EACH };
    static sites_word word[N];
    for (size_t i = 0; i < N; i++) {
        size_t within = i % EACH;
        double share = (double)(within % (EACH / 4)) / (EACH / 4.0); /* 0 to 1 in each quarter of the doubts */
        word[i] =
            (sites_word){log(0.1 * (double)(1 + i / EACH)), (double)within, within < EACH / 2 ? share : 3 * share};
    }
    sites_buffers *b;
    deepstruc_diag diag;
    assert_ok(sites_buffers_create(&b, model, 1, false, &diag), diag);
    memset(b->facts, 0, SITES_FACTS * sizeof *b->facts);
    b->facts[FACT_ATOMS + 1] = (real)(5 * atanh(log(0.3) / 5)); /* as above: a standard deviation of 0.3 */
    sites_fit_doubt(model, word, N, 0.68);
    /* Of 0, 0.01, … the 69th is the first with 68 % below it. Beyond what was seen the last quarter holds. */
    assert_close(sites_doubted_sd(model, b, 0, -5), 0.3 * 0.68, 1e-5);
    assert_close(sites_doubted_sd(model, b, 0, 150), 0.3 * 0.68, 1e-5);
    assert_close(sites_doubted_sd(model, b, 0, 250), 0.3 * 3 * 0.68, 1e-5);
    assert_close(sites_doubted_sd(model, b, 0, 1e9), 0.3 * 3 * 0.68, 1e-5);
    sites_fit_doubt(model, word, 100, 0.68);
    assert_false(model->has_doubt);
    sites_buffers_destroy(b);
}

/* What decodes to the read count, surely, is not doubted; another count is, by its distance. */
static void doubt_is_how_far_the_sites_are_from_the_count(void **state)
{
    (void)state;
    sites_buffers *b;
    deepstruc_diag diag;
    double doubt[2];
    assert_ok(sites_buffers_create(&b, model, 2, false, &diag), diag);
    memset(model->params.value, 0, model->params.n_values * sizeof *model->params.value);
    real *bias[FRAME_COUNT];
    for (int k = 0; k < FRAME_COUNT; k++) {
        bias[k] = nn_value(&model->params, model->site_logits[k].bias);
        for (size_t j = 0; j < frames->frame[k].n_sites; j++)
            bias[k][j] = j < 50 ? 40 : -40;
    }
    memset(b->mean, 0, 2 * (size_t)model->sizes.n_latent * sizeof *b->mean);
    memset(b->facts, 0, (size_t)2 * SITES_FACTS * sizeof *b->facts);
    for (size_t i = 0; i < 2; i++)
        b->facts[i * SITES_FACTS + FACT_ATOMS] =
            (real)((log(i ? 55 : 50) - sites_units[1].centre) / sites_units[1].scale);
    sites_doubts(model, b, 2, doubt);
    assert_close(doubt[0], log(0.002), 1e-3);
    assert_close(doubt[1], log(log(1.1) + 0.002), 1e-3);
    sites_buffers_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_what_they_say),
        cmocka_unit_test(factors_are_interpolated_and_held),
        cmocka_unit_test(the_map_has_every_size),
        cmocka_unit_test(doubt_has_a_factor_of_its_own),
        cmocka_unit_test(doubt_is_how_far_the_sites_are_from_the_count),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
