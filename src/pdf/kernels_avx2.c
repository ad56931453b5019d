#if defined(__x86_64__)
#include <immintrin.h>

#define V_LANES 4
#include "pdf/kernels_vectors.h"

#define KERNEL_NAME "AVX2"
#define KERNEL_SET kernels_avx2
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
/* The reciprocal is that of single precision (no slow division) and a Newton step. */
#define KERNEL_ROOT(d2, d, inverse)                                                                                    \
    do {                                                                                                               \
        (d) = (v_double)_mm256_sqrt_pd((__m256d)(d2));                                                                 \
        v_double rough_ = (v_double)_mm256_cvtps_pd(_mm_div_ps(_mm_set1_ps(1), _mm256_cvtpd_ps((__m256d)(d))));        \
        (inverse) = rough_ * (2 - (d)*rough_);                                                                         \
    } while (0)
#define KERNEL_ANY(mask) (_mm256_movemask_pd((__m256d)(mask)) != 0)
#define KERNEL_SELECT(mask, yes, no) ((v_double)_mm256_blendv_pd((__m256d)(no), (__m256d)(yes), (__m256d)(mask)))
#define KERNEL_ADD(sum, low, t4)                                                                                       \
    do {                                                                                                               \
        __m256d low_ = _mm256_load_pd(low);                                                                            \
        _mm256_store_pd((sum), _mm256_add_pd(_mm256_load_pd(sum), low_));                                              \
        _mm256_store_pd((sum) + 4, _mm256_fmadd_pd(low_, _mm256_broadcast_sd(t4), _mm256_load_pd((sum) + 4)));         \
    } while (0)

#include "pdf/kernels_template.h"
#endif
