#include "propose/tree_xgboost.h"

#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

/* The part of XGBoost's C API that is used (xgboost/c_api.h, version 1.7): each answers 0 or -1. */
typedef uint64_t ulong64;
typedef void *handle;
#define XGBOOST_API(X)                                                                                                 \
    X(const char *, XGBGetLastError, (void))                                                                           \
    X(int, XGDMatrixCreateFromMat, (const float *, ulong64, ulong64, float, handle *))                                 \
    X(int, XGDMatrixSetFloatInfo, (handle, const char *, const float *, ulong64))                                      \
    X(int, XGDMatrixFree, (handle))                                                                                    \
    X(int, XGBoosterCreate, (const handle *, ulong64, handle *))                                                       \
    X(int, XGBoosterFree, (handle))                                                                                    \
    X(int, XGBoosterSetParam, (handle, const char *, const char *))                                                    \
    X(int, XGBoosterUpdateOneIter, (handle, int, handle))                                                              \
    X(int, XGBoosterGetAttr, (handle, const char *, const char **, int *))                                             \
    X(int, XGBoosterSetAttr, (handle, const char *, const char *))                                                     \
    X(int, XGBoosterLoadModelFromBuffer, (handle, const void *, ulong64))                                              \
    X(int, XGBoosterSaveModelToBuffer, (handle, const char *, ulong64 *, const char **))                               \
    X(int, XGBoosterPredictFromDMatrix, (handle, handle, const char *, const ulong64 **, ulong64 *, const float **))

typedef struct {
#define X(type, name, arguments) type(*name) arguments;
    XGBOOST_API(X)
#undef X
} xgboost;

struct booster {
    xgboost api;
    handle rows, trees; /* rows: of the training; NULL after a load */
};

/* The library stays open until the process ends: it has threads of its own, and opening it again is free. */
static deepstruc_status open_library(xgboost *out, deepstruc_diag *diag)
{
    static const char *const names[] = {"libxgboost.so.0", "libxgboost.so"};
    void *library = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                         "the method tree wants XGBoost; install Debian's libxgboost0 or leave the method out");
    xgboost api;
    /* POSIX has dlsym answer an object's address for functions too; writing through void ** is how it says to read it.
     */
#define X(type, name, arguments)                                                                                       \
    *(void **)&api.name = dlsym(library, #name);                                                                       \
    if (!api.name)                                                                                                     \
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,                                                                  \
                         "the installed XGBoost has no %s; version 1.7 has (Debian's libxgboost0)", #name);
    XGBOOST_API(X)
#undef X
    *out = api;
    return DEEPSTRUC_OK;
}

deepstruc_status booster_library(deepstruc_diag *diag)
{
    xgboost api;
    return open_library(&api, diag);
}

/* XGBoost's own text, its first line only: the rest is a stack trace. */
static deepstruc_status failed(const xgboost *api, const char *what, deepstruc_diag *diag)
{
    const char *text = api->XGBGetLastError();
    int length = 0;
    while (text[length] && text[length] != '\n' && length < 300)
        length++;
    return diag_fail(diag, DEEPSTRUC_NUMERIC, "XGBoost could not %s: %.*s", what, length, text);
}

static deepstruc_status create(booster **out, const float *x, size_t n, size_t m, const float *class_of_row,
                               deepstruc_diag *diag)
{
    booster *b = memory_zeroed(1, sizeof *b);
    if (!b)
        return diag_no_memory(diag);
    deepstruc_status status = open_library(&b->api, diag);
    if (status == DEEPSTRUC_OK && x &&
        (b->api.XGDMatrixCreateFromMat(x, n, m, NAN, &b->rows) != 0 ||
         b->api.XGDMatrixSetFloatInfo(b->rows, "label", class_of_row, n) != 0))
        status = failed(&b->api, "take the data", diag);
    if (status == DEEPSTRUC_OK && b->api.XGBoosterCreate(b->rows ? &b->rows : NULL, b->rows != NULL, &b->trees) != 0)
        status = failed(&b->api, "begin", diag);
    if (status == DEEPSTRUC_OK)
        status = booster_set(b, "verbosity", "0", diag); /* a library of ours prints nothing */
    if (status == DEEPSTRUC_OK)
        *out = b;
    else
        booster_destroy(b);
    return status;
}

deepstruc_status booster_create(booster **out, const float *x, size_t n, size_t m, const float *class_of_row,
                                deepstruc_diag *diag)
{
    return create(out, x, n, m, class_of_row, diag);
}

deepstruc_status booster_load(booster **out, const void *bytes, size_t size, const char *path, deepstruc_diag *diag)
{
    booster *b = NULL;
    deepstruc_status status = create(&b, NULL, 0, 0, NULL, diag);
    if (status == DEEPSTRUC_OK && b->api.XGBoosterLoadModelFromBuffer(b->trees, bytes, size) != 0) {
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "is no XGBoost model; train one with deepstruc train --arch tree");
        booster_destroy(b);
    }
    if (status == DEEPSTRUC_OK)
        *out = b;
    return status;
}

void booster_destroy(booster *b)
{
    if (!b)
        return;
    if (b->trees)
        b->api.XGBoosterFree(b->trees);
    if (b->rows)
        b->api.XGDMatrixFree(b->rows);
    free(b);
}

deepstruc_status booster_set(booster *b, const char *name, const char *value, deepstruc_diag *diag)
{
    return b->api.XGBoosterSetParam(b->trees, name, value) == 0 ? DEEPSTRUC_OK
                                                                : failed(&b->api, "take a setting", diag);
}

deepstruc_status booster_grow(booster *b, int round, deepstruc_diag *diag)
{
    return b->api.XGBoosterUpdateOneIter(b->trees, round, b->rows) == 0 ? DEEPSTRUC_OK
                                                                        : failed(&b->api, "grow trees", diag);
}

deepstruc_status booster_note(booster *b, const char *name, const char *text, deepstruc_diag *diag)
{
    return b->api.XGBoosterSetAttr(b->trees, name, text) == 0 ? DEEPSTRUC_OK : failed(&b->api, "keep a note", diag);
}

const char *booster_noted(const booster *b, const char *name)
{
    const char *text = NULL;
    int found = 0;
    return b->api.XGBoosterGetAttr(b->trees, name, &text, &found) == 0 && found ? text : NULL;
}

deepstruc_status booster_bytes(booster *b, const void **bytes, size_t *size, deepstruc_diag *diag)
{
    ulong64 length = 0;
    const char *start = NULL;
    if (b->api.XGBoosterSaveModelToBuffer(b->trees, "{\"format\": \"ubj\"}", &length, &start) != 0)
        return failed(&b->api, "write the trees", diag);
    *bytes = start;
    *size = length;
    return DEEPSTRUC_OK;
}

deepstruc_status booster_predict(booster *b, const float *x, size_t m, const float **probability, size_t *n_classes,
                                 deepstruc_diag *diag)
{
    static const char config[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "
                                 "\"strict_shape\": true}";
    handle row = NULL;
    const ulong64 *shape = NULL;
    ulong64 n_dims = 0;
    const float *result = NULL;
    deepstruc_status status = DEEPSTRUC_OK;
    if (b->api.XGDMatrixCreateFromMat(x, 1, m, NAN, &row) != 0 ||
        b->api.XGBoosterPredictFromDMatrix(b->trees, row, config, &shape, &n_dims, &result) != 0)
        status = failed(&b->api, "predict", diag);
    if (row)
        b->api.XGDMatrixFree(row);
    if (status != DEEPSTRUC_OK)
        return status;
    *n_classes = n_dims == 2 ? shape[1] : 0;
    *probability = result;
    return DEEPSTRUC_OK;
}
