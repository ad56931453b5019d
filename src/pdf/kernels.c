#include "pdf/kernels.h"

extern const kernels_set kernels_plain, kernels_avx2, kernels_avx512;

const kernels_set *kernels_nth(size_t n)
{
    const kernels_set *set[3] = {&kernels_plain};
    size_t count = 1;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        set[count++] = &kernels_avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        set[count++] = &kernels_avx512;
#endif
    return n < count ? set[n] : NULL;
}

const kernels_set *kernels_best(void)
{
    const kernels_set *best = NULL;
    for (size_t n = 0; kernels_nth(n); n++)
        best = kernels_nth(n);
    return best;
}
