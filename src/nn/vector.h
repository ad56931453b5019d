/* Loops that the compiler turns into vector instructions, chosen at run time for the processor at hand. */
#ifndef NN_VECTOR_H
#define NN_VECTOR_H

#include <stdint.h>
#include <string.h>

#include "nn/real.h"

/* In front of a function: compiled for AVX-512, for AVX2 and plainly; the dynamic linker picks one. Sanitizers run
 * before it could, so there only the plain one is made. Within one machine the bytes are always the same. Tests say
 * which one they want. */
#if defined NN_KERNEL
#elif defined __x86_64__ && !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ && !defined __clang__
#define NN_KERNEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define NN_KERNEL
#endif

/* exp to 2 units in the last place, without a call, so that loops over it become vectors: x = n log 2 + f, the Taylor
 * series of exp(f) for |f| <= log(2) / 2 to the seventh power (remainder 5e-9), times 2^n put into the exponent's bits.
 * Below -87 it is exp(-87), above 88 exp(88). */
static inline real nn_exp(real x)
{
#ifdef NN_DOUBLE
    return exp(x);
#else
    x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    float n = x * 1.44269504f + 12582912.0f; /* adding 1.5 * 2^23 rounds to the nearest whole number */
    n -= 12582912.0f;
    float f = x - n * 0.693359375f; /* log 2 in two pieces, the first exact in products with n */
    f -= n * -2.12194440e-4f;
    float sum = 1.0f / 5040;
    sum = sum * f + 1.0f / 720;
    sum = sum * f + 1.0f / 120;
    sum = sum * f + 1.0f / 24;
    sum = sum * f + 1.0f / 6;
    sum = sum * f + 0.5f;
    sum = sum * f + 1.0f;
    sum = sum * f + 1.0f;
    int32_t bits = (int32_t)((uint32_t)((int32_t)n + 127) << 23);
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return sum * scale;
#endif
}

/* 1 / (1 + exp(-x)); both tails without overflow, since exp is taken of what is not positive. */
static inline real nn_sigmoid(real x)
{
    real e = nn_exp(-fabs(x)), one = 1 / (1 + e);
    return x >= 0 ? one : e * one;
}

#endif
