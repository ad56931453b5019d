/* Whatever writes is killed, and meets a full disk, at each of its calls in turn: afterwards the old content stands
 * whole or the new one does, a full disk is reported and leaves nothing behind, and the next try succeeds. */
#include "faults/every_call.h"

#include <dirent.h>
#include <omp.h>
#include <sys/stat.h>

#include "base/file.h"
#include "dataset/set.h"
#include "nn/safetensors.h"

#include <deepstruc/cluster.h>

enum { TOO_MANY = 10000 };

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/deepstruc-faults-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/out", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static size_t n_entries(void)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

static void empty_folder(void)
{
    assert_int_equal(remove_folder(NULL), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

/* ---- the jobs: each writes `path` anew, with the content of `version` ------------------------------------------ */

static int version;

static deepstruc_status write_checkpoint(void)
{
    static float value[5000];
    const size_t shape[] = {50, 100};
    for (size_t i = 0; i < 5000; i++)
        value[i] = (float)version;
    safetensors_writer *writer = safetensors_writer_create();
    safetensors_add(writer, "w", shape, 2, value);
    deepstruc_status status = safetensors_write(writer, path, true, NULL);
    safetensors_writer_destroy(writer);
    return status;
}

static int read_checkpoint(void)
{
    safetensors *file;
    if (safetensors_read(&file, path, NULL) != DEEPSTRUC_OK)
        return -1;
    int found = (int)safetensors_find(file, "w")->value[4999];
    safetensors_destroy(file);
    return found;
}

static deepstruc_status write_dataset(void)
{
    deepstruc_dataset *set;
    if (dataset_allocate(&set, 3, 12, 40, NULL) != DEEPSTRUC_OK)
        return DEEPSTRUC_NO_MEMORY;
    strcpy(set->protocol, "test");
    set->rstep = 0.01;
    for (size_t i = 0; i < 3; i++) {
        set->item[i] = (dataset_item){.name = "row", .n_atoms = 4, .first_atom = 4 * i, .bond_length = 2 + version};
        for (size_t k = 0; k < 12; k++)
            set->xyz[12 * i + k] = (double)k;
    }
    deepstruc_status status = deepstruc_dataset_write(set, path, true, NULL);
    deepstruc_dataset_destroy(set);
    return status;
}

static int read_dataset(void)
{
    deepstruc_dataset *set;
    if (deepstruc_dataset_read(&set, path, NULL) != DEEPSTRUC_OK)
        return -1;
    int found = (int)set->item[2].bond_length - 2;
    deepstruc_dataset_destroy(set);
    return found;
}

static deepstruc_status write_result(void)
{
    file_folder result;
    char name[4400], text[20000];
    memset(text, '0' + version, sizeof text);
    deepstruc_status status = file_folder_open(&result, path, true, NULL);
    static const char *const files[] = {"candidates.csv", "fit.svg", "result.json"};
    for (size_t i = 0; i < 3 && status == DEEPSTRUC_OK; i++) {
        snprintf(name, sizeof name, "%s/%s", result.temporary, files[i]);
        status = file_write(name, text, sizeof text, false, NULL);
    }
    if (status == DEEPSTRUC_OK)
        return file_folder_commit(&result, NULL);
    file_folder_abandon(&result);
    return status;
}

static int read_result(void)
{
    char name[200], *text;
    size_t size;
    int found = -1;
    static const char *const files[] = {"candidates.csv", "fit.svg", "result.json"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s/%s", path, files[i]);
        if (file_read(&text, &size, name, 1 << 20, NULL) != DEEPSTRUC_OK)
            return -1;
        if (size != 20000 || text[0] != text[19999] || (i > 0 && text[0] != '0' + found))
            return -2;
        found = text[0] - '0';
        free(text);
    }
    return found;
}

/* The cache's two versions are two windows of sizes: a file of the other is built anew. */
static deepstruc_status write_cache(void)
{
    deepstruc_catalogue *catalogue;
    deepstruc_status status = deepstruc_catalogue_open(&catalogue, path, 5, 12 + (size_t)version, NULL, NULL);
    if (status == DEEPSTRUC_OK)
        deepstruc_catalogue_destroy(catalogue);
    return status;
}

static int read_cache(void)
{
    bool from_file = false;
    for (int v = 1; v <= 2; v++) {
        char copy[128], command[400];
        snprintf(copy, sizeof copy, "%s.copy", folder); /* opening replaces what does not fit */
        snprintf(command, sizeof command, "cp %s %s 2> /dev/null", path, copy);
        if (system(command) != 0)
            return -1;
        deepstruc_catalogue *catalogue;
        assert_int_equal(deepstruc_catalogue_open(&catalogue, copy, 5, 12 + (size_t)v, &from_file, NULL), DEEPSTRUC_OK);
        deepstruc_catalogue_destroy(catalogue);
        unlink(copy);
        if (from_file)
            return v;
    }
    return -1;
}

/* ---- every call in turn ---------------------------------------------------------------------------------------- */

typedef struct {
    deepstruc_status (*write)(void);
    int (*read)(void); /* the version found; below 0: none that is whole */
    bool forgives;     /* a cache that cannot be written is no error */
    bool swaps;        /* a folder: for two calls its name is free, the old one beside it */
    int step;          /* of calls tried: 1 all of them */
} job;

/* The old folder, kept beside its name while the new one takes it. */
static bool old_is_beside(const job *j)
{
    char command[300];
    snprintf(command, sizeof command, "mv %s.tmp-*.old %s 2> /dev/null", path, path);
    return j->swaps && system(command) == 0 && j->read() == 1;
}

static void try_call(const job *j, long n, fault_kind kind, bool *done)
{
    deepstruc_status status = DEEPSTRUC_OK;
    empty_folder();
    version = 1;
    assert_int_equal(j->write(), DEEPSTRUC_OK);
    version = 2;
    int outcome = fault_at(n, kind, j->write, &status);
    if (outcome < FAULT_KILLED) {
        print_message("skipped: processes cannot be traced here\n");
        skip();
    }
    *done = outcome == FAULT_NOT_REACHED;
    int found = j->read();
    if (*done) {
        assert_int_equal(status, DEEPSTRUC_OK);
        assert_int_equal(found, 2);
        return;
    }
    if (kind == FAULT_DISK_FULL) {
        if (!j->forgives && outcome == DEEPSTRUC_OK && found != 2)
            fail_msg("call %ld failed and nobody said so: version %d is found", n, found);
        else if (!j->forgives && outcome != DEEPSTRUC_OK)
            assert_int_equal(outcome, DEEPSTRUC_CANNOT_WRITE);
        else
            assert_int_equal(outcome, DEEPSTRUC_OK);
        assert_int_equal(n_entries(), 1); /* the output and nothing beside it */
    }
    if (found != 1 && found != 2 && !old_is_beside(j))
        fail_msg("call %ld (%s): found version %d", n, kind == FAULT_KILL ? "killed" : "disk full", found);
    assert_int_equal(j->write(), DEEPSTRUC_OK); /* nothing that was left behind is in the way */
    assert_int_equal(j->read(), 2);
}

static void try_all(const job *j)
{
    for (int kind = FAULT_KILL; kind <= FAULT_DISK_FULL; kind++) {
        bool done = false;
        long n = 0;
        for (; !done && n < TOO_MANY; n += j->step)
            try_call(j, n, (fault_kind)kind, &done);
        assert_true(done && n > 3 * j->step); /* there were calls to fail */
        print_message("%s at each of %ld calls\n", kind == FAULT_KILL ? "killed" : "disk full", n - j->step);
    }
}

static void checkpoints_and_models(void **state)
{
    (void)state;
    try_all(&(job){write_checkpoint, read_checkpoint, .step = 1});
}

static void data_sets(void **state)
{
    (void)state;
    try_all(&(job){write_dataset, read_dataset, .step = 1});
}

static void results(void **state)
{
    (void)state;
    try_all(&(job){write_result, read_result, .swaps = true, .step = 1});
}

static void the_cached_catalogue(void **state)
{
    (void)state;
    try_all(&(job){write_cache, read_cache, .forgives = true, .step = 1});
}

int main(void)
{
    omp_set_num_threads(1); /* each call is made in a forked process, which a team of threads does not survive */
    const struct CMUnitTest tests[] = {cmocka_unit_test(checkpoints_and_models), cmocka_unit_test(data_sets),
                                       cmocka_unit_test(results), cmocka_unit_test(the_cached_catalogue)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
