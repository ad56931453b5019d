/* What a training adds to its weights: the calibration of the number of atoms, which becomes as wide as the errors are,
 * and the points of the latent map. */
#include "support.h"

#include "dataset/stream_known.h"
#include "model/sites_decode.h"
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
    const sites_sizes sizes = {3, 16, 16, 8, false};
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

/* Share of the samples of one batch whose count lies within one standard deviation. */
static double coverage(sites_buffers *b, size_t rows)
{
    static stream_sample sample[STREAM_ROWS];
    deepstruc_diag diag;
    size_t inside = 0, n = 0;
    assert_ok(stream_draw(samples, 1, 0, rows, b->x, sample, &diag), diag);
    sites_condition(model, b, rows);
    for (size_t i = 0; i < rows; i++) {
        if (fabsf(sample[i].log_ratio) > 0.012f)
            continue;
        sites_read read = sites_read_facts(model, b, i);
        inside += fabs((double)sample[i].log_atoms - read.log_atoms) <= read.log_atoms_sd;
        n++;
    }
    return (double)inside / (double)n;
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
    assert_true(fabs(coverage(large, TESTED) - 0.68) > 0.12);
    assert_ok(sites_calibrate(model, small, samples, &diag), diag);
    assert_int_equal(model->n_calibration, SITES_CALIBRATION_POINTS);
    /* Some 120 of the 256 are seen at nearly the right scale; groups of four share a body: four standard deviations. */
    assert_close(coverage(large, TESTED), 0.68, 0.24);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_what_they_say),
        cmocka_unit_test(factors_are_interpolated_and_held),
        cmocka_unit_test(the_map_has_every_size),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
