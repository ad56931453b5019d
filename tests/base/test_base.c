#include "support.h"

#include <sys/stat.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

static void numbers_of_every_dialect(void **state)
{
    (void)state;
    double x;
    const char *end;
    assert_true(text_parse_double(" 1.5D+03 ", &x));
    assert_close(x, 1500, 0);
    assert_true(text_read_double("-2.5e-1,7", &end, &x));
    assert_close(x, -0.25, 0);
    assert_string_equal(end, ",7");
    assert_true(text_parse_double("nan", &x) && isnan(x));
    assert_false(text_parse_double("", &x));
    assert_false(text_parse_double("12abc", &x));
    assert_false(text_parse_double("0x10", &x));
    assert_false(text_parse_double("data", &x));
}

static void names_from_paths(void **state)
{
    (void)state;
    char stem[32];
    text_stem("a/b.c/Au144.gr", stem, sizeof stem);
    assert_string_equal(stem, "Au144");
    text_stem(".gr", stem, sizeof stem);
    assert_string_equal(stem, ".gr");
}

static void diagnostics_are_one_line(void **state)
{
    (void)state;
    deepstruc_diag diag;
    char text[600];
    assert_int_equal(diag_fail_at(&diag, DEEPSTRUC_BAD_INPUT, "x.gr", 7, "two\nlines"), DEEPSTRUC_BAD_INPUT);
    deepstruc_diag_text(&diag, text, sizeof text);
    assert_string_equal(text, "x.gr:7: two lines");
    assert_int_equal(diag_fail(NULL, DEEPSTRUC_NUMERIC, "nobody listens"), DEEPSTRUC_NUMERIC);

    /* Nothing that a file says moves a terminal's cursor: escapes, tabs, C1 controls in UTF-8; Å and ° stay. */
    char said[] = "a\x1b[2Jb\tc\x7f \xc2\x9bm \xc3\x85 \xc2\xb0";
    text_make_line(said);
    assert_string_equal(said, "a [2Jb c    m \xc3\x85 \xc2\xb0");
    deepstruc_notes notes = {0};
    notes_add(&notes, "%s", "x\x1b\ny");
    assert_string_equal(notes.text[0], "x  y");
    notes_clear(&notes);
}

static void fields_refuse_what_is_out_of_range(void **state)
{
    (void)state;
    struct {
        double a;
        long b;
    } s = {1, 2};
    const deepstruc_field fields[] = {{"a", DEEPSTRUC_FIELD_DOUBLE, 0, 0, 2, false, "X", ""},
                                      {"b", DEEPSTRUC_FIELD_LONG, sizeof(double), 1, 3, false, "N", ""},
                                      {0}};
    assert_int_equal(deepstruc_fields_check(fields, &s, NULL), DEEPSTRUC_OK);
    s.a = NAN;
    assert_int_equal(deepstruc_fields_check(fields, &s, NULL), DEEPSTRUC_BAD_ARGUMENT);
    s.a = 0, s.b = 4;
    deepstruc_diag diag;
    assert_int_equal(deepstruc_fields_check(fields, &s, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_non_null(strstr(diag.message, "b = 4"));
}

static void json_has_no_nan(void **state)
{
    (void)state;
    json_t *null = json_number(NAN), *one = json_number(1);
    assert_true(json_is_null(null));
    assert_true(json_is_real(one));
    json_decref(null);
    json_decref(one);
}

static void sizes_do_not_overflow(void **state)
{
    (void)state;
    assert_null(memory_aligned(SIZE_MAX / 4, 8));
    double *array = NULL;
    size_t capacity = 0;
    assert_true(MEMORY_GROW(&array, &capacity, 10));
    assert_true(capacity >= 10);
    assert_false(MEMORY_GROW(&array, &capacity, SIZE_MAX / 4));
    free(array);
}

static void streams_are_independent_and_flat(void **state)
{
    (void)state;
    random_stream a, b;
    random_seed(&a, 1, 1);
    random_seed(&b, 1, 2);
    assert_true(random_bits(&a) != random_bits(&b));
    double sum = 0, square = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        double x = random_normal(&a);
        sum += x, square += x * x;
        assert_true(random_below(&b, 3) < 3);
    }
    assert_close(sum / N, 0, 5 / sqrt(N)); /* five standard errors */
    assert_close(square / N, 1, 5 * sqrt(2.0 / N));
}

static void files_appear_whole_or_not_at_all(void **state)
{
    (void)state;
    char dir[] = "/tmp/deepstruc-test-XXXXXX", path[64], *text;
    size_t size;
    deepstruc_diag diag;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/a", dir);
    assert_ok(file_write(path, "hello", 5, false, &diag), diag);
    assert_int_equal(file_write(path, "again", 5, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(file_write(path, "again", 5, true, &diag), diag);
    assert_ok(file_read(&text, &size, path, 100, &diag), diag);
    assert_string_equal(text, "again");
    free(text);
    assert_int_equal(file_read(&text, &size, path, 4, &diag), DEEPSTRUC_TOO_LARGE);
    assert_int_equal(file_read(&text, &size, dir, 4, &diag), DEEPSTRUC_CANNOT_READ);
    file_writer writer;
    snprintf(path, sizeof path, "%s/b", dir);
    assert_ok(file_writer_open(&writer, path, false, &diag), diag);
    fputs("half", writer.stream);
    file_writer_abandon(&writer);
    assert_int_not_equal(access(path, F_OK), 0);

    file_folder folder;
    assert_int_equal(file_folder_open(&folder, dir, false, &diag), DEEPSTRUC_EXISTS);
    assert_int_equal(file_folder_open(&folder, dir, true, &diag), DEEPSTRUC_EXISTS); /* not ours: keeps what is in it */
    snprintf(path, sizeof path, "%s/a", dir);
    assert_int_equal(unlink(path), 0);
    assert_ok(file_folder_open(&folder, dir, true, &diag), diag); /* empty: may go */
    assert_ok(file_folder_commit(&folder, &diag), diag);
    assert_int_equal(rmdir(dir), 0); /* nothing temporary is left beside or in it */
}

/* Test vectors of the authors. */
static void bytes_have_their_hash(void **state)
{
    (void)state;
    assert_int_equal(hash_bytes("", 0), 0xcbf29ce484222325u);
    assert_int_equal(hash_bytes("a", 1), 0xaf63dc4c8601ec8cu);
    assert_int_equal(hash_bytes("foobar", 6), 0x85944171f73967e8u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_dialect),
        cmocka_unit_test(names_from_paths),
        cmocka_unit_test(diagnostics_are_one_line),
        cmocka_unit_test(fields_refuse_what_is_out_of_range),
        cmocka_unit_test(json_has_no_nan),
        cmocka_unit_test(sizes_do_not_overflow),
        cmocka_unit_test(streams_are_independent_and_flat),
        cmocka_unit_test(files_appear_whole_or_not_at_all),
        cmocka_unit_test(bytes_have_their_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
