/* The folder of a result, written from a solution that is made by hand, read back and looked at. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <jansson.h>

#include "made_up.h"

static char scratch[] = "/tmp/deepstruc-test-XXXXXX";

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static int make_scratch(void **state)
{
    (void)state;
    return mkdtemp(scratch) ? 0 : -1;
}

static int remove_scratch(void **state)
{
    (void)state;
    return nftw(scratch, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *in_scratch(const char *name)
{
    static char path[4][300];
    static int next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", scratch, name);
    return out;
}

/* The whole of a file in the scratch folder; the caller frees it. */
static char *slurp(const char *name, size_t *size)
{
    FILE *stream = fopen(in_scratch(name), "rb");
    if (!stream)
        fail_msg("%s is not there", name);
    fseek(stream, 0, SEEK_END);
    long length = ftell(stream);
    rewind(stream);
    char *text = calloc((size_t)length + 1, 1);
    assert_int_equal(fread(text, 1, (size_t)length, stream), length);
    fclose(stream);
    if (size)
        *size = (size_t)length;
    return text;
}

static int entries_of_scratch(void)
{
    DIR *folder = opendir(scratch);
    int n = 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2; /* . and .. */
}

static void write_made_up(const char *name)
{
    made_up all;
    deepstruc_diag diag = {0};
    made_up_create(&all);
    assert_ok(deepstruc_report_write(&all.solution, &all.pdf, in_scratch(name), false, &diag), diag);
    made_up_destroy(&all);
}

static void test_result_json_holds_every_key_of_the_contract(void **state)
{
    (void)state;
    write_made_up("json");
    json_error_t error;
    json_t *result = json_load_file(in_scratch("json/result.json"), 0, &error);
    if (!result)
        fail_msg("result.json:%d: %s", error.line, error.text);
    const char *version, *file, *element, *kind, *type, *why;
    json_t *assumed, *settings, *flags, *candidates, *latent;
    json_int_t points, n_atoms;
    double rmin, rmax, rstep, qmin, qmax, timing[4];
    if (json_unpack_ex(result, &error, 0,
                       "{s:s, s:{s:s, s:I, s:F, s:F, s:F, s:F, s:F, s:s, s:o}, s:o, s:o,"
                       " s:{s:s, s:o, s:s, s:I, s:s}, s:o, s:{s:F, s:F, s:F, s:F}}",
                       "version", &version, "input", "file", &file, "points", &points, "rmin", &rmin, "rmax", &rmax,
                       "rstep", &rstep, "qmin", &qmin, "qmax", &qmax, "element", &element, "assumed", &assumed,
                       "settings", &settings, "latent", &latent, "verdict", "kind", &kind, "flags", &flags, "type",
                       &type, "n_atoms", &n_atoms, "why", &why, "candidates", &candidates, "timing_s", "read",
                       &timing[0], "propose", &timing[1], "refine", &timing[2], "report", &timing[3]) != 0)
        fail_msg("%s", error.text);
    assert_string_equal(file, "data/Au <144>.gr");
    assert_int_equal(points, MADE_UP_POINTS);
    assert_close(rmax, 20, 1e-9);
    assert_close(rstep, 0.1, 1e-9);
    assert_string_equal(element, "Au");
    assert_int_equal(json_array_size(assumed), 2);
    assert_int_equal(json_array_size(flags), 2);
    assert_string_equal(json_string_value(json_array_get(flags, 1)), "too-large");
    assert_string_equal(kind, "ambiguous");
    assert_true(json_is_null(latent));
    assert_true(json_is_number(json_object_get(settings, "qdamp")));
    assert_true(json_is_integer(json_object_get(settings, "seed")));
    assert_true(timing[3] > 0 && timing[3] < 100);
    assert_int_equal(json_array_size(candidates), 10); /* settings.top of the 16 */
    json_decref(result);
}

static void test_rows_of_result_json(void **state)
{
    (void)state;
    write_made_up("rows");
    json_t *result = json_load_file(in_scratch("rows/result.json"), 0, NULL), *row;
    json_t *candidates = json_object_get(result, "candidates"), *also = json_object_get(result, "also");
    assert_int_equal(json_array_size(candidates), 10);
    assert_int_equal(json_array_size(also), 1); /* the verdict's, behind the top */
    json_array_extend(candidates, also);
    size_t i;
    json_array_foreach(candidates, i, row)
    {
        const char *method, *type, *shape, *name, *xyz;
        json_int_t rank, n_atoms, group;
        double rw, scale, expansion, bond_length, biso;
        json_t *esd;
        json_error_t error;
        if (json_unpack_ex(row, &error, 0, "{s:I, s:s, s:s, s:s, s:s, s:I, s:F, s:F, s:F, s:F, s:F, s:o, s:I, s:s}",
                           "rank", &rank, "method", &method, "type", &type, "shape", &shape, "name", &name, "n_atoms",
                           &n_atoms, "rw", &rw, "scale", &scale, "expansion", &expansion, "bond_length", &bond_length,
                           "biso", &biso, "esd", &esd, "group", &group, "xyz", &xyz) != 0)
            fail_msg("row %zu: %s", i, error.text);
        assert_int_equal(rank, i < 10 ? i + 1 : MADE_UP_SPOKEN_OF + 1);
        assert_close(rw, 0.21 + 0.017 * (double)(rank - 1), 1e-9); /* ten digits are printed */
        char path[200];
        snprintf(path, sizeof path, "rows/%s", xyz);
        assert_int_equal(access(in_scratch(path), R_OK), 0);
        /* bond * esd_expansion / expansion = 2.856 * 0.0005 / 1.002 */
        assert_close(json_number_value(json_object_get(esd, "bond_length")), 0.00142514970, 1e-10);
        assert_int_equal(json_is_null(json_object_get(esd, "biso")), i == 2); /* not-a-number is null */
    }
    assert_int_equal(access(in_scratch("rows/candidates/011-decahedron-0.xyz"), F_OK), -1);
    json_decref(result);
}

/* Splits a CSV line at its commas, quotes respected, in place. */
static int split_csv(char *line, char *field[], int max)
{
    int n = 0;
    while (n < max) {
        field[n++] = line;
        bool quoted = false;
        for (; *line && (quoted || *line != ','); line++)
            if (*line == '"')
                quoted = !quoted;
        if (!*line)
            break;
        *line++ = '\0';
    }
    return n;
}

static void test_candidates_csv_has_every_candidate(void **state)
{
    (void)state;
    write_made_up("csv");
    char *text = slurp("csv/candidates.csv", NULL), *line = strtok(text, "\n"), *field[40];
    assert_int_equal(split_csv(line, field, 40), 20);
    assert_string_equal(field[0], "rank");
    assert_string_equal(field[6], "rw");
    for (int i = 0; i < MADE_UP_CANDIDATES; i++) {
        line = strtok(NULL, "\n");
        assert_non_null(line);
        assert_int_equal(split_csv(line, field, 40), 20);
        assert_int_equal(atoi(field[0]), i + 1);
        assert_int_equal(strlen(field[13]) == 0, i == 2); /* the missing esd_biso */
        assert_int_equal(strlen(field[19]) == 0,
                         i >= 10 && i != MADE_UP_SPOKEN_OF); /* no structure file below the top */
        assert_int_equal(field[4][0], '"');                  /* "decahedron 1,0,0" holds commas */
    }
    assert_null(strtok(NULL, "\n"));
    free(text);
}

/* Columns at the end for the terms that any candidate has, empty for those without. */
static void test_candidates_csv_has_the_terms(void **state)
{
    (void)state;
    made_up all;
    deepstruc_diag diag = {0};
    made_up_create(&all);
    all.candidate[0].fit.n_terms = 1;
    all.candidate[0].fit.term[0] = (deepstruc_term){"delta2", "Å²", 2.5, 0.25, true, false};
    all.candidate[3].fit.n_terms = 2;
    all.candidate[3].fit.term[0] = (deepstruc_term){"delta2", "Å²", 3.5, NAN, true, true};
    all.candidate[3].fit.term[1] = (deepstruc_term){"axial", "", 0.01, 0.002, true, false};
    assert_ok(deepstruc_report_write(&all.solution, &all.pdf, in_scratch("terms"), false, &diag), diag);
    made_up_destroy(&all);
    char *text = slurp("terms/candidates.csv", NULL), *line = strtok(text, "\n"), *field[40];
    static const char *const names[] = {"delta2", "esd_delta2", "axial", "esd_axial"};
    assert_int_equal(split_csv(line, field, 40), 24);
    for (int k = 0; k < 4; k++)
        assert_string_equal(field[20 + k], names[k]);
    static const char *const rows[4][4] = {
        {"2.500000", "0.250000", "", ""}, {"", "", "", ""}, {"", "", "", ""}, {"3.500000", "", "0.010000", "0.002000"}};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(split_csv(strtok(NULL, "\n"), field, 40), 24);
        for (int k = 0; k < 4; k++)
            assert_string_equal(field[20 + k], rows[i][k]);
    }
    free(text);
}

static void test_fgr_has_the_columns_of_pdfgui(void **state)
{
    (void)state;
    write_made_up("fgr");
    char *text = slurp("fgr/fit-001.fgr", NULL), *data = strstr(text, "#L r(A) G(r) d_r d_Gr Gdiff\n");
    assert_non_null(data);
    assert_non_null(strstr(text, "##### PDFgui fit\n"));
    data = strchr(data, '\n') + 1;
    double r, g, dr, dg, difference;
    int n = 0, used;
    for (; sscanf(data, "%lf %lf %lf %lf %lf%n", &r, &g, &dr, &dg, &difference, &used) == 5; data += used, n++) {
        assert_close(r, 1.5 + 0.1 * n, 1e-5);
        assert_close(g + difference, made_up_g(1.5 + 0.1 * n, 0.16), 1e-6); /* the data; eight digits are printed */
    }
    assert_int_equal(n, MADE_UP_N);
    assert_int_equal(access(in_scratch("fgr/fit-002.fgr"), R_OK), 0);
    assert_int_equal(access(in_scratch("fgr/fit-003.fgr"), F_OK), -1);
    free(text);
}

static void test_xyz_comment_holds_the_fit(void **state)
{
    (void)state;
    write_made_up("xyz");
    char name[100];
    made_up all;
    made_up_create(&all);
    snprintf(name, sizeof name, "xyz/candidates/001-decahedron-%zu.xyz", all.cluster[0].n_atoms);
    char *text = slurp(name, NULL);
    assert_int_equal(strtoul(text, NULL, 10), all.cluster[0].n_atoms);
    assert_non_null(strstr(text, "rw=0.210000"));
    assert_non_null(strstr(text, "bond_length=2.856000"));
    assert_non_null(strstr(text, "biso=0.640000"));
    assert_non_null(strstr(text, "\nAu "));
    free(text);
    made_up_destroy(&all);
}

/* Every file but result.json, which states times, is the same when written again. */
static void test_the_same_solution_gives_the_same_bytes(void **state)
{
    (void)state;
    static const char *const file[] = {"candidates.csv", "fit-001.fgr", "fit.svg", "fit.png", "fit.pdf", "report.html"};
    write_made_up("once");
    write_made_up("again");
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        char name[100];
        size_t size_once, size_again;
        snprintf(name, sizeof name, "once/%s", file[i]);
        char *once = slurp(name, &size_once);
        snprintf(name, sizeof name, "again/%s", file[i]);
        char *again = slurp(name, &size_again);
        if (size_once != size_again || memcmp(once, again, size_once) != 0)
            fail_msg("%s differs", file[i]);
        if (strcmp(file[i], "fit.pdf") == 0) /* a date of its own, not today's */
            assert_non_null(memmem(once, size_once, "20000101", 8));
        free(once);
        free(again);
    }
}

static void test_an_existing_folder_is_kept_without_force(void **state)
{
    (void)state;
    made_up all;
    deepstruc_diag diag = {0};
    made_up_create(&all);
    const char *folder = in_scratch("kept");
    assert_ok(deepstruc_report_write(&all.solution, &all.pdf, folder, false, &diag), diag);
    assert_int_equal(deepstruc_report_write(&all.solution, &all.pdf, folder, false, &diag), DEEPSTRUC_EXISTS);
    assert_ok(deepstruc_report_write(&all.solution, &all.pdf, folder, true, &diag), diag);
    made_up_destroy(&all);
}

static void test_no_candidates_is_an_error(void **state)
{
    (void)state;
    made_up all;
    deepstruc_diag diag = {0};
    made_up_create(&all);
    int before = entries_of_scratch();
    all.solution.n_candidates = 0;
    assert_int_equal(deepstruc_report_write(&all.solution, &all.pdf, in_scratch("none"), false, &diag),
                     DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(entries_of_scratch(), before);
    made_up_destroy(&all);
}

/* Writes under a limit of `bytes` per file, as on a full disk, in a child: the limit is the process's. */
static int write_with_limit(rlim_t bytes)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        made_up all;
        deepstruc_diag diag = {0};
        made_up_create(&all);
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){bytes, bytes});
        deepstruc_status status = deepstruc_report_write(&all.solution, &all.pdf, in_scratch("full"), false, &diag);
        bool named = strstr(diag.file, "/full") && !strstr(diag.file, ".tmp") && diag.message[0];
        _exit(named ? (int)status : 99);
    }
    int ended;
    waitpid(child, &ended, 0);
    return WEXITSTATUS(ended);
}

static void test_a_full_disk_leaves_nothing_behind(void **state)
{
    (void)state;
    int before = entries_of_scratch();
    static const rlim_t limits[] = {0, 100, 1500, 3000, 8000, 20000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        assert_int_equal(write_with_limit(limits[i]), DEEPSTRUC_CANNOT_WRITE);
        assert_int_equal(entries_of_scratch(), before);
    }
}

static void test_latent_map_as_a_picture(void **state)
{
    (void)state;
    float x[] = {-1, 0, 1}, y[] = {0.5f, -0.5f, 0};
    unsigned char type[] = {DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_HCP, 200}; /* the last is none: drawn as unknown */
    int32_t n_atoms[] = {13, 55, 147};
    deepstruc_latent_map map = {.n_points = 3, .x = x, .y = y, .type = type, .n_atoms = n_atoms};
    deepstruc_latent_place place = {"a <b> & c.gr", {0.2, 0.1}, {0.3, 0.2}};
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_report_latent(&map, &place, 1, in_scratch("map.svg"), false, &diag), diag);
    assert_int_equal(deepstruc_report_latent(&map, &place, 1, in_scratch("map.svg"), false, &diag), DEEPSTRUC_EXISTS);
    assert_int_equal(deepstruc_report_latent(&map, &place, 1, in_scratch("map.jpg"), false, &diag),
                     DEEPSTRUC_BAD_ARGUMENT);
    assert_int_equal(access(in_scratch("map.jpg"), F_OK), -1);
    size_t size;
    char *text = slurp("map.svg", &size);
    assert_true(size > 2000 && strncmp(text, "<?xml", 5) == 0);
    assert_string_equal(text + size - strlen("</svg>\n"), "</svg>\n");
    free(text);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of places that coincide stand beside one another: no letter is drawn twice at one spot. */
static void test_names_on_the_map_keep_clear_of_one_another(void **state)
{
    (void)state;
    float x[] = {-1, 1}, y[] = {0.5f, -0.5f};
    unsigned char type[] = {DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_HCP};
    int32_t n_atoms[] = {13, 55};
    deepstruc_latent_map map = {.n_points = 2, .x = x, .y = y, .type = type, .n_atoms = n_atoms};
    deepstruc_latent_place place[6]; /* one for each side, two further up */
    for (size_t i = 0; i < 6; i++)
        place[i] = (deepstruc_latent_place){"mno.gr", {0, 0}, {0.02, 0.02}};
    deepstruc_diag diag;
    assert_ok(deepstruc_report_latent(&map, place, 6, in_scratch("names.svg"), false, &diag), diag);
    size_t size, n = 0;
    char *text = slurp("names.svg", &size), **glyph = calloc(size, sizeof *glyph), *rest = text, *line;
    while ((line = strsep(&rest, "\n")))
        if (strncmp(line, "  <use ", 7) == 0)
            glyph[n++] = line;
    assert_true(n > 6 * 6 * 9); /* six letters of six names, each over its eightfold halo */
    qsort(glyph, n, sizeof *glyph, by_text);
    for (size_t i = 1; i < n; i++)
        assert_string_not_equal(glyph[i], glyph[i - 1]);
    free(glyph);
    free(text);
}

static size_t characters(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n += (text[i] & 0xc0) != 0x80;
    return n;
}

static void test_terminal_table_is_aligned_and_narrow(void **state)
{
    (void)state;
    made_up all;
    deepstruc_diag diag = {0};
    made_up_create(&all);
    all.cluster[5].type = DEEPSTRUC_TYPE_FCC; /* so that rank 6 is left out and rank 16 is the first twin */
    strcpy(all.cluster[1].shape, "a shape whose name is far too long for it");
    strcpy(all.cluster[2].shape, "größte Hülle überhaupt");
    char *text;
    assert_ok(deepstruc_report_table(&text, &all.solution, 3, &diag), diag);
    int lines = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1, lines++) {
        size_t width = characters(line, (size_t)(end - line));
        assert_true(width <= 100);
        assert_true(width == 100 || strncmp(line, "   ⋯", 6) == 0);
    }
    /* Head and rule, three ranks, the best of seven more types and the verdict's, gaps before 7, 14 and 16. */
    assert_int_equal(lines, 2 + 3 + 8 + 3);
    assert_non_null(strstr(text, " 2.8560(14)  "));
    assert_non_null(strstr(text, "a shape whose name is…"));
    free(text);
    made_up_destroy(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_json_holds_every_key_of_the_contract),
        cmocka_unit_test(test_rows_of_result_json),
        cmocka_unit_test(test_candidates_csv_has_every_candidate),
        cmocka_unit_test(test_candidates_csv_has_the_terms),
        cmocka_unit_test(test_fgr_has_the_columns_of_pdfgui),
        cmocka_unit_test(test_xyz_comment_holds_the_fit),
        cmocka_unit_test(test_the_same_solution_gives_the_same_bytes),
        cmocka_unit_test(test_an_existing_folder_is_kept_without_force),
        cmocka_unit_test(test_no_candidates_is_an_error),
        cmocka_unit_test(test_terminal_table_is_aligned_and_narrow),
        cmocka_unit_test(test_latent_map_as_a_picture),
        cmocka_unit_test(test_names_on_the_map_keep_clear_of_one_another),
        cmocka_unit_test(test_a_full_disk_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
