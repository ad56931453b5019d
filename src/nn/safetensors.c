#define _GNU_SOURCE
#include "nn/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are read and written as they lie in memory");
_Static_assert(sizeof(float) == 4, "F32");

enum { LENGTH_BYTES = 8, HEADER_ALIGNMENT = 64 };

struct safetensors {
    char name[256];
    unsigned char *data; /* 64-byte aligned copy of the numbers */
    size_t data_size;
    json_t *header; /* keeps the names alive */
    size_t n_tensors;
    safetensors_tensor *tensor; /* in the order of their numbers in the file */
};

/* ---- the sum ---------------------------------------------------------------------------------------------------- */

/* Metadata "sum" holds the fingerprint of header and numbers, its own digits read as zeros. Files without it, which
 * other programs write, are read unsummed. */
#define SUM_KEY "sum"
#define SUM_BEGIN "fnv1a64:"
#define SUM_ZERO "0000000000000000"

/* Where the digits begin in a header without blanks, as it is written here; `length` where there are none. */
static size_t sum_place(const char *header, size_t length)
{
    static const char before[] = "\"" SUM_KEY "\":\"" SUM_BEGIN;
    const char *found = memmem(header, length, before, sizeof before - 1);
    size_t at = found ? (size_t)(found - header) + sizeof before - 1 : length;
    return length - at >= HASH_DIGITS ? at : length;
}

static bool sum_fits(const safetensors *file, const char *header, size_t length)
{
    const char *claimed = safetensors_metadata(file, SUM_KEY);
    char digits[HASH_DIGITS];
    size_t at = sum_place(header, length);
    if (!claimed)
        return true;
    if (at == length)
        return false;
    hash_write_digits(digits, hash_more(hash_around_digits(header, length, at), file->data, file->data_size));
    return memcmp(digits, header + at, HASH_DIGITS) == 0;
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

static deepstruc_status bad(const safetensors *file, deepstruc_diag *diag, const char *tensor, const char *what)
{
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                        "tensor '%.100s': %s; the file is damaged or not a model", tensor, what);
}

/* A non-negative JSON integer. */
static bool read_size(const json_t *value, size_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *out = (size_t)json_integer_value(value);
    return true;
}

static deepstruc_status read_entry(safetensors *file, const char *name, const json_t *entry, size_t *begin, size_t *end,
                                   deepstruc_diag *diag)
{
    safetensors_tensor *tensor = &file->tensor[file->n_tensors];
    const json_t *shape = json_object_get(entry, "shape"), *offsets = json_object_get(entry, "data_offsets");
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type || strcmp(type, "F32") != 0)
        return bad(file, diag, name, "its dtype is not F32");
    if (!json_is_array(shape) || json_array_size(shape) > SAFETENSORS_MAX_DIMS)
        return bad(file, diag, name, "its shape is not a list of at most 4 numbers");
    *tensor = (safetensors_tensor){.name = name, .n_dims = json_array_size(shape), .n = 1};
    for (size_t d = 0; d < tensor->n_dims; d++)
        if (!read_size(json_array_get(shape, d), &tensor->shape[d]) ||
            __builtin_mul_overflow(tensor->n, tensor->shape[d], &tensor->n))
            return bad(file, diag, name, "its shape is not a size");
    if (json_array_size(offsets) != 2 || !read_size(json_array_get(offsets, 0), begin) ||
        !read_size(json_array_get(offsets, 1), end))
        return bad(file, diag, name, "its data_offsets are not two numbers");
    size_t n_bytes;
    if (*end < *begin || *end > file->data_size || *begin % sizeof(float) != 0)
        return bad(file, diag, name, "its data_offsets point outside of the file");
    if (__builtin_mul_overflow(tensor->n, sizeof(float), &n_bytes) || n_bytes != *end - *begin)
        return bad(file, diag, name, "its data_offsets do not match its shape");
    tensor->value = (const float *)(const void *)(file->data + *begin);
    for (size_t i = 0; i < tensor->n; i++)
        if (!isfinite(tensor->value[i]))
            return bad(file, diag, name, "it holds a number that is not finite");
    return DEEPSTRUC_OK;
}

static int by_place(const void *a, const void *b)
{
    const safetensors_tensor *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static deepstruc_status read_entries(safetensors *file, deepstruc_diag *diag)
{
    size_t n = json_object_size(file->header), begin = 0, end = 0, total = 0;
    if (n > SAFETENSORS_MAX_TENSORS)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, file->name, 0,
                            "%zu tensors, more than the %d this program reads", n, SAFETENSORS_MAX_TENSORS);
    file->tensor = memory_zeroed(n, sizeof *file->tensor);
    if (!file->tensor)
        return diag_no_memory(diag);
    const char *name;
    json_t *entry;
    json_object_foreach(file->header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        deepstruc_status status = read_entry(file, name, entry, &begin, &end, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        file->n_tensors++;
        total += end - begin; /* each at most data_size, at most 10,000 of them */
    }
    qsort(file->tensor, file->n_tensors, sizeof *file->tensor, by_place);
    for (size_t i = 1; i < file->n_tensors; i++)
        if (file->tensor[i].value < file->tensor[i - 1].value + file->tensor[i - 1].n)
            return bad(file, diag, file->tensor[i].name, "it overlaps another tensor");
    if (total != file->data_size)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                            "%zu bytes of numbers where the header wants %zu; the file is cut short or damaged",
                            file->data_size, total);
    return DEEPSTRUC_OK;
}

static deepstruc_status parse(safetensors *file, const unsigned char *bytes, size_t size, deepstruc_diag *diag)
{
    uint64_t length = 0;
    if (size >= LENGTH_BYTES)
        memcpy(&length, bytes, LENGTH_BYTES);
    if (size < LENGTH_BYTES || length < 2 || length > SAFETENSORS_MAX_HEADER || length > size - LENGTH_BYTES)
        return diag_fail_at(
            diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
            "not a safetensors file, or cut short: its first 8 bytes do not give the length of a header");
    json_error_t error;
    file->header = json_loadb((const char *)bytes + LENGTH_BYTES, (size_t)length, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(file->header))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                            "its header is not JSON: %.150s; the file is damaged",
                            file->header ? "not an object" : error.text);
    file->data_size = size - LENGTH_BYTES - (size_t)length;
    file->data = memory_aligned(file->data_size, 1);
    if (!file->data)
        return diag_no_memory(diag);
    memcpy(file->data, bytes + LENGTH_BYTES + length, file->data_size);
    if (!sum_fits(file, (const char *)bytes + LENGTH_BYTES, (size_t)length))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                            "its content is not what was summed when it was written: it is damaged; copy it anew (if "
                            "you changed it on purpose, take '" SUM_KEY "' out of its metadata)");
    return read_entries(file, diag);
}

deepstruc_status safetensors_parse(safetensors **out, const void *bytes, size_t size, const char *name,
                                   deepstruc_diag *diag)
{
    safetensors *file = memory_zeroed(1, sizeof *file);
    if (!file)
        return diag_no_memory(diag);
    text_copy(file->name, sizeof file->name, name);
    deepstruc_status status = parse(file, bytes, size, diag);
    if (status != DEEPSTRUC_OK) {
        safetensors_destroy(file);
        return status;
    }
    *out = file;
    return DEEPSTRUC_OK;
}

deepstruc_status safetensors_read(safetensors **out, const char *path, deepstruc_diag *diag)
{
    char *bytes;
    size_t size;
    deepstruc_status status = file_read(&bytes, &size, path, SAFETENSORS_MAX_BYTES, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = safetensors_parse(out, bytes, size, path, diag);
    free(bytes);
    return status;
}

void safetensors_destroy(safetensors *file)
{
    if (!file)
        return;
    json_decref(file->header);
    free(file->data);
    free(file->tensor);
    free(file);
}

size_t safetensors_count(const safetensors *file)
{
    return file->n_tensors;
}

const safetensors_tensor *safetensors_at(const safetensors *file, size_t i)
{
    return &file->tensor[i];
}

const safetensors_tensor *safetensors_find(const safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->n_tensors; i++)
        if (strcmp(file->tensor[i].name, name) == 0)
            return &file->tensor[i];
    return NULL;
}

size_t safetensors_n_values(const safetensors *file)
{
    return file->data_size / sizeof(float);
}

const char *safetensors_metadata(const safetensors *file, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file->header, "__metadata__"), key));
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

typedef struct {
    const float *value;
    size_t n;
} piece;

struct safetensors_writer {
    json_t *header, *metadata;
    piece *pieces;
    size_t n_pieces, capacity, n_bytes;
    bool failed;
};

safetensors_writer *safetensors_writer_create(void)
{
    safetensors_writer *writer = memory_zeroed(1, sizeof *writer);
    if (!writer)
        return NULL;
    writer->header = json_object();
    writer->metadata = json_object();
    writer->failed = json_object_set(writer->header, "__metadata__", writer->metadata) != 0;
    return writer;
}

void safetensors_writer_destroy(safetensors_writer *writer)
{
    if (!writer)
        return;
    json_decref(writer->header);
    json_decref(writer->metadata);
    free(writer->pieces);
    free(writer);
}

void safetensors_add_metadata(safetensors_writer *writer, const char *key, const char *text)
{
    if (writer && json_object_set_new(writer->metadata, key, json_string(text)) != 0)
        writer->failed = true;
}

void safetensors_add(safetensors_writer *writer, const char *name, const size_t *shape, size_t n_dims,
                     const float *value)
{
    if (!writer || !MEMORY_GROW(&writer->pieces, &writer->capacity, writer->n_pieces + 1)) {
        if (writer)
            writer->failed = true;
        return;
    }
    size_t n = 1;
    json_t *dims = json_array();
    for (size_t d = 0; d < n_dims; d++) {
        n *= shape[d];
        json_array_append_new(dims, json_integer((json_int_t)shape[d]));
    }
    size_t end = writer->n_bytes + n * sizeof(float);
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", dims, "data_offsets",
                              (json_int_t)writer->n_bytes, (json_int_t)end);
    if (!entry || json_object_get(writer->header, name) || json_object_set_new(writer->header, name, entry) != 0)
        writer->failed = true;
    writer->pieces[writer->n_pieces++] = (piece){value, n};
    writer->n_bytes = end;
}

/* The header, summed, and padded with blanks, as the format allows, so that the numbers begin aligned. */
static char *padded_header(const safetensors_writer *writer)
{
    char *text = json_dumps(writer->header, JSON_COMPACT);
    size_t used = text ? strlen(text) : 0,
           length = (used + LENGTH_BYTES + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT - LENGTH_BYTES;
    char *header = text ? memory_zeroed(length + 1, 1) : NULL;
    if (header) {
        memset(header, ' ', length);
        memcpy(header, text, used);
        size_t at = sum_place(header, length);
        uint64_t sum = hash_around_digits(header, length, at);
        for (size_t i = 0; i < writer->n_pieces; i++)
            sum = hash_more(sum, writer->pieces[i].value, writer->pieces[i].n * sizeof(float));
        hash_write_digits(header + at, sum);
    }
    free(text);
    return header;
}

deepstruc_status safetensors_write(safetensors_writer *writer, const char *path, bool force, deepstruc_diag *diag)
{
    safetensors_add_metadata(writer, SUM_KEY, SUM_BEGIN SUM_ZERO);
    char *header = writer && !writer->failed ? padded_header(writer) : NULL;
    if (!header)
        return diag_no_memory(diag);
    file_writer file;
    deepstruc_status status = file_writer_open(&file, path, force, diag);
    if (status == DEEPSTRUC_OK) {
        uint64_t length = strlen(header);
        fwrite(&length, 1, LENGTH_BYTES, file.stream);
        fwrite(header, 1, length, file.stream);
        for (size_t i = 0; i < writer->n_pieces; i++)
            fwrite(writer->pieces[i].value, sizeof(float), writer->pieces[i].n, file.stream);
        status = file_writer_commit(&file, diag); /* sees the stream's error flag */
    }
    free(header);
    return status;
}

/* ---- a whole arena -------------------------------------------------------------------------------------------- */

#ifndef NN_DOUBLE

static const char *full_name(char *out, size_t size, const char *prefix, const nn_tensor *tensor)
{
    snprintf(out, size, "%s%s", prefix, tensor->name);
    return out;
}

void safetensors_add_params(safetensors_writer *writer, const nn_params *params, const char *prefix, const float *block)
{
    char name[2 * NN_NAME_SIZE];
    for (size_t i = 0; i < params->n_tensors; i++) {
        const nn_tensor *tensor = &params->tensor[i];
        safetensors_add(writer, full_name(name, sizeof name, prefix, tensor),
                        (size_t[]){tensor->n_rows, tensor->n_columns}, tensor->n_columns ? 2 : 1,
                        block + tensor->offset);
    }
}

deepstruc_status safetensors_load_params(const safetensors *file, const nn_params *params, const char *prefix,
                                         float *block, deepstruc_diag *diag)
{
    char name[2 * NN_NAME_SIZE];
    for (size_t i = 0; i < params->n_tensors; i++) {
        const nn_tensor *wanted = &params->tensor[i];
        const safetensors_tensor *found = safetensors_find(file, full_name(name, sizeof name, prefix, wanted));
        if (!found)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                                "tensor '%s' is missing; is it another architecture?", name);
        if (found->n_dims != (wanted->n_columns ? 2 : 1) || found->shape[0] != wanted->n_rows ||
            (wanted->n_columns && found->shape[1] != wanted->n_columns))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file->name, 0,
                                "tensor '%s' has another shape than the architecture's %zu x %zu", name, wanted->n_rows,
                                wanted->n_columns);
    }
    for (size_t i = 0; i < params->n_tensors; i++) {
        const nn_tensor *wanted = &params->tensor[i];
        const safetensors_tensor *found = safetensors_find(file, full_name(name, sizeof name, prefix, wanted));
        memcpy(block + wanted->offset, found->value, wanted->n * sizeof *block);
    }
    return DEEPSTRUC_OK;
}

#endif
