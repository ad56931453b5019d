/* Weight files: what was written comes back; every way of damaging a file is refused. */
#include "support.h"

#include "nn/safetensors.h"

static char path[64];

static int in_temporary_file(void **state)
{
    (void)state;
    strcpy(path, "/tmp/deepstruc-safetensors-XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static nn_params example(void)
{
    nn_params params = {0};
    nn_params_declare(&params, "a.weight", 3, 2, NN_HE, 2);
    nn_params_declare(&params, "a.bias", 3, 0, NN_ONE, 2);
    assert_int_equal(nn_params_allocate(&params, false, NULL), DEEPSTRUC_OK);
    nn_params_initialise(&params, 1);
    return params;
}

static void write_example(const nn_params *params)
{
    deepstruc_diag diag;
    safetensors_writer *writer = safetensors_writer_create();
    safetensors_add_metadata(writer, "architecture", "say \"hello\"");
    safetensors_add_params(writer, params, "x.", params->value);
    assert_ok(safetensors_write(writer, path, true, &diag), diag);
    safetensors_writer_destroy(writer);
}

static void what_was_written_comes_back(void **state)
{
    (void)state;
    nn_params params = example(), other = example();
    deepstruc_diag diag;
    write_example(&params);
    safetensors *file;
    assert_ok(safetensors_read(&file, path, &diag), diag);
    assert_int_equal(safetensors_count(file), 2);
    assert_string_equal(safetensors_metadata(file, "architecture"), "say \"hello\"");
    assert_null(safetensors_metadata(file, "nothing"));
    memset(other.value, 0, other.n_values * sizeof *other.value);
    assert_ok(safetensors_load_params(file, &other, "x.", other.value, &diag), diag);
    assert_memory_equal(params.value, other.value, params.n_values * sizeof *params.value);
    assert_int_equal(safetensors_load_params(file, &other, "y.", other.value, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "'y.a.weight' is missing"));
    other.tensor[0].n_rows = 2;
    assert_int_equal(safetensors_load_params(file, &other, "x.", other.value, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "another shape"));
    safetensors_destroy(file);
    nn_params_free(&params);
    nn_params_free(&other);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    nn_params params = example();
    write_example(&params);
    unsigned char bytes[4096];
    FILE *stream = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    safetensors *file;
    for (size_t n = 0; n < size; n++) {
        unsigned char *cut = malloc(n ? n : 1); /* an own block: ASan sees a read behind its end */
        memcpy(cut, bytes, n);
        assert_int_equal(safetensors_parse(&file, cut, n, "cut", NULL), DEEPSTRUC_BAD_INPUT);
        free(cut);
    }
    assert_int_equal(safetensors_parse(&file, bytes, size, "whole", NULL), DEEPSTRUC_OK);
    safetensors_destroy(file);
    nn_params_free(&params);
}

/* A file of the given header and n_data zero bytes. */
static deepstruc_status parse_header(const char *header, size_t n_data, deepstruc_diag *diag)
{
    unsigned char bytes[1024] = {0};
    uint64_t length = strlen(header);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    safetensors *file;
    deepstruc_status status = safetensors_parse(&file, bytes, 8 + length + n_data, "made", diag);
    if (status == DEEPSTRUC_OK)
        safetensors_destroy(file);
    return status;
}

static void damaged_headers_are_refused_with_their_reason(void **state)
{
    (void)state;
#define ENTRY(DTYPE, SHAPE, BEGIN, END)                                                                                \
    "{\"dtype\":\"" DTYPE "\",\"shape\":[" SHAPE "],\"data_offsets\":[" BEGIN "," END "]}"
    const struct {
        const char *header;
        size_t n_data;
        const char *reason;
    } cases[] = {
        {"{\"a\":" ENTRY("F32", "2", "0", "12") "}", 8, "outside"},
        {"{\"a\":" ENTRY("F32", "2", "-4", "4") "}", 8, "not two numbers"},
        {"{\"a\":" ENTRY("F32", "2", "8", "0") "}", 8, "outside"},
        {"{\"a\":" ENTRY("F32", "3", "0", "8") "}", 8, "do not match"},
        {"{\"a\":" ENTRY("F32", "4294967296,4294967296", "0", "8") "}", 8, "not a size"},
        {"{\"a\":" ENTRY("F32", "4611686018427387904", "0", "0") "}", 0, "do not match"},
        {"{\"a\":" ENTRY("F16", "4", "0", "8") "}", 8, "not F32"},
        {"{\"a\":" ENTRY("F32", "1", "1", "5") "}", 5, "outside"},
        {"{\"a\":" ENTRY("F32", "1,1,1,1,1", "0", "4") "}", 4, "at most 4"},
        {"{\"a\":" ENTRY("F32", "2", "0", "8") ",\"b\":" ENTRY("F32", "1", "4", "8") "}", 12, "overlaps"},
        {"{\"a\":" ENTRY("F32", "2", "0", "8") "}", 12, "cut short"},
        {"{\"a\":3}", 0, "not F32"},
        {"[1, 2]", 0, "not an object"},
        {"{\"a\":", 0, "not JSON"},
        {"{\"a\":1,\"a\":1}", 0, "not JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_diag diag;
        assert_int_equal(parse_header(cases[i].header, cases[i].n_data, &diag), DEEPSTRUC_BAD_INPUT);
        if (!strstr(diag.message, cases[i].reason))
            fail_msg("'%s' should say '%s'", diag.message, cases[i].reason);
    }
    assert_int_equal(parse_header("{\"a\":" ENTRY("F32", "2", "0", "8") "}", 8, NULL), DEEPSTRUC_OK);
    assert_int_equal(parse_header("{}", 0, NULL), DEEPSTRUC_OK);
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    nn_params params = example();
    params.value[1] = NAN;
    write_example(&params);
    safetensors *file;
    deepstruc_diag diag;
    assert_int_equal(safetensors_read(&file, path, &diag), DEEPSTRUC_BAD_INPUT);
    assert_non_null(strstr(diag.message, "not finite"));
    nn_params_free(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_written_comes_back),
                                       cmocka_unit_test(every_truncation_is_refused),
                                       cmocka_unit_test(damaged_headers_are_refused_with_their_reason),
                                       cmocka_unit_test(numbers_that_are_not_finite_are_refused)};
    return cmocka_run_group_tests(tests, in_temporary_file, remove_file);
}
