/* The number type of tensors: float. The gradient checks compile the same sources with double (NN_DOUBLE), where
 * central differences have digits enough to tell a wrong derivative from rounding. <tgmath.h> picks the functions of
 * the type. */
#ifndef NN_REAL_H
#define NN_REAL_H

#include <stddef.h>
#include <tgmath.h>

#include "base/blas.h"

#ifdef NN_DOUBLE
typedef double real;
#define real_gemm blas_dgemm
#else
typedef float real;
#define real_gemm blas_sgemm
#endif

#endif
