/* Bodies beyond a network's sizes are shown to it as their cores. */
#include "support.h"

#include "model/sites_beyond.h"

enum { ROWS = 2 };
static const double DIAMETER = 10; /* bond lengths: some 740 close-packed atoms */

/* Waves that fade as the pairs of a sphere do. */
static void draw_input(double diameter, float *x)
{
    const stream_instrument told = {0.7, 25, 0, 0, 30};
    double g[STREAM_POINTS];
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        double r = STREAM_FIRST + STREAM_STEP * (double)i, u = fmin(1, r / diameter);
        g[i] = sin(2 * M_PI * 2.3 * r) * (1 - 1.5 * u + 0.5 * u * u * u);
    }
    assert_true(stream_input(g, &told, 2.7, x));
}

/* A network that reads the same number of atoms in everything: the bias of the fact alone. */
static void read_always(sites_model *m, double n_atoms)
{
    memset(m->params.value, 0, m->params.n_values * sizeof *m->params.value);
    nn_value(&m->params, m->facts.bias)[FACT_ATOMS] =
        (real)((log(n_atoms) - sites_units[1].centre) / sites_units[1].scale);
}

static void only_what_is_beyond_is_cut(void **state)
{
    (void)state;
    deepstruc_diag diag;
    frame_set *frames;
    sites_model *m;
    sites_buffers *b;
    sites_sight sight[ROWS];
    float x[STREAM_INPUTS];
    const sites_sizes sizes = {.n_latent = 2, .n_trunk = 8, .n_decoder = 8, .n_last = 8};
    assert_ok(frame_set_create(&frames, &diag), diag);
    assert_ok(sites_model_create(&m, frames, &sizes, false, &diag), diag);
    assert_ok(sites_buffers_create(&b, m, ROWS, false, &diag), diag);
    draw_input(DIAMETER, x);
    const struct {
        long largest;
        double read;
        bool cut;
    } cases[] = {{0, 300, false}, {200, 150, false}, {200, 210, true}, {1300, 1400, false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        m->largest = cases[k].largest;
        read_always(m, cases[k].read);
        for (size_t i = 0; i < ROWS; i++)
            memcpy(b->x + i * STREAM_INPUTS, x, sizeof x);
        sites_look(m, b, ROWS, sight);
        for (size_t i = 0; i < ROWS; i++) {
            assert_close(sight[i].read.log_atoms, log(cases[k].read), 1e-5);
            assert_true((memcmp(b->x + i * STREAM_INPUTS, x, sizeof x) != 0) == cases[k].cut);
            /* The core of 150 atoms measures (150 * 6 / pi / sqrt 2)^(1/3) = 5.87; the envelope is read to 8 %. */
            assert_close(sight[i].log_whole, cases[k].cut ? 3 * log(9.5 / 5.87) : 0, cases[k].cut ? 0.25 : 0);
            assert_true((sight[i].whole_sd > 0) == cases[k].cut);
        }
    }
    sites_buffers_destroy(b);
    sites_model_destroy(m);
    frame_set_destroy(frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_what_is_beyond_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
