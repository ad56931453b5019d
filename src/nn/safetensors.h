/* Weight files in the safetensors layout: 8 bytes of header length, a JSON header, raw little-endian numbers. They open
 * in PyTorch and NumPy. The reader trusts nothing: every offset, shape and type is checked before a number is touched.
 * What is written here carries a sum, so that a flipped bit is noticed. */
#ifndef NN_SAFETENSORS_H
#define NN_SAFETENSORS_H

#include "nn/params.h"

/* Caps on what a file may claim. */
#define SAFETENSORS_MAX_BYTES ((size_t)1 << 30)
#define SAFETENSORS_MAX_HEADER ((size_t)1 << 24)
#define SAFETENSORS_MAX_TENSORS 10000
#define SAFETENSORS_MAX_DIMS 4

/* ---- reading -------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    size_t n_dims, shape[SAFETENSORS_MAX_DIMS];
    size_t n;           /* product of the shape */
    const float *value; /* n finite numbers */
} safetensors_tensor;

typedef struct safetensors safetensors;

deepstruc_status safetensors_read(safetensors **out, const char *path, deepstruc_diag *diag);
/* From memory; the bytes are copied. `name` stands in diagnostics. */
deepstruc_status safetensors_parse(safetensors **out, const void *bytes, size_t size, const char *name,
                                   deepstruc_diag *diag);
void safetensors_destroy(safetensors *file);
size_t safetensors_count(const safetensors *file);
const safetensors_tensor *safetensors_at(const safetensors *file, size_t i);
const safetensors_tensor *safetensors_find(const safetensors *file, const char *name); /* NULL: none */
size_t safetensors_n_values(const safetensors *file);                                  /* of all tensors together */
const char *safetensors_metadata(const safetensors *file, const char *key);            /* NULL: none */

/* ---- writing -------------------------------------------------------------------------------------------------- */

typedef struct safetensors_writer safetensors_writer;

/* Collects what is to be written (the values are not copied), then writes all of it atomically. A failed allocation is
 * reported by the write. */
safetensors_writer *safetensors_writer_create(void);
void safetensors_writer_destroy(safetensors_writer *writer);
void safetensors_add_metadata(safetensors_writer *writer, const char *key, const char *text);
void safetensors_add(safetensors_writer *writer, const char *name, const size_t *shape, size_t n_dims,
                     const float *value);
deepstruc_status safetensors_write(safetensors_writer *writer, const char *path, bool force, deepstruc_diag *diag);

/* ---- a whole arena -------------------------------------------------------------------------------------------- */

#ifndef NN_DOUBLE
/* Every tensor of `params`, named PREFIX + its name, taken from `block` (params->value or a moment). */
void safetensors_add_params(safetensors_writer *writer, const nn_params *params, const char *prefix,
                            const float *block);
/* Fills `block` from the file; BAD_INPUT names the tensor that is missing or has another shape. */
deepstruc_status safetensors_load_params(const safetensors *file, const nn_params *params, const char *prefix,
                                         float *block, deepstruc_diag *diag);
#endif

#endif
