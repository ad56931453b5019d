#if defined(__x86_64__)
#include <immintrin.h>

#define V_LANES 4
#include "pdf/kernels_vectors.h"

#define KERNEL_NAME "AVX2"
#define KERNEL_SET kernels_avx2
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
/* The root of single precision. */
#define KERNEL_ROUGH 0x1p-22
#define KERNEL_ROOT(u) ((v_double)_mm256_cvtps_pd(_mm_sqrt_ps(_mm256_cvtpd_ps((__m256d)(u)))))
#define KERNEL_CELL(root, scale) ((root) * (scale)-0.5 + ROUNDER)
#define KERNEL_MASK v_mask
#define KERNEL_WITHIN(u, low, high) (((u) >= (low)) & ((u) <= (high)))
#define KERNEL_ANY(mask) (_mm256_movemask_pd((__m256d)(mask)) != 0)
#define KERNEL_ALL(mask) (_mm256_movemask_pd((__m256d)(mask)) == 0xf)
#define KERNEL_SELECT(mask, yes, no) ((v_double)_mm256_blendv_pd((__m256d)(no), (__m256d)(yes), (__m256d)(mask)))
#define KERNEL_ADD(sum, low, v4)                                                                                       \
    do {                                                                                                               \
        __m256d low_ = _mm256_load_pd(low);                                                                            \
        _mm256_store_pd((sum), _mm256_add_pd(_mm256_load_pd(sum), low_));                                              \
        _mm256_store_pd((sum) + 4, _mm256_fmadd_pd(low_, _mm256_broadcast_sd(v4), _mm256_load_pd((sum) + 4)));         \
    } while (0)

#include "pdf/kernels_template.h"
#endif
