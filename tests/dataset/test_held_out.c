/* The protocol "shapes": its split, the exclusion radius, and that training samples keep away. */
#include "support.h"

#include <deepstruc/dataset.h>

#include "dataset/frame_parent.h"
#include "dataset/stream.h"
#include "dataset/stream_known.h"
#include "dataset/stream_large.h"
#include "dataset/stream_shape.h"

static frame_set *frames;
static frame_shape *known;
static size_t n_known;
static held_out never;

static int make(void **state)
{
    (void)state;
    deepstruc_diag diag;
    assert_ok(frame_set_create(&frames, &diag), diag);
    assert_ok(stream_known_shapes(&known, &n_known, frames, &diag), diag);
    assert_ok(held_out_published(&never, frames, &diag), diag);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    held_out_free(&never);
    free(known);
    frame_set_destroy(frames);
    return 0;
}

static bool is_held_out(const frame_shape *shape)
{
    return held_out_has(&never, &frames->frame[shape->frame], shape);
}

static void the_split_is_the_committed_one(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue;
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&catalogue, &diag), diag);
    deepstruc_split split[197];
    assert_int_equal(catalogue->n, 197);
    deepstruc_split_shapes(split, catalogue);
    FILE *file = fopen(DEEPSTRUC_SOURCE_DIR "/models/splits/shapes.tsv", "r");
    assert_non_null(file);
    size_t n_of_type[DEEPSTRUC_N_TYPES] = {0};
    char line[200], wanted[200], name[80];
    for (size_t i = 0; i < catalogue->n; i++) {
        deepstruc_recipe_name(&catalogue->entry[i].recipe, name, sizeof name);
        snprintf(wanted, sizeof wanted, "%s\t%s\n", name, deepstruc_split_name(split[i]));
        assert_non_null(fgets(line, sizeof line, file));
        assert_string_equal(line, wanted);
        n_of_type[catalogue->entry[i].recipe.type] += split[i] == DEEPSTRUC_TEST;
    }
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
    /* A fifth of 19, 19, 8, 106, 3, 37 and 5 shapes, rounded, at least one. */
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_SC], 4);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_BCC], 4);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_FCC], 2);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_HCP], 21);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_ICOSAHEDRON], 1);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_DECAHEDRON], 7);
    assert_int_equal(n_of_type[DEEPSTRUC_TYPE_OCTAHEDRON], 1);
    assert_int_equal(never.n, 40);
    deepstruc_catalogue_destroy(catalogue);
}

/* Two atoms apart by 1, and three in a row: all four mean distances of the first are 1; of the second the pairs are
 * 1, 1 and 2, so the k-th is ((1 + 1 + 2^2k) / 3)^(1/2k). */
static void distances_by_hand(void **state)
{
    (void)state;
    const frame *f = &frames->frame[0]; /* sc about an atom: site 0 in the middle, then its six neighbours */
    frame_shape two = {0, 2, {0, 1}}, three = {0, 3, {0, 0, 0}};
    size_t n = 0;
    for (size_t i = 0; i < 7; i++) /* the row along z */
        if (f->site[i][0] == 0 && f->site[i][1] == 0)
            three.site[n++] = (uint16_t)i;
    assert_int_equal(n, 3);
    double a[HELD_OUT_NUMBERS], b[HELD_OUT_NUMBERS];
    held_out_describe(f, &two, a);
    held_out_describe(f, &three, b);
    assert_close(a[0], log(2) / 3, 1e-12);
    for (int k = 1; k <= 4; k++) {
        assert_close(a[k], 0, 1e-8); /* a billionth is added before the logarithm */
        assert_close(b[k], log(pow((2 + pow(2, 2 * k)) / 3, 0.5 / k)), 1e-8);
    }
    assert_close(held_out_distance(a, b), b[4], 1e-8); /* the largest of the five differences */
    assert_close(held_out_distance(b, a), held_out_distance(a, b), 0);
}

static void a_missing_corner_is_a_near_duplicate_of_a_large_shape_only(void **state)
{
    (void)state;
    size_t large = 0, small = 0;
    for (size_t i = 0; i < n_known; i++) {
        if (!is_held_out(&known[i]))
            continue;
        frame_shape less = known[i];
        less.n_atoms--; /* its outermost site */
        large += less.n_atoms > 120 && is_held_out(&less);
        small += less.n_atoms < 20 && is_held_out(&less);
    }
    assert_true(large >= 10);
    assert_int_equal(small, 0);
}

static void no_sample_is_held_out(void **state)
{
    (void)state;
    static float x[STREAM_ROWS * STREAM_INPUTS];
    static stream_sample sample[STREAM_ROWS];
    deepstruc_diag diag;
    for (int guarded = 0; guarded < 2; guarded++) {
        stream_settings settings = stream_settings_default();
        settings.never = guarded ? &never : NULL;
        stream *s;
        size_t found = 0;
        assert_ok(stream_create(&s, frames, known, n_known, &settings, &diag), diag);
        /* 40 shapes, and two that differ from one of them by less than the radius. */
        assert_int_equal(stream_n_known(s), guarded ? 155 : 197);
        for (uint64_t batch = 0; batch < 2; batch++) {
            assert_ok(stream_draw(s, 5, batch, STREAM_ROWS, x, sample, &diag), diag);
            for (size_t i = 0; i < STREAM_ROWS; i++)
                found +=
                    is_held_out(&sample[i].body->shape) && sample[i].body->n_atoms == sample[i].body->shape.n_atoms;
        }
        if (guarded)
            assert_int_equal(found, 0);
        else /* half of 512 samples are published shapes, a fifth of which are on the list */
            assert_in_range(found, 25, 120);
        stream_destroy(s);
    }
}

static void variants_are_parts_of_their_shape(void **state)
{
    (void)state;
    random_stream random;
    random_seed(&random, 3, 0);
    size_t made = 0;
    for (size_t i = 0; i < n_known; i += 5) {
        frame_shape part;
        if (!stream_shape_variant(frames, &known[i], &random, &part))
            continue;
        made++;
        assert_in_range(part.n_atoms, 5, known[i].n_atoms - 1);
        assert_int_equal(frames->frame[part.frame].family, frames->frame[known[i].frame].family);
    }
    assert_true(made > 30); /* of 40 */
}

static void large_bodies_and_their_cores(void **state)
{
    (void)state;
    large_parents *parents;
    random_stream random;
    assert_true(large_parents_create(&parents));
    random_seed(&random, 4, 0);
    for (int family = 0; family < FRAME_N_FAMILIES; family++) {
        frame_shape whole, core;
        double furthest = 0;
        while (!stream_large_draw(parents, frames, (frame_family)family, &random, &whole, &core)) {
        }
        assert_in_range(whole.n_atoms, LARGE_MIN_ATOMS, LARGE_MAX_ATOMS);
        assert_in_range(core.n_atoms, 100, whole.n_atoms);
        const frame *far = &parents->frame[whole.frame];
        for (size_t i = 0; i < whole.n_atoms; i++) {
            const double *r = far->site[whole.site[i]];
            furthest = fmax(furthest, sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]));
        }
        /* No edge of the drawn parent cuts the body; the icosahedron's seven shells end where they end. */
        assert_true(family == FRAME_ICOSAHEDRON || furthest < FRAME_FAR_REACH - 0.4);
    }
    large_parents_destroy(parents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_split_is_the_committed_one),
        cmocka_unit_test(distances_by_hand),
        cmocka_unit_test(a_missing_corner_is_a_near_duplicate_of_a_large_shape_only),
        cmocka_unit_test(no_sample_is_held_out),
        cmocka_unit_test(variants_are_parts_of_their_shape),
        cmocka_unit_test(large_bodies_and_their_cores),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
