#if defined(__x86_64__)
#include <immintrin.h>

#define V_LANES 8
#include "pdf/kernels_vectors.h"

#define KERNEL_NAME "AVX-512"
#define KERNEL_SET kernels_avx512
#define KERNEL_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))

#define KERNEL_ROUGH 0x1p-14
#define KERNEL_ROOT(u) ((u) * (v_double)_mm512_rsqrt14_pd((__m512d)(u)))
#define KERNEL_CELL(root, scale)                                                                                       \
    ((v_double)_mm512_fmadd_round_pd((__m512d)(root), _mm512_set1_pd(scale), _mm512_set1_pd(ROUNDER),                  \
                                     _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC))
#define KERNEL_MASK __mmask8
#define KERNEL_WITHIN(u, low, high)                                                                                    \
    _mm512_mask_cmp_pd_mask(_mm512_cmp_pd_mask((__m512d)(u), _mm512_set1_pd(low), _CMP_GE_OQ), (__m512d)(u),           \
                            _mm512_set1_pd(high), _CMP_LE_OQ)
#define KERNEL_ANY(mask) ((mask) != 0)
#define KERNEL_ALL(mask) ((mask) == 0xff)
#define KERNEL_SELECT(mask, yes, no) ((v_double)_mm512_mask_blend_pd(mask, (__m512d)(no), (__m512d)(yes)))
#define KERNEL_ADD(sum, low, v4)                                                                                       \
    _mm512_store_pd((sum), _mm512_fmadd_pd(_mm512_broadcast_f64x4(_mm256_load_pd(low)),                                \
                                           _mm512_mask_broadcastsd_pd(_mm512_set1_pd(1), 0xf0, _mm_load_sd(v4)),       \
                                           _mm512_load_pd(sum)))

#include "pdf/kernels_template.h"
#endif
