/* Memory that runs out: each function is called again and again, its first allocation failing, then its second, and so
 * on until none fails. It must say so, leave its output alone, and leave nothing behind (which the suite's run with
 * AddressSanitizer sees). The linker puts the functions below in place of the library's own malloc and its kin; those
 * of other libraries stay as they are. */
#ifndef TESTS_FAULTS_NO_MEMORY_H
#define TESTS_FAULTS_NO_MEMORY_H

#include "support.h"

/* ---- allocations that fail ----------------------------------------------------------------------------------------
 */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

static long left = -1; /* allocations until the one that fails; below 0: none does */
static bool failed;

static bool fails(void)
{
    long before;
#pragma omp atomic capture
    before = left--;
    if (before == 0) {
#pragma omp atomic write
        failed = true;
    }
    return before == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}

/* ---- every allocation in turn ---------------------------------------------------------------------------------------
 */

typedef struct {
    const char *name;
    deepstruc_status (*make)(void **out, deepstruc_diag *diag);
    void (*destroy)(void *made);
    long step; /* of allocations tried beyond the first 12: 1 all of them */
    /* Where the same is made without some memory, slower: its fingerprint. NULL: every failure is to be told. */
    uint64_t (*fingerprint)(const void *made);
} call;

#define DESTROY(name, type)                                                                                            \
    static void destroy_##name(void *made)                                                                             \
    {                                                                                                                  \
        type(made);                                                                                                    \
    }
/* False when no allocation was left to fail. `wanted` is the fingerprint of what is made with all memory. */
static bool try_allocation(const call *c, long n, uint64_t wanted)
{
    static char untouched;
    void *out = &untouched;
    deepstruc_diag diag = {.status = DEEPSTRUC_OK};
    failed = false;
    left = n;
    deepstruc_status status = c->make(&out, &diag);
    left = -1;
    if (status == DEEPSTRUC_OK) {
        assert_ptr_not_equal(out, &untouched);
        if (failed && !(c->fingerprint && c->fingerprint(out) == wanted))
            fail_msg("%s, allocation %ld failed and nobody said so", c->name, n);
        c->destroy(out);
        return failed;
    }
    if (!failed || status != DEEPSTRUC_NO_MEMORY || diag.status != status || out != &untouched)
        fail_msg("%s, allocation %ld: status %d (%s), output %s", c->name, n, (int)status, diag.message,
                 out == &untouched ? "untouched" : "touched");
    return true;
}

static const char *only; /* the name of the one call to be tried; NULL: all */

static void try_calls(const call *calls, size_t n_calls)
{
    for (size_t i = 0; i < n_calls; i++) {
        long n = 0;
        if (only && strcmp(only, calls[i].name) != 0)
            continue;
        uint64_t wanted = 0;
        if (calls[i].fingerprint) {
            void *whole = NULL;
            assert_int_equal(calls[i].make(&whole, NULL), DEEPSTRUC_OK);
            wanted = calls[i].fingerprint(whole);
            calls[i].destroy(whole);
        }
        while (try_allocation(&calls[i], n, wanted))
            n += n < 12 ? 1 : calls[i].step;
        print_message("%s: %ld allocations\n", calls[i].name, n);
        assert_true(n > 0);
    }
}

#endif
