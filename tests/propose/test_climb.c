/* Structures improved atom by atom. */
#include "support.h"

#include "propose/climb.h"
#include "propose/climb_changes.h"
#include "propose/shape_cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static frame_set *frames;

static int make_frames(void **state)
{
    (void)state;
    return frame_set_create(&frames, NULL);
}

static int drop_frames(void **state)
{
    (void)state;
    frame_set_destroy(frames);
    return 0;
}

/* A published decahedron of 75 atoms on its frame. */
static frame_shape decahedron(void)
{
    const deepstruc_recipe recipe = deepstruc_recipe_decahedron(2, 2, 1);
    deepstruc_cluster *cluster = NULL;
    frame_shape shape;
    assert_int_equal(deepstruc_cluster_build(&cluster, &recipe, 1, "X", NULL), DEEPSTRUC_OK);
    assert_int_equal(cluster->n_atoms, 75);
    assert_true(frame_fit(frames, FRAME_DECAHEDRON, cluster->xyz, cluster->n_atoms, 1, &shape));
    deepstruc_cluster_destroy(cluster);
    return shape;
}

/* The last sites of the list lie outermost. */
static frame_shape without_outermost(frame_shape shape, size_t n)
{
    shape.n_atoms -= n;
    return shape;
}

static deepstruc_target *target_of(const deepstruc_cluster *cluster, double noise)
{
    deepstruc_pdf_settings measured = deepstruc_pdf_settings_default();
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    deepstruc_pdf *pdf = NULL;
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    measured.rstep = 0.05;
    settings.qmin = measured.qmin, settings.qmax = measured.qmax, settings.qdamp = 0;
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &measured, DEEPSTRUC_MODE_EXACT, &diag), diag);
    for (size_t i = 0; i < pdf->n_points; i++) /* a wave that no cluster makes */
        pdf->g[i] += noise * sin(21.3 * pdf->r[i] + 3 * sin(pdf->r[i]));
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    deepstruc_pdf_destroy(pdf);
    return target;
}

/* The pool that holds `shape` only, fitted. */
static candidate_pool pool_of(const deepstruc_cluster *cluster, const deepstruc_target *target)
{
    candidate_pool pool = {0};
    deepstruc_cluster *copy = NULL;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_cluster_create(&copy, cluster->n_atoms, &diag), diag);
    memcpy(copy->xyz, cluster->xyz, 3 * cluster->n_atoms * sizeof *copy->xyz);
    copy->type = cluster->type;
    assert_ok(pool_add(&pool, copy, "given", &diag), diag);
    assert_ok(pool_fit(&pool, 0, &(bond_range){2.6, 3}, target, 1, NULL, "", &diag), diag);
    return pool;
}

static deepstruc_cluster *cluster_of(const frame_shape *shape)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag = {0};
    assert_ok(shape_cluster_found(&cluster, frames, shape, 2.8, "made", &diag), diag);
    cluster->type = DEEPSTRUC_TYPE_DECAHEDRON; /* whatever its few atoms look like */
    return cluster;
}

/* Climbs on the data of `truth` from `start`; what it adds, or NULL. */
static deepstruc_cluster *climb_from(const frame_shape *truth, const frame_shape *start, double noise, int threads)
{
    deepstruc_cluster *true_cluster = cluster_of(truth), *begin = cluster_of(start), *found = NULL;
    deepstruc_target *target = target_of(true_cluster, noise);
    candidate_pool pool = pool_of(begin, target);
    deepstruc_diag diag = {0};
    const climb_settings settings = {.frames = frames, .target = target, .max_atoms = 1500, .threads = threads};
    assert_ok(propose_climb(&pool, &settings, NULL, &diag), diag);
    assert_true(pool.n <= 2);
    if (pool.n == 2) {
        assert_string_equal(pool.entry[1].method, "climb");
        found = pool.entry[1].cluster;
        pool.entry[1].cluster = NULL;
    }
    pool_clear(&pool);
    deepstruc_target_destroy(target);
    deepstruc_cluster_destroy(begin);
    deepstruc_cluster_destroy(true_cluster);
    return found;
}

static void assert_same_sites(const deepstruc_cluster *found, const frame_shape *truth)
{
    frame_shape on_frame, expected = *truth;
    frame_canonical(frames, &expected);
    assert_non_null(found);
    assert_int_equal(found->n_atoms, truth->n_atoms);
    assert_true(frame_fit(frames, FRAME_DECAHEDRON, found->xyz, found->n_atoms, 1 / found->bond_length, &on_frame));
    assert_memory_equal(on_frame.site, expected.site, expected.n_atoms * sizeof *expected.site);
}

/* Four atoms missing, from the whole, and the whole from what is left: no catalogue has the first. */
static void test_finds_atoms(void **state)
{
    (void)state;
    frame_shape whole = decahedron(), part = without_outermost(whole, 4);
    deepstruc_cluster *down = climb_from(&part, &whole, 0, 1), *up = climb_from(&whole, &part, 0, 1);
    assert_same_sites(down, &part);
    assert_same_sites(up, &whole);
    assert_true(fabs(up->bond_length - 2.8) < 1e-3);
    deepstruc_cluster_destroy(down);
    deepstruc_cluster_destroy(up);
}

static void test_any_number_of_threads(void **state)
{
    (void)state;
    frame_shape whole = decahedron(), part = without_outermost(whole, 4);
    deepstruc_cluster *one = climb_from(&part, &whole, 0, 1), *three = climb_from(&part, &whole, 0, 3);
    assert_int_equal(one->n_atoms, three->n_atoms);
    assert_memory_equal(one->xyz, three->xyz, 3 * one->n_atoms * sizeof *one->xyz);
    deepstruc_cluster_destroy(one);
    deepstruc_cluster_destroy(three);
}

/* From the truth there is nowhere to go; and where the data hold something else besides, a slightly better fit does not
 * pay for the choice among all changes. */
static void test_stays_where_nothing_is_told(void **state)
{
    (void)state;
    frame_shape whole = decahedron(), part = without_outermost(whole, 1);
    assert_null(climb_from(&whole, &whole, 0, 1));
    assert_null(climb_from(&whole, &whole, 0.5, 1));
    assert_null(climb_from(&part, &whole, 0.5, 1));
}

/* A start that no frame holds. */
static void test_off_the_frames(void **state)
{
    (void)state;
    frame_shape whole = decahedron();
    deepstruc_cluster *cluster = cluster_of(&whole);
    deepstruc_target *target = target_of(cluster, 0);
    deepstruc_diag diag = {0};
    cluster->xyz[0] += 0.3;
    candidate_pool pool = pool_of(cluster, target);
    const climb_settings settings = {.frames = frames, .target = target, .max_atoms = 1500, .threads = 1};
    assert_ok(propose_climb(&pool, &settings, NULL, &diag), diag);
    assert_int_equal(pool.n, 1);
    pool_clear(&pool);
    assert_ok(propose_climb(&pool, &settings, NULL, &diag), diag); /* of nothing */
    assert_int_equal(pool.n, 0);
    deepstruc_target_destroy(target);
    deepstruc_cluster_destroy(cluster);
}

/* A cube of 27 on the simple cubic lattice: its six faces can come off; its 8 corners, 12 edges and 6 middles are
 * orbits, as are the sites that can be added, nine on each face; and each of those 26 + 54 by itself. */
static void test_changes_of_a_cube(void **state)
{
    (void)state;
    size_t k = 0, n_planes = 0, n_single = 0;
    while (frames->frame[k].family != FRAME_SC || frame_find(&frames->frame[k], (double[3]){0}) == FRAME_NOWHERE)
        k++;
    const frame *f = &frames->frame[k];
    bool occupied[FRAME_MAX_SITES] = {false}, before[FRAME_MAX_SITES];
    for (size_t i = 0; i < f->n_sites; i++)
        occupied[i] = fmax(fmax(fabs(f->site[i][0]), fabs(f->site[i][1])), fabs(f->site[i][2])) < 1.1;
    climb_directions *directions = calloc(1, sizeof *directions);
    climb_changes *changes = calloc(1, sizeof *changes);
    assert_true(directions && changes);
    climb_find_directions(directions, f);
    climb_list_changes(changes, f, occupied, directions);
    assert_int_equal(directions->n, 6 + 12); /* bonds, which are the normals, too, and sums of two */
    memcpy(before, occupied, sizeof before);
    for (size_t i = 0; i < changes->n; i++) {
        size_t n = changes->first[i + 1] - changes->first[i];
        n_planes += n == 9;
        n_single += n == 1;
        climb_apply(changes, i, occupied);
        climb_apply(changes, i, occupied);
    }
    assert_memory_equal(before, occupied, sizeof before);
    assert_int_equal(n_planes, 12); /* off and on */
    assert_int_equal(n_single, 26 + 54);
    free(directions);
    free(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_atoms),
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_stays_where_nothing_is_told),
        cmocka_unit_test(test_off_the_frames),
        cmocka_unit_test(test_changes_of_a_cube),
    };
    return cmocka_run_group_tests(tests, make_frames, drop_frames);
}
