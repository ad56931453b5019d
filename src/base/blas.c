#include "base/blas.h"

#include <omp.h>

#if defined DEEPSTRUC_HAVE_DNNL
#include <oneapi/dnnl/dnnl.h>
#elif defined DEEPSTRUC_HAVE_OPENBLAS
#include <cblas.h>
#endif

/* Large enough that packing costs the library little; a batch of samples, which has few rows, is cut finer across, so
 * that several threads find work in one hidden layer. */
enum { BLOCK_ROWS = 384, BLOCK_COLUMNS = 1024, BLOCK_COLUMNS_OF_FEW_ROWS = 256, SMALL_PRODUCT = 1 << 20 };

/* Of at most BLOCK_COLUMNS columns. Sums are kept in double: a loop has no partial sums as libraries have, and
 * thousands of terms one by one would cost a float digits. */
#define DEFINE_PLAIN_PRODUCT(NAME, TYPE)                                                                               \
    static void NAME(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const TYPE *a, size_t lda,      \
                     const TYPE *b, size_t ldb, TYPE beta, TYPE *c, size_t ldc)                                        \
    {                                                                                                                  \
        double sum[BLOCK_COLUMNS];                                                                                     \
        for (size_t i = 0; i < m; i++) {                                                                               \
            TYPE *row = c + i * ldc;                                                                                   \
            for (size_t j = 0; j < n; j++)                                                                             \
                sum[j] = beta == 0 ? 0 : (double)(beta * row[j]);                                                      \
            for (size_t l = 0; l < k; l++) {                                                                           \
                double x = (double)(transpose_a ? a[l * lda + i] : a[i * lda + l]);                                    \
                const TYPE *column = transpose_b ? b + l : b + l * ldb;                                                \
                for (size_t j = 0; j < n; j++)                                                                         \
                    sum[j] += x * (double)column[transpose_b ? j * ldb : j];                                           \
            }                                                                                                          \
            for (size_t j = 0; j < n; j++)                                                                             \
                row[j] = (TYPE)sum[j];                                                                                 \
        }                                                                                                              \
    }

DEFINE_PLAIN_PRODUCT(plain_dgemm, double)

#if defined DEEPSTRUC_HAVE_DNNL

/* oneDNN takes its threads from OpenMP's setting of the calling thread; inside, it must see one. */
static void block_sgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, size_t lda,
                        const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
    int n_threads = omp_get_max_threads();
    omp_set_num_threads(1);
    dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', (dnnl_dim_t)m, (dnnl_dim_t)n, (dnnl_dim_t)k, 1, a,
               (dnnl_dim_t)lda, b, (dnnl_dim_t)ldb, beta, c, (dnnl_dim_t)ldc);
    omp_set_num_threads(n_threads);
}

#elif defined DEEPSTRUC_HAVE_OPENBLAS

static void block_sgemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, size_t lda,
                        const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
    openblas_set_num_threads(1);
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, (int)m,
                (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

#else
DEFINE_PLAIN_PRODUCT(block_sgemm, float)
#endif

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

#define DEFINE_BLOCKED_PRODUCT(NAME, BLOCK, TYPE)                                                                      \
    void NAME(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const TYPE *a, size_t lda,             \
              const TYPE *b, size_t ldb, TYPE beta, TYPE *c, size_t ldc)                                               \
    {                                                                                                                  \
        size_t wide = m > BLOCK_ROWS ? BLOCK_COLUMNS : BLOCK_COLUMNS_OF_FEW_ROWS;                                      \
        size_t n_down = (m + BLOCK_ROWS - 1) / BLOCK_ROWS, n_across = (n + wide - 1) / wide;                           \
        _Pragma("omp parallel for schedule(static) if (n_down * n_across > 1 && m * n * k > SMALL_PRODUCT)") for (     \
            size_t block = 0; block < n_down * n_across; block++)                                                      \
        {                                                                                                              \
            size_t i = block / n_across * BLOCK_ROWS, j = block % n_across * wide;                                     \
            BLOCK(transpose_a, transpose_b, smaller(BLOCK_ROWS, m - i), smaller(wide, n - j), k,                       \
                  transpose_a ? a + i : a + i * lda, lda, transpose_b ? b + j * ldb : b + j, ldb, beta,                \
                  c + i * ldc + j, ldc);                                                                               \
        }                                                                                                              \
    }

DEFINE_BLOCKED_PRODUCT(blas_sgemm, block_sgemm, float)
DEFINE_BLOCKED_PRODUCT(blas_dgemm, plain_dgemm, double)
