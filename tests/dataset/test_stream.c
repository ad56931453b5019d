/* Parent frames, the published shapes on them, and the stream of simulated samples. */
#include "support.h"

#include <deepstruc/pdf.h>

#include "dataset/stream.h"
#include "dataset/stream_shape.h"

static frame_set *frames;

static int make_frames(void **state)
{
    (void)state;
    deepstruc_diag diag;
    assert_ok(frame_set_create(&frames, &diag), diag);
    return 0;
}

static int drop_frames(void **state)
{
    (void)state;
    frame_set_destroy(frames);
    return 0;
}

static deepstruc_cluster *build(const deepstruc_recipe *recipe)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, recipe, 1, "X", &diag), diag);
    return cluster;
}

/* For bcc the published argument is the cubic lattice constant. */
static double unit_of(const deepstruc_cluster *cluster)
{
    return cluster->type == DEEPSTRUC_TYPE_BCC ? 2 / sqrt(3) : 1;
}

static void sites_are_ordered_and_apart(void **state)
{
    (void)state;
    for (int k = 0; k < FRAME_COUNT; k++) {
        const frame *f = &frames->frame[k];
        double before = 0;
        for (size_t i = 0; i < f->n_sites; i++) {
            const double *r = f->site[i];
            double d = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
            assert_true(d >= before - 1e-6);
            before = d;
            assert_int_equal(frame_find(f, r), i);
        }
        assert_int_equal(frame_find(f, (double[3]){0.123, 0.2, 50}), FRAME_NOWHERE);
    }
    /* Closed shells counted by hand: 1 + 12 and 1 + 6 neighbours. */
    assert_int_equal(frames->frame[4].n_ops, 48);
    assert_int_equal(frames->frame[14].n_sites, 309);
}

static void symmetries_are_permutations_that_keep_distances(void **state)
{
    (void)state;
    for (int k = 0; k < FRAME_COUNT; k++) {
        const frame *f = &frames->frame[k];
        for (size_t op = 0; op < f->n_ops; op++)
            for (size_t i = 1; i < 40; i++) {
                size_t a = f->image[op * f->n_sites + i], b = f->image[op * f->n_sites + i - 1];
                if (a == FRAME_NOWHERE || b == FRAME_NOWHERE)
                    continue;
                double before = 0, after = 0;
                for (int c = 0; c < 3; c++) {
                    before += pow(f->site[i][c] - f->site[i - 1][c], 2);
                    after += pow(f->site[a][c] - f->site[b][c], 2);
                }
                assert_close(sqrt(after), sqrt(before), 0.01); /* sites are matched within 0.02 */
            }
    }
}

static void every_published_shape_has_a_frame(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&catalogue, &diag), diag);
    assert_int_equal(catalogue->n, 197);
    for (size_t i = 0; i < catalogue->n; i++) {
        deepstruc_cluster *cluster = build(&catalogue->entry[i].recipe);
        frame_shape shape;
        if (!frame_fit(frames, frame_family_of(cluster->type), cluster->xyz, cluster->n_atoms, unit_of(cluster),
                       &shape))
            fail_msg("no frame holds %s", cluster->name);
        assert_int_equal(shape.n_atoms, cluster->n_atoms);
        for (size_t j = 1; j < shape.n_atoms; j++)
            assert_true(shape.site[j] > shape.site[j - 1]);
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_catalogue_destroy(catalogue);
}

static void a_turned_shape_is_the_same_list(void **state)
{
    (void)state;
    random_stream random;
    random_seed(&random, 1, 0);
    for (int family = 0; family < FRAME_N_FAMILIES; family++)
        for (int trial = 0; trial < 5; trial++) {
            frame_shape shape, turned;
            while (!stream_shape_draw(frames, (frame_family)family, &random, 20, 60, &shape, NULL)) {
            }
            const frame *f = &frames->frame[shape.frame];
            turned = shape;
            size_t op = random_below(&random, f->n_ops);
            for (size_t i = 0; i < shape.n_atoms; i++)
                turned.site[i] = f->image[op * f->n_sites + shape.site[i]];
            frame_canonical(frames, &turned);
            assert_memory_equal(turned.site, shape.site, shape.n_atoms * sizeof *shape.site);
        }
}

static void cuts_have_their_size_and_hold_together(void **state)
{
    (void)state;
    random_stream random;
    random_seed(&random, 2, 0);
    for (int family = 0; family < FRAME_N_FAMILIES; family++) {
        frame_shape shape;
        while (!stream_shape_draw(frames, (frame_family)family, &random, 30, 90, &shape, NULL)) {
        }
        assert_in_range(shape.n_atoms, 30, 90);
        assert_int_equal(frames->frame[shape.frame].family, family);
        assert_true(frame_is_centred(frames, &shape));
    }
}

/* The stream's simulator against the Debye engine, up to the scale that the input's normalisation removes anyway. */
static void published_pdfs_agree_with_the_engine(void **state)
{
    (void)state;
    const struct {
        deepstruc_recipe recipe;
        double bond;
    } cases[] = {{deepstruc_recipe_icosahedron(3), 2.44},
                 {deepstruc_recipe_decahedron(5, 1, 0), 2.56},
                 {deepstruc_recipe_hcp(4, 4, 4), 2.52},
                 {deepstruc_recipe_fcc(3, 6, 7), 2.42}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_diag diag;
        deepstruc_cluster *cluster = build(&cases[i].recipe);
        frame_shape shape;
        assert_true(frame_fit(frames, frame_family_of(cluster->type), cluster->xyz, cluster->n_atoms, 1, &shape));
        stream_settings settings = stream_settings_default();
        stream *s;
        assert_ok(stream_create(&s, frames, &shape, 1, &settings, &diag), diag);
        double unit = cases[i].bond * 1.02, g[STREAM_POINTS], wanted[STREAM_POINTS];
        assert_ok(stream_published(s, 0, cases[i].bond, unit, g, &diag), diag);
        deepstruc_pdf_settings pdf = deepstruc_pdf_settings_default();
        deepstruc_engine *engine;
        deepstruc_scatter *scatter;
        pdf.rstep = 0.001;
        assert_ok(deepstruc_engine_create(&engine, &pdf, &diag), diag);
        assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
        assert_ok(deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, cases[i].bond, &diag), diag);
        double *fine = malloc(deepstruc_engine_n_points(engine) * sizeof *fine);
        deepstruc_scatter_evaluate(scatter, 1, 0.3, fine, NULL, NULL);
        double worst = 0, largest = 0;
        for (size_t j = 0; j < STREAM_POINTS; j++) {
            double r = unit * (STREAM_FIRST + STREAM_STEP * (double)j);
            wanted[j] = fine[(size_t)lround(r / pdf.rstep)];
            largest = fmax(largest, fabs(wanted[j]));
            worst = fmax(worst, fabs(wanted[j] - g[j]));
        }
        /* Distances stand in bins of 1/8 of 0.0125 bond lengths and widths on a ladder of 3 %: some percent of the
         * sharpest peak. */
        assert_true(worst < 0.04 * largest);
        free(fine);
        deepstruc_scatter_destroy(scatter);
        deepstruc_engine_destroy(engine);
        stream_destroy(s);
        deepstruc_cluster_destroy(cluster);
    }
}

static void samples_depend_on_their_number_alone(void **state)
{
    (void)state;
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(2);
    deepstruc_cluster *cluster = build(&recipe);
    frame_shape shape;
    assert_true(frame_fit(frames, FRAME_ICOSAHEDRON, cluster->xyz, cluster->n_atoms, 1, &shape));
    stream_settings settings = stream_settings_default();
    stream *s;
    deepstruc_diag diag;
    assert_ok(stream_create(&s, frames, &shape, 1, &settings, &diag), diag);
    static float first[STREAM_ROWS * STREAM_INPUTS], again[STREAM_ROWS * STREAM_INPUTS];
    static stream_sample sample[STREAM_ROWS];
    assert_ok(stream_draw(s, 7, 3, STREAM_ROWS, first, sample, &diag), diag);
    assert_ok(stream_draw(s, 7, 4, STREAM_ROWS, again, sample, &diag), diag);
    assert_memory_not_equal(first, again, sizeof first);
    assert_ok(stream_draw(s, 7, 3, STREAM_ROWS, again, sample, &diag), diag);
    assert_memory_equal(first, again, sizeof first);
    size_t known = 0, right = 0;
    for (size_t i = 0; i < STREAM_ROWS; i++) {
        known += sample[i].known >= 0;
        right += sample[i].scale_is_right;
        assert_true(sample[i].instrument.qmax > sample[i].instrument.qmin);
    }
    /* Half and nine tenths of 256, within four standard deviations (8 and 4.8). */
    assert_in_range(known, 96, 160);
    assert_in_range(right, 211, 251);
    stream_destroy(s);
    deepstruc_cluster_destroy(cluster);
}

static void inputs_are_scaled_and_masked(void **state)
{
    (void)state;
    double g[STREAM_POINTS];
    float x[STREAM_INPUTS];
    stream_instrument instrument = {0.7, 25, 0, 2.8, 14};
    for (size_t i = 0; i < STREAM_POINTS; i++)
        g[i] = i % 2 ? 3 : -3;
    assert_true(stream_input(g, &instrument, 2.8, x));
    size_t first, end;
    stream_measured(&instrument, 2.8, &first, &end);
    assert_int_equal(first, 12); /* 0.5 + 12 * 0.045 = 1.04 is the first at or above 1 */
    assert_int_equal(end, 101);  /* 0.5 + 100 * 0.045 = 5 */
    assert_true(x[11] == 0 && x[12] == -1 && x[100] == -1 && x[101] == 0);
    for (size_t i = 0; i < STREAM_POINTS; i++)
        g[i] = 0;
    assert_false(stream_input(g, &instrument, 2.8, x));
    g[50] = NAN;
    assert_false(stream_input(g, &instrument, 2.8, x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_are_ordered_and_apart),
        cmocka_unit_test(symmetries_are_permutations_that_keep_distances),
        cmocka_unit_test(every_published_shape_has_a_frame),
        cmocka_unit_test(a_turned_shape_is_the_same_list),
        cmocka_unit_test(cuts_have_their_size_and_hold_together),
        cmocka_unit_test(published_pdfs_agree_with_the_engine),
        cmocka_unit_test(samples_depend_on_their_number_alone),
        cmocka_unit_test(inputs_are_scaled_and_masked),
    };
    return cmocka_run_group_tests(tests, make_frames, drop_frames);
}
