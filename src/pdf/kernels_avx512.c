#if defined(__x86_64__)
#include <immintrin.h>

#define V_LANES 8
#include "pdf/kernels_vectors.h"

#define KERNEL_NAME "AVX-512"
#define KERNEL_SET kernels_avx512
#define KERNEL_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))

/* From the 14-bit estimate of 1/d, one coupled Newton step (28 bits), then a corrected root: half the time of a root.
 */
#define KERNEL_ROOT(d2, d, inverse)                                                                                    \
    do {                                                                                                               \
        v_double y_ = (v_double)_mm512_rsqrt14_pd((__m512d)(d2)), half_ = 0.5 * y_, rough_ = (d2)*y_;                  \
        v_double error_ = (v_double)_mm512_fnmadd_pd((__m512d)rough_, (__m512d)half_, _mm512_set1_pd(0.5));            \
        rough_ = rough_ * error_ + rough_;                                                                             \
        half_ = half_ * error_ + half_;                                                                                \
        (d) = (v_double)_mm512_fnmadd_pd((__m512d)rough_, (__m512d)rough_, (__m512d)(d2)) * half_ + rough_;            \
        (inverse) = half_ + half_;                                                                                     \
    } while (0)
#define KERNEL_ANY(mask) (_mm512_movepi64_mask((__m512i)(mask)) != 0)
#define KERNEL_SELECT(mask, yes, no)                                                                                   \
    ((v_double)_mm512_mask_blend_pd(_mm512_movepi64_mask((__m512i)(mask)), (__m512d)(no), (__m512d)(yes)))
#define KERNEL_ADD(sum, low, t4)                                                                                       \
    _mm512_store_pd((sum), _mm512_fmadd_pd(_mm512_broadcast_f64x4(_mm256_load_pd(low)),                                \
                                           _mm512_mask_broadcastsd_pd(_mm512_set1_pd(1), 0xf0, _mm_load_sd(t4)),       \
                                           _mm512_load_pd(sum)))

#include "pdf/kernels_template.h"
#endif
