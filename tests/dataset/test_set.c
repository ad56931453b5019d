/* Data sets: simulated, written, read back; the original's files; damaged files. */
#include "support.h"

#include "base/random.h"
#include "dataset/set.h"

/* On damaged files HDF5 asks for absurd sizes, which the address sanitizer would end the program for, and forgets a
 * block. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static char path[64];

static int in_temporary_file(void **state)
{
    (void)state;
    strcpy(path, "/tmp/deepstruc-dataset-XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* Two structures of 2 and 3 atoms with PDFs of 4 points. */
static deepstruc_dataset *example(void)
{
    deepstruc_dataset *set;
    assert_int_equal(dataset_allocate(&set, 2, 5, 4, NULL), DEEPSTRUC_OK);
    strcpy(set->protocol, "test");
    set->rstep = 0.5;
    set->qmin = 0.7, set->qmax = 25, set->biso = 0.3;
    set->item[0] = (dataset_item){
        .name = "pair Au", .element = "Au", .type = DEEPSTRUC_TYPE_FCC, .n_atoms = 2, .bond_length = 2.5};
    set->item[1] = (dataset_item){.name = "row Pt",
                                  .element = "Pt",
                                  .type = DEEPSTRUC_TYPE_SC,
                                  .split = DEEPSTRUC_TEST,
                                  .n_atoms = 3,
                                  .first_atom = 2,
                                  .bond_length = 2};
    const double x[] = {0, 2.5, 0, 2, 4};
    for (int i = 0; i < 5; i++)
        set->xyz[3 * i] = x[i];
    for (int i = 0; i < 8; i++)
        set->pdf[i] = (float)i / 3;
    assert_int_equal(dataset_make_graphs(set, NULL), DEEPSTRUC_OK);
    return set;
}

static void what_was_written_comes_back(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_dataset *set = example(), *back;
    assert_int_equal(set->item[1].graph->n_edges, 3 + 2 * 2);
    assert_int_equal(deepstruc_dataset_write(set, path, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(deepstruc_dataset_write(set, path, true, &diag), diag);
    assert_ok(deepstruc_dataset_read(&back, path, &diag), diag);
    assert_int_equal(back->n, 2);
    assert_string_equal(back->protocol, "test");
    assert_string_equal(back->item[1].name, "row Pt");
    assert_string_equal(back->item[1].element, "Pt");
    assert_int_equal(back->item[1].type, DEEPSTRUC_TYPE_SC);
    assert_int_equal(back->item[1].split, DEEPSTRUC_TEST);
    assert_int_equal(back->item[1].first_atom, 2);
    assert_close(back->rstep, 0.5, 0);
    assert_close(back->qmax, 25, 0);
    assert_memory_equal(back->xyz, set->xyz, 15 * sizeof(double));
    assert_memory_equal(back->pdf, set->pdf, 8 * sizeof(float));
    assert_int_equal(back->item[1].graph->n_edges, 7);
    assert_int_equal(deepstruc_dataset_count(back, DEEPSTRUC_TEST), 1);
    char text[200];
    deepstruc_dataset_describe(back, text, sizeof text);
    assert_string_equal(text, "test, 2 structures (1 training, 0 validation, 1 test), 2 to 3 atoms, PDFs of 4 points");
    deepstruc_dataset_destroy(set);
    deepstruc_dataset_destroy(back);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_dataset *set = example(), *back = NULL;
    assert_ok(deepstruc_dataset_write(set, path, true, &diag), diag);
    FILE *stream = fopen(path, "rb");
    static unsigned char bytes[1 << 16];
    size_t size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    random_stream random;
    random_seed(&random, 1, 0);
    for (size_t cut = 0; cut < size; cut += size / 7) { /* cut short */
        stream = fopen(path, "wb");
        fwrite(bytes, 1, cut, stream);
        fclose(stream);
        assert_int_equal(deepstruc_dataset_read(&back, path, &diag), DEEPSTRUC_BAD_INPUT);
    }
    for (int trial = 0; trial < 40; trial++) { /* ten bytes wrong: refused or harmless, never a crash */
        static unsigned char wrong[sizeof bytes];
        memcpy(wrong, bytes, size);
        for (int k = 0; k < 10; k++)
            wrong[random_below(&random, size)] = (unsigned char)random_bits(&random);
        stream = fopen(path, "wb");
        fwrite(wrong, 1, size, stream);
        fclose(stream);
        if (deepstruc_dataset_read(&back, path, &diag) == DEEPSTRUC_OK)
            deepstruc_dataset_destroy(back);
    }
    assert_int_equal(deepstruc_dataset_read(&back, "/nowhere/x.h5", &diag), DEEPSTRUC_CANNOT_READ);
    deepstruc_dataset_destroy(set);
}

static void arrays_that_disagree_are_refused(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_dataset *set = example(), *back = NULL;
    set->item[1].n_atoms = 2;
    assert_ok(deepstruc_dataset_write(set, path, true, &diag), diag);
    assert_int_equal(deepstruc_dataset_read(&back, path, &diag), DEEPSTRUC_BAD_INPUT);
    set->item[1].n_atoms = 4;
    assert_ok(deepstruc_dataset_write(set, path, true, &diag), diag);
    assert_int_equal(deepstruc_dataset_read(&back, path, &diag), DEEPSTRUC_BAD_INPUT);
    set->item[1].n_atoms = 3;
    set->pdf[1] = NAN;
    assert_ok(deepstruc_dataset_write(set, path, true, &diag), diag);
    assert_int_equal(deepstruc_dataset_read(&back, path, &diag), DEEPSTRUC_BAD_INPUT);
    deepstruc_dataset_destroy(set);
}

static void the_split_is_the_committed_one(void **state)
{
    (void)state;
    deepstruc_structures *list;
    deepstruc_diag diag;
    assert_ok(deepstruc_structures_of_protocol(&list, "paper", &diag), diag);
    deepstruc_split *split = calloc(list->n, sizeof *split);
    deepstruc_split_random(split, list->n);
    FILE *stream = fopen(DEEPSTRUC_SOURCE_DIR "/models/splits/paper.tsv", "r");
    assert_non_null(stream);
    size_t counts[DEEPSTRUC_N_SPLITS] = {0};
    char line[200], wanted[200];
    for (size_t i = 0; i < list->n; i++) {
        assert_non_null(fgets(line, sizeof line, stream));
        snprintf(wanted, sizeof wanted, "%s\t%s\n", list->structure[i].name, deepstruc_split_name(split[i]));
        assert_string_equal(line, wanted);
        counts[split[i]]++;
    }
    assert_null(fgets(line, sizeof line, stream));
    fclose(stream);
    assert_int_equal(counts[DEEPSTRUC_TRAINING], 2246);
    assert_int_equal(counts[DEEPSTRUC_VALIDATION], 749);
    free(split);
    deepstruc_structures_destroy(list);
}

static void the_originals_files_are_read(void **state)
{
    (void)state;
    need_shared();
    deepstruc_dataset *set;
    deepstruc_diag diag;
    assert_ok(deepstruc_dataset_read(&set, SHARED_DIR "/data/simulated", &diag), diag);
    assert_int_equal(set->n, 6);
    assert_int_equal(set->n_points, 3000);
    for (size_t i = 0; i < set->n; i++) { /* the file's edges are those of our cutoff */
        dataset_item *item = &set->item[i];
        dataset_graph *ours;
        assert_ok(dataset_graph_create(&ours, set->xyz + 3 * item->first_atom, item->n_atoms,
                                       DATASET_PAPER_CUTOFF * item->bond_length, &diag),
                  diag);
        assert_int_equal(ours->n_edges, item->graph->n_edges);
        assert_memory_equal(ours->source, item->graph->source, ours->n_edges * sizeof *ours->source);
        dataset_graph_destroy(ours);
    }
    assert_string_equal(set->item[5].name, "SC_h_2_k_2_l_7_atom_Ti_lc_2.64");
    assert_string_equal(set->item[5].element, "Ti");
    assert_int_equal(set->item[5].type, DEEPSTRUC_TYPE_SC);
    assert_int_equal(set->item[5].n_atoms, 33);
    assert_close(set->item[5].bond_length, 2.64, 0);
    deepstruc_dataset_destroy(set);
    assert_ok(
        deepstruc_dataset_read(&set, SHARED_DIR "/data/simulated/graph_Icosahedron_shell_3_atom_V_lc_2.44.h5", &diag),
        diag);
    assert_int_equal(set->n, 1);
    deepstruc_dataset_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_comes_back), cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(arrays_that_disagree_are_refused), cmocka_unit_test(the_split_is_the_committed_one),
        cmocka_unit_test(the_originals_files_are_read)};
    return cmocka_run_group_tests(tests, in_temporary_file, remove_file);
}
