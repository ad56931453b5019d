/* The matrix-product seam: one function per number type, whatever library is behind it (oneDNN, else CBLAS, else a
 * plain loop). The product is cut into blocks whose sizes depend on m, n and k only, each block is one single-threaded
 * call of the library, and OpenMP runs over the blocks: the bytes of the result do not depend on the number of threads.
 */
#ifndef BASE_BLAS_H
#define BASE_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#if defined DEEPSTRUC_HAVE_DNNL
#define BLAS_BACK_END "oneDNN"
#elif defined DEEPSTRUC_HAVE_OPENBLAS
#define BLAS_BACK_END "OpenBLAS"
#else
#define BLAS_BACK_END "a plain loop"
#endif

/* C[m x n] = op(A)[m x k] op(B)[k x n] + beta C. Row-major; lda, ldb, ldc are the distances between rows as stored: A
 * is stored [m x k], or [k x m] when transpose_a; B [k x n], or [n x k] when transpose_b. beta 0 does not read C. */
void blas_sgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, size_t lda,
                const float *b, size_t ldb, float beta, float *c, size_t ldc);
/* In double: for gradient checks, which want digits and not speed; always the plain loop. */
void blas_dgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const double *a, size_t lda,
                const double *b, size_t ldb, double beta, double *c, size_t ldc);

#endif
