/* What tests of trainings share: their files. */
#ifndef TESTS_TRAIN_TRAINED_H
#define TESTS_TRAIN_TRAINED_H

#include "support.h"

/* The file that a training writes, its checkpoint and its log. */
static inline void remove_trained(const char *path)
{
    const char *endings[] = {"", ".checkpoint", ".csv"};
    for (int i = 0; i < 3; i++) {
        char full[256];
        snprintf(full, sizeof full, "%s%s", path, endings[i]);
        unlink(full);
    }
}

/* A whole file, which is smaller; wants free(). */
static inline char *read_trained(const char *path, size_t *n)
{
    enum { MOST = 4 << 20 };
    char *bytes = malloc(MOST);
    FILE *file = fopen(path, "rb");
    assert_non_null(bytes);
    assert_non_null(file);
    *n = fread(bytes, 1, MOST, file);
    assert_true(*n < MOST);
    fclose(file);
    return bytes;
}

/* The same numbers behind headers that may differ, in the hours of their facts. */
static inline void assert_same_numbers(const char *path, const char *other)
{
    size_t n_a, n_b;
    char *a = read_trained(path, &n_a), *b = read_trained(other, &n_b);
    uint64_t header_a, header_b;
    memcpy(&header_a, a, 8);
    memcpy(&header_b, b, 8);
    assert_int_equal(n_a - header_a, n_b - header_b);
    assert_memory_equal(a + 8 + header_a, b + 8 + header_b, n_a - 8 - header_a);
    free(a);
    free(b);
}

/* For deepstruc_progress.cancelled: after two steps; `user` counts the asking. */
static inline bool stop_after_two(void *user)
{
    return ++*(int *)user >= 2;
}

#endif
