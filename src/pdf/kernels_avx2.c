#if defined(__x86_64__)
#include <immintrin.h>

#define V_LANES 4
#include "pdf/kernels_vectors.h"

#define KERNEL_NAME "AVX2"
#define KERNEL_SET kernels_avx2
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define KERNEL_ROOT(d2, d, inverse)                                                                                    \
    do {                                                                                                               \
        (d) = (v_double)_mm256_sqrt_pd((__m256d)(d2));                                                                 \
        (inverse) = 1 / __builtin_convertvector((d), v_float);                                                         \
    } while (0)
#define KERNEL_ANY(mask) (_mm256_movemask_pd((__m256d)(mask)) != 0)
#define KERNEL_SELECT(mask, yes, no) ((v_double)_mm256_blendv_pd((__m256d)(no), (__m256d)(yes), (__m256d)(mask)))
#define KERNEL_POWERS(low, t4)                                                                                         \
    ((v8_float)_mm256_broadcast_ps((const __m128 *)(const void *)(low)) *                                              \
     (v8_float)_mm256_blend_ps(_mm256_set1_ps(1), _mm256_broadcast_ss(t4), 0xf0))

#include "pdf/kernels_template.h"
#endif
