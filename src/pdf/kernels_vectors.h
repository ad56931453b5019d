/* Vectors of GCC's and clang's extension: V_LANES doubles at a time, as wide as the target's registers (the compiler
 * splits wider ones badly). The including file defines V_LANES, 4 or 8. */
#ifndef PDF_KERNELS_VECTORS_H
#define PDF_KERNELS_VECTORS_H

#include <stdint.h>

typedef double v_double __attribute__((vector_size(8 * V_LANES)));
typedef int64_t v_mask __attribute__((vector_size(8 * V_LANES)));
typedef double v2_double __attribute__((vector_size(16)));
typedef double v4_double __attribute__((vector_size(32)));

#endif
