/* The claims about the map, on points whose answers are plain. */
#include "support.h"

#include <jansson.h>

#include "study/map_claims.h"

static double number(const json_t *evaluation, const char *key)
{
    return json_number_value(json_object_get(json_array_get(json_object_get(evaluation, "rows"), 0), key));
}

static void add(json_t *points, double x, double y, const char *type, int atoms, double hexagonality)
{
    json_array_append_new(points, json_pack("[f,f,s,i,f]", x, y, type, atoms, hexagonality));
}

/* fcc about (0, 0), hcp about (4, 0); one octahedron beside fcc and one beside hcp; a decahedron between and one
 * beyond; log(atoms) = y. */
static void types(void **state)
{
    (void)state;
    json_t *points = json_array();
    const int atoms[] = {100, 200, 400};
    for (int i = 0; i < 3; i++) {
        add(points, 0, log(atoms[i]) - log(200), "fcc", atoms[i], 0);
        add(points, 4, log(atoms[i]) - log(200), "hcp", atoms[i], 0);
    }
    add(points, 0.1, 0, "octahedron", 200, 0);
    add(points, 3.9, 0, "octahedron", 200, 0);
    add(points, 2, 0, "decahedron", 200, 0);
    add(points, 5, 0, "decahedron", 200, 0);
    json_t *e = map_claims_types(points, "ours");
    assert_close(number(e, "octahedra_beside_fcc"), 0.5, 0);
    assert_close(number(e, "fcc_share"), 3 / 8.0, 1e-12);
    assert_close(number(e, "decahedra_between"), 0.5, 0);
    assert_close(number(e, "size_correlation"), 1, 1e-9);
    assert_int_equal(json_integer_value(json_object_get(e, "n")), 10);
    json_decref(e);
    json_decref(points);
}

/* Hexagonality grows with x, whatever y does. */
static void stackings(void **state)
{
    (void)state;
    json_t *points = json_array();
    for (int i = 0; i <= 8; i++)
        for (int j = 0; j < 2; j++)
            add(points, i / 8.0, j, i == 0 ? "fcc" : i == 8 ? "hcp" : "stacking", 50, i / 8.0);
    json_t *e = map_claims_stackings(points, "ours");
    assert_close(number(e, "hexagonality_correlation"), 1, 1e-9);
    assert_close(number(e, "few_faults_near_fcc"), 1, 0);
    assert_close(number(e, "many_faults_near_hcp"), 1, 0);
    assert_close(number(e, "faulted_between"), 1, 0);
    json_decref(e);
    json_decref(points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(types), cmocka_unit_test(stackings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
