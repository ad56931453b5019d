#include "support.h"

#include "dataset/graph.h"

static bool joined(const dataset_graph *graph, uint32_t i, uint32_t j)
{
    for (uint32_t e = graph->begin[i]; e < graph->begin[i + 1]; e++)
        if (graph->source[e] == j)
            return true;
    return false;
}

static void check_partners(const dataset_graph *graph)
{
    for (uint32_t i = 0; i < graph->n_nodes; i++)
        for (uint32_t e = graph->begin[i]; e < graph->begin[i + 1]; e++) {
            uint32_t j = graph->source[e], back = graph->reverse[e];
            assert_true(back >= graph->begin[j] && back < graph->begin[j + 1]);
            assert_int_equal(graph->source[back], i);
            assert_int_equal(graph->reverse[back], e);
        }
}

static void a_square_has_sides_but_no_diagonals(void **state)
{
    (void)state;
    const double xyz[] = {0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0};
    dataset_graph *graph;
    deepstruc_diag diag;
    assert_ok(dataset_graph_create(&graph, xyz, 4, 1.02, &diag), diag);
    assert_int_equal(graph->n_edges, 4 + 2 * 4); /* each to itself, four sides both ways */
    assert_true(joined(graph, 0, 0) && joined(graph, 0, 1) && joined(graph, 0, 3) && !joined(graph, 0, 2));
    check_partners(graph);
    dataset_graph_destroy(graph);
}

static void doubled_and_one_way_edges_are_the_same_graph(void **state)
{
    (void)state;
    dataset_graph *once, *twice;
    assert_int_equal(dataset_graph_from_edges(&once, 3, (uint32_t[]){0, 1}, (uint32_t[]){1, 2}, 2, NULL), DEEPSTRUC_OK);
    assert_int_equal(
        dataset_graph_from_edges(&twice, 3, (uint32_t[]){2, 1, 1, 0, 1, 1}, (uint32_t[]){1, 2, 0, 1, 1, 2}, 6, NULL),
        DEEPSTRUC_OK);
    assert_int_equal(once->n_edges, 7);
    assert_int_equal(twice->n_edges, 7);
    assert_memory_equal(once->begin, twice->begin, 4 * sizeof *once->begin);
    assert_memory_equal(once->source, twice->source, 7 * sizeof *once->source);
    check_partners(twice);
    dataset_graph_destroy(once);
    dataset_graph_destroy(twice);
}

static void bad_graphs_are_refused(void **state)
{
    (void)state;
    dataset_graph *graph = NULL;
    const double xyz[3] = {0};
    assert_int_equal(dataset_graph_from_edges(&graph, 2, (uint32_t[]){0}, (uint32_t[]){2}, 1, NULL),
                     DEEPSTRUC_BAD_INPUT);
    assert_int_equal(dataset_graph_from_edges(&graph, 0, NULL, NULL, 0, NULL), DEEPSTRUC_TOO_LARGE);
    assert_int_equal(dataset_graph_create(&graph, xyz, 1, NAN, NULL), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_square_has_sides_but_no_diagonals),
                                       cmocka_unit_test(doubled_and_one_way_edges_are_the_same_graph),
                                       cmocka_unit_test(bad_graphs_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
