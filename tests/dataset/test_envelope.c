/* The size from a PDF's envelope, and how hexagonal shapes are. */
#include "support.h"

#include <deepstruc/pdf.h>

#include "base/random.h"
#include "dataset/envelope.h"
#include "dataset/hexagonality.h"
#include "dataset/stream_input.h"

static const double BOND = 2.7;

static double fading(double r, double diameter)
{
    double u = fmin(1, r / diameter);
    return 1 - 1.5 * u + 0.5 * u * u * u;
}

/* Waves of unit length that fade as the pairs of a sphere do, with an instrument's damping, and the input of them. */
static void draw_waves(double diameter, double qdamp, const stream_instrument *told, float *x)
{
    double g[STREAM_POINTS];
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        double r = STREAM_FIRST + STREAM_STEP * (double)i, damp = qdamp * BOND * r;
        g[i] = sin(2 * M_PI * 2.3 * r) * fading(r, diameter) * exp(-damp * damp / 2);
    }
    assert_true(stream_input(g, told, BOND, x));
}

static envelope *made(void)
{
    envelope *e;
    assert_true(envelope_create(&e));
    return e;
}

static void the_diameter_of_a_faded_wave_is_read(void **state)
{
    (void)state;
    envelope *e = made();
    float x[STREAM_INPUTS];
    for (double diameter = 6; diameter <= 12; diameter += 1.5) /* those it is asked for: 160 to 1,280 atoms */
        for (double qdamp = 0; qdamp <= 0.041; qdamp += 0.02) {
            stream_instrument told = {0.7, 25, qdamp, 0, 30};
            draw_waves(diameter, qdamp, &told, x);
            /* The ladder's rungs are 7 % apart and the mean lies between them; damping and size fade alike. */
            assert_close(envelope_read(e, x).log_diameter, log(diameter), 0.08);
            told.qdamp = qdamp + 0.01;
            draw_waves(diameter, qdamp, &told, x);
            assert_close(envelope_read(e, x).log_diameter, log(diameter), 0.15);
        }
    envelope_destroy(e);
}

/* A sphere cut out of fcc: pairs counted by the engine. */
static void the_diameter_of_a_sphere_is_read(void **state)
{
    (void)state;
    const double diameter = 8;
    const int half = 8;
    deepstruc_diag diag;
    deepstruc_cluster *cluster;
    double xyz[3 * 600];
    size_t n = 0;
    for (int i = -half; i <= half; i++)
        for (int j = -half; j <= half; j++)
            for (int k = -half; k <= half; k++)
                if ((i + j + k) % 2 == 0 && (i * i + j * j + k * k) / 2.0 <= diameter * diameter / 4) {
                    const double r[3] = {i, j, k};
                    for (int c = 0; c < 3; c++)
                        xyz[3 * n + (size_t)c] = r[c] * BOND / sqrt(2);
                    n++;
                }
    /* sqrt(2) atoms in each cubed bond length. */
    assert_close((double)n, M_PI / 6 * sqrt(2) * diameter * diameter * diameter, 0.1 * (double)n);
    assert_ok(deepstruc_cluster_create(&cluster, n, &diag), diag);
    memcpy(cluster->xyz, xyz, 3 * n * sizeof *xyz);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    deepstruc_pdf *pdf;
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    double g[STREAM_POINTS];
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        double r = BOND * (STREAM_FIRST + STREAM_STEP * (double)i), at = (r - pdf->r[0]) / settings.rstep;
        size_t k = (size_t)at;
        g[i] = pdf->g[k] + (at - (double)k) * (pdf->g[k + 1] - pdf->g[k]);
    }
    const stream_instrument told = {0.7, 25, 0, 0, 29.9};
    float x[STREAM_INPUTS];
    assert_true(stream_input(g, &told, BOND, x));
    envelope *e = made();
    assert_close(envelope_read(e, x).log_diameter, log(diameter), 0.1); /* what its shells scatter */
    envelope_destroy(e);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

static void a_core_has_the_size_asked_for(void **state)
{
    (void)state;
    const stream_instrument told = {0.7, 25, 0, 0, 30};
    envelope *e = made();
    float x[STREAM_INPUTS];
    draw_waves(9, 0, &told, x);
    envelope_shorten(x, 9, 5);
    assert_close(envelope_read(e, x).log_diameter, log(5), 0.08); /* as above */
    double squares = 0;
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        squares += (double)(x[i] * x[i]);
        assert_true(STREAM_FIRST + STREAM_STEP * (double)i < 5 || x[i] == 0);
    }
    assert_close(squares / STREAM_POINTS, 1, 1e-4); /* single precision */
    /* Twice the diameter, when the half bond length of the corners is off: eight times the atoms. */
    assert_close(envelope_log_ratio(8.5, 4), log(8), 1e-12);
    envelope_destroy(e);
}

static void anything_has_a_size(void **state)
{
    (void)state;
    envelope *e = made();
    random_stream random;
    random_seed(&random, 1, 0);
    float x[STREAM_INPUTS];
    const float odd[] = {0, NAN, INFINITY, 1e30F};
    for (int trial = 0; trial < 200; trial++) {
        for (size_t i = 0; i < STREAM_INPUTS; i++)
            x[i] = (float)random_normal(&random) + (i >= STREAM_POINTS ? 1 : 0);
        for (size_t k = 0; k < (size_t)trial; k++)
            x[random_below(&random, STREAM_INPUTS)] = odd[random_below(&random, 4)];
        envelope_size size = envelope_read(e, x);
        assert_true(size.log_diameter >= log(1.59) && size.log_diameter <= log(14.01) && size.sd >= 0 && size.sd < 2);
    }
    envelope_destroy(e);
}

/* ---- hexagonality ----------------------------------------------------------------------------------------------- */

static frame_set *frames;

static double hexagonality_of_recipe(const deepstruc_recipe *recipe, size_t *n_atoms)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    frame_shape shape;
    assert_ok(deepstruc_cluster_build(&cluster, recipe, 1, "X", &diag), diag);
    assert_true(frame_fit(frames, frame_family_of(cluster->type), cluster->xyz, cluster->n_atoms, 1, &shape));
    *n_atoms = shape.n_atoms;
    deepstruc_cluster_destroy(cluster);
    return hexagonality_of(frames, &shape);
}

static void hexagonalities_are_as_counted_by_hand(void **state)
{
    (void)state;
    deepstruc_diag diag;
    size_t n;
    assert_ok(frame_set_create(&frames, &diag), diag);
    deepstruc_recipe fcc = deepstruc_recipe_fcc(3, 3, 3), hcp = deepstruc_recipe_hcp(3, 3, 3),
                     sc = deepstruc_recipe_sc(3, 3, 3), icosahedron = deepstruc_recipe_icosahedron(3);
    assert_true(hexagonality_of_recipe(&fcc, &n) == 0);
    assert_true(hexagonality_of_recipe(&hcp, &n) == 1);
    assert_true(isnan(hexagonality_of_recipe(&sc, &n)));
    assert_true(isnan(hexagonality_of_recipe(&icosahedron, &n)));
    /* The pentagonal bipyramid: an axis of two atoms and five on twin planes, no other. */
    deepstruc_recipe smallest = deepstruc_recipe_decahedron(2, 1, 0);
    assert_true(hexagonality_of_recipe(&smallest, &n) == 1);
    assert_int_equal(n, 7);
    /* Columns of 3 atoms on the axis, 2 beside it, 1 on the second ring, of whose ten every other stands on a plane. */
    deepstruc_recipe second = deepstruc_recipe_decahedron(3, 1, 0);
    assert_close(hexagonality_of_recipe(&second, &n), 15 / 20.0, 1e-12);
    assert_int_equal(n, 23);
    frame_set_destroy(frames);
}

/* Seven atoms of each layer, the innermost of every sequence: A|B A|C with two inner layers, one h and one c. */
static void a_stacking_is_as_hexagonal_as_its_layers(void **state)
{
    (void)state;
    const int k = 10; /* "stacking layer" */
    deepstruc_diag diag;
    assert_ok(frame_set_create(&frames, &diag), diag);
    const frame *f = &frames->frame[k];
    const struct {
        int letter[4];
        double wanted;
    } cases[] = {{{0, 1, 0, 2}, 0.5}, {{0, 1, 2, 0}, 0}, {{0, 1, 0, 1}, 1}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        frame_shape shape = {.frame = k};
        size_t n_in[4] = {0};
        for (size_t i = 0; i < f->n_sites; i++) {
            int layer = f->layer[i] + 1;
            if (layer >= 0 && layer < 4 && f->letter[i] == cases[c].letter[layer] && n_in[layer] < 7) {
                shape.site[shape.n_atoms++] = (uint16_t)i;
                n_in[layer]++;
            }
        }
        assert_int_equal(shape.n_atoms, 28);
        assert_close(hexagonality_of(frames, &shape), cases[c].wanted, 1e-12);
    }
    frame_set_destroy(frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_diameter_of_a_faded_wave_is_read),
        cmocka_unit_test(the_diameter_of_a_sphere_is_read),
        cmocka_unit_test(a_core_has_the_size_asked_for),
        cmocka_unit_test(anything_has_a_size),
        cmocka_unit_test(hexagonalities_are_as_counted_by_hand),
        cmocka_unit_test(a_stacking_is_as_hexagonal_as_its_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
