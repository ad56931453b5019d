/* What every test program includes: cmocka and a few shorthands. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <deepstruc/deepstruc.h>

/* Fails with the diagnostic's text unless `call` (which uses `diag`) is ok. */
#define assert_ok(call, diag)                                                                                          \
    do {                                                                                                               \
        deepstruc_status status_ = (call);                                                                             \
        if (status_ != DEEPSTRUC_OK) {                                                                                 \
            char text_[1024];                                                                                          \
            deepstruc_diag_text(&(diag), text_, sizeof text_);                                                         \
            fail_msg("%s: %s", #call, text_);                                                                          \
        }                                                                                                              \
    } while (0)

#define assert_close(value, wanted, tolerance)                                                                         \
    do {                                                                                                               \
        double value_ = (value), wanted_ = (wanted);                                                                   \
        if (!(fabs(value_ - wanted_) <= (tolerance)))                                                                  \
            fail_msg("%s = %.15g, wanted %.15g within %g", #value, value_, wanted_, (double)(tolerance));              \
    } while (0)

#define SHARED_DIR DEEPSTRUC_SOURCE_DIR "/../shared"

/* Where a test is for the networks' kernels of one kind of processor: whether this is one. */
static inline int runs_here(void)
{
#ifdef NN_VARIANT
    return __builtin_cpu_supports(NN_VARIANT);
#else
    return 1;
#endif
}

/* True where the reference data lie beside the checkout; says so and skips the cmocka test where not. */
static inline void need_shared(void)
{
    if (access(SHARED_DIR "/oracle/manifest.csv", R_OK) != 0) {
        print_message("skipped: no reference data in ../shared\n");
        skip();
    }
}

#endif
