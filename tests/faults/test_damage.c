/* Small files of each kind, cut at every length and with flipped bits: refused with a line that names the file, or,
 * where the bit meant nothing, read as what was written. */
#include "support.h"

#include <hdf5.h>

#include "cluster/catalogue_file.h"
#include "dataset/set.h"
#include "nn/safetensors.h"

enum { FLIPS = 1500 };

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/deepstruc-damage-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static uint64_t random_number(void)
{
    static uint64_t seed = 5;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed >> 33;
}

static unsigned char *bytes;
static size_t n_bytes;

static void load_bytes(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    free(bytes);
    bytes = malloc(1 << 20);
    n_bytes = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    assert_in_range(n_bytes, 100, 1 << 19);
}

static void store_bytes(size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void is_refused(deepstruc_status status, const deepstruc_diag *diag)
{
    assert_int_not_equal(status, DEEPSTRUC_OK);
    assert_true(diag->message[0] && !strchr(diag->message, '\n'));
}

/* ---- a model ------------------------------------------------------------------------------------------------------
 */

static const float weights[12] = {1, 2, 3, -4, 5, 6, 7, 8, 0.5f, 0.25f, -1e-8f, 3e4f};

static deepstruc_status parse_model(size_t n, deepstruc_diag *diag, bool *whole)
{
    safetensors *file = NULL;
    deepstruc_status status = safetensors_parse(&file, bytes, n, "model", diag);
    if (status != DEEPSTRUC_OK) {
        assert_null(file);
        return status;
    }
    const safetensors_tensor *w = safetensors_find(file, "w");
    const char *format = safetensors_metadata(file, "format");
    *whole = w && w->n == 12 && memcmp(w->value, weights, sizeof weights) == 0 && w->n_dims == 2 && w->shape[0] == 3 &&
             format && strcmp(format, "of a test") == 0;
    safetensors_destroy(file);
    return status;
}

static void models(void **state)
{
    (void)state;
    bool whole = false;
    deepstruc_diag diag;
    safetensors_writer *writer = safetensors_writer_create();
    safetensors_add_metadata(writer, "format", "of a test");
    safetensors_add(writer, "w", (size_t[]){3, 4}, 2, weights);
    assert_ok(safetensors_write(writer, path, true, &diag), diag);
    safetensors_writer_destroy(writer);
    load_bytes();
    assert_ok(parse_model(n_bytes, &diag, &whole), diag);
    assert_true(whole);
    for (size_t n = 0; n < n_bytes; n++)
        is_refused(parse_model(n, &diag, &whole), &diag);
    size_t n_noticed = 0;
    for (size_t bit = 0; bit < 8 * n_bytes; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        deepstruc_status status = parse_model(n_bytes, &diag, &whole);
        if (status == DEEPSTRUC_OK && !whole)
            fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
        n_noticed += status != DEEPSTRUC_OK;
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    print_message("%zu bits of %zu noticed, the others name the sum\n", n_noticed, 8 * n_bytes);
    assert_true(8 * n_bytes - n_noticed <= 8 * strlen("sum"));
}

/* PyTorch's files have no sum, and what somebody changed on purpose can drop it. */
static void models_without_a_sum(void **state)
{
    (void)state;
    static const char header[] = "{\"w\":{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[0,48]},"
                                 "\"__metadata__\":{\"format\":\"of a test\"}}";
    bool whole = false;
    deepstruc_diag diag;
    uint64_t length = strlen(header);
    free(bytes);
    bytes = malloc(n_bytes = 8 + length + sizeof weights);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    memcpy(bytes + 8 + length, weights, sizeof weights);
    assert_ok(parse_model(n_bytes, &diag, &whole), diag);
    assert_true(whole);
}

/* ---- a data set -----------------------------------------------------------------------------------------------------
 */

static deepstruc_dataset *make_set(void)
{
    deepstruc_dataset *set;
    assert_int_equal(dataset_allocate(&set, 3, 12, 20, NULL), DEEPSTRUC_OK);
    strcpy(set->protocol, "test");
    set->rstep = 0.01;
    set->qmax = 25;
    set->biso = NAN;
    for (size_t i = 0; i < 3; i++) {
        set->item[i] = (dataset_item){.name = "row",
                                      .element = "Au",
                                      .type = DEEPSTRUC_TYPE_FCC,
                                      .n_atoms = 4,
                                      .split = (deepstruc_split)i,
                                      .first_atom = 4 * i,
                                      .bond_length = 2};
        for (size_t k = 0; k < 12; k++)
            set->xyz[12 * i + k] = (double)k;
        for (size_t k = 0; k < 20; k++)
            set->pdf[20 * i + k] = (float)(i + k) / 7;
    }
    return set;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_set(const deepstruc_dataset *a, const deepstruc_dataset *b)
{
    bool same = a->n == b->n && a->n_atoms == b->n_atoms && a->n_points == b->n_points &&
                strcmp(a->protocol, b->protocol) == 0 && same_number(a->rmin, b->rmin) &&
                same_number(a->rstep, b->rstep) && same_number(a->qmin, b->qmin) && same_number(a->qmax, b->qmax) &&
                same_number(a->qdamp, b->qdamp) && same_number(a->biso, b->biso) &&
                memcmp(a->xyz, b->xyz, 3 * a->n_atoms * sizeof *a->xyz) == 0 &&
                memcmp(a->pdf, b->pdf, a->n * a->n_points * sizeof *a->pdf) == 0;
    for (size_t i = 0; same && i < a->n; i++) {
        const dataset_item *x = &a->item[i], *y = &b->item[i];
        same = strcmp(x->name, y->name) == 0 && strcmp(x->element, y->element) == 0 && x->type == y->type &&
               x->split == y->split && x->n_atoms == y->n_atoms && x->bond_length == y->bond_length;
    }
    return same;
}

static void data_sets(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_dataset *written = make_set(), *found = NULL;
    assert_ok(deepstruc_dataset_write(written, path, true, &diag), diag);
    load_bytes();
    assert_ok(deepstruc_dataset_read(&found, path, &diag), diag);
    assert_true(same_set(written, found));
    deepstruc_dataset_destroy(found);
    found = NULL;
    for (size_t n = 0; n < n_bytes; n += n < 200 ? 1 : 5) {
        store_bytes(n);
        is_refused(deepstruc_dataset_read(&found, path, &diag), &diag);
    }
    size_t n_noticed = 0;
    for (size_t flip = 0; flip < FLIPS; flip++) {
        size_t bit = random_number() % (8 * n_bytes);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        store_bytes(n_bytes);
        deepstruc_status status = deepstruc_dataset_read(&found, path, &diag);
        if (status == DEEPSTRUC_OK && !same_set(written, found))
            fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
        n_noticed += status != DEEPSTRUC_OK;
        if (status == DEEPSTRUC_OK)
            deepstruc_dataset_destroy(found);
        found = NULL;
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    print_message("%zu of %d bits noticed in %zu bytes, the others change nothing\n", n_noticed, FLIPS, n_bytes);
    assert_true(n_noticed > FLIPS / 10);
    deepstruc_dataset_destroy(written);
    assert_int_equal(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0); /* files, arrays, attributes: all closed */
}

/* ---- a cached catalogue ---------------------------------------------------------------------------------------------
 */

static void caches(void **state)
{
    (void)state;
    deepstruc_catalogue *catalogue;
    catalogue_header want;
    unlink(path);
    assert_int_equal(deepstruc_catalogue_open(&catalogue, path, 5, 13, NULL, NULL), DEEPSTRUC_OK);
    load_bytes();
    memcpy(&want, bytes, sizeof want);
    for (size_t n = 0; n < n_bytes; n++)
        assert_null(catalogue_unpack((const char *)bytes, n, &want));
    for (size_t bit = 0; bit < 8 * n_bytes; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (catalogue_unpack((const char *)bytes, n_bytes, &want))
            fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    deepstruc_catalogue *again = catalogue_unpack((const char *)bytes, n_bytes, &want);
    assert_non_null(again);
    assert_int_equal(again->n, catalogue->n);
    deepstruc_catalogue_destroy(again);
    deepstruc_catalogue_destroy(catalogue);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(models), cmocka_unit_test(models_without_a_sum),
                                       cmocka_unit_test(data_sets), cmocka_unit_test(caches)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
