#include "model/deepstruc_2023_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"

enum { MAX_LATENT = 64, MAX_DIVISOR = 1024, MAX_DESCRIPTION = 1 << 16, MAX_POINTS = 100000, MAX_ROWS = 10000 };

/* ---- architecture -------------------------------------------------------------------------------------------------
 */

/* A whole number within [1, max] when the key is there. */
static bool read_size(const json_t *object, const char *key, size_t max, size_t *out)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 1 || (size_t)json_integer_value(value) > max)
        return false;
    *out = (size_t)json_integer_value(value);
    return true;
}

static bool read_flag(const json_t *object, const char *key, bool *out)
{
    const json_t *value = json_object_get(object, key);
    *out = value ? json_is_true(value) : *out;
    return !value || json_is_boolean(value);
}

static deepstruc_status settings_from_json(deepstruc_2023_settings *out, const json_t *object, const char *file,
                                           deepstruc_diag *diag)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    bool plain = name && strcmp(name, DEEPSTRUC_2023_PLAIN) == 0;
    deepstruc_2023_settings s = plain ? deepstruc_2023_plain() : deepstruc_2023_repaired();
    const json_t *weight = json_object_get(object, "prior_weight");
    if (!name || (!plain && strcmp(name, DEEPSTRUC_2023_NAME) != 0))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0, "its architecture is '%.60s', not %s or %s",
                            name ? name : "not named", DEEPSTRUC_2023_NAME, DEEPSTRUC_2023_PLAIN);
    if (!read_size(object, "latent", MAX_LATENT, &s.n_latent) ||
        !read_size(object, "points", MAX_POINTS, &s.n_points) || !read_size(object, "rows", MAX_ROWS, &s.n_atoms) ||
        !read_size(object, "divisor", MAX_DIVISOR, &s.divisor))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0,
                            "latent, points, rows or divisor of its architecture make no sense");
    if (!read_flag(object, "published_start", &s.published_start) ||
        !read_flag(object, "published_variance", &s.published_variance))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0,
                            "published_start and published_variance are true or false");
    if (weight && !(json_is_number(weight) && json_number_value(weight) >= 0 && json_number_value(weight) <= 1e6))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0, "prior_weight is a number from 0 up");
    if (weight)
        s.prior_weight = json_number_value(weight);
    *out = s;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_2023_describe(deepstruc_2023_settings *out, const char *arch, deepstruc_diag *diag)
{
    if (strcmp(arch, DEEPSTRUC_2023_NAME) == 0) {
        *out = deepstruc_2023_repaired();
        return DEEPSTRUC_OK;
    }
    if (strcmp(arch, DEEPSTRUC_2023_NAME "-published") == 0) {
        *out = deepstruc_2023_published();
        return DEEPSTRUC_OK;
    }
    if (strcmp(arch, DEEPSTRUC_2023_PLAIN) == 0) {
        *out = deepstruc_2023_plain();
        return DEEPSTRUC_OK;
    }
    char *text;
    size_t size;
    deepstruc_status status = file_read(&text, &size, arch, MAX_DESCRIPTION, diag);
    if (status != DEEPSTRUC_OK)
        return diag_fail(
            diag, DEEPSTRUC_BAD_ARGUMENT,
            "'%.200s' is no architecture: use deepstruc-2023, deepstruc-2023-published, plain-cvae or a JSON file",
            arch);
    json_error_t error;
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(object))
        status = settings_from_json(out, object, arch, diag);
    else
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, arch, object ? 1 : error.line, "not a JSON object: %.150s",
                              object ? "something else" : error.text);
    json_decref(object);
    free(text);
    return status;
}

char *deepstruc_2023_json(const deepstruc_2023_settings *settings, const deepstruc_2023_scale *scale)
{
    json_t *object = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:f, s:f, s:f, s:[f, f, f]}", "name",
        settings->plain ? DEEPSTRUC_2023_PLAIN : DEEPSTRUC_2023_NAME, "latent", (json_int_t)settings->n_latent,
        "points", (json_int_t)settings->n_points, "rows", (json_int_t)settings->n_atoms, "divisor",
        (json_int_t)settings->divisor, "published_start", settings->published_start, "published_variance",
        settings->published_variance, "prior_weight", settings->prior_weight, "rmin", scale->rmin, "rstep",
        scale->rstep, "extent", scale->extent[0], scale->extent[1], scale->extent[2]);
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

/* ---- weights -------------------------------------------------------------------------------------------------- */

#ifndef NN_DOUBLE

deepstruc_status deepstruc_2023_save(const deepstruc_2023 *model, const deepstruc_2023_scale *scale, const char *facts,
                                     const char *path, bool force, deepstruc_diag *diag)
{
    char *architecture = deepstruc_2023_json(&model->settings, scale);
    safetensors_writer *writer = safetensors_writer_create();
    if (!architecture || !writer) {
        free(architecture);
        safetensors_writer_destroy(writer);
        return diag_no_memory(diag);
    }
    safetensors_add_metadata(writer, "architecture", architecture);
    safetensors_add_metadata(writer, "training", facts);
    safetensors_add_params(writer, &model->params, "", model->params.value);
    deepstruc_status status = safetensors_write(writer, path, force, diag);
    safetensors_writer_destroy(writer);
    free(architecture);
    return status;
}

static bool read_number(const json_t *value, double low, double high, double *out)
{
    *out = json_number_value(value);
    return json_is_number(value) && *out >= low && *out <= high;
}

static deepstruc_status read_architecture(deepstruc_2023_settings *settings, deepstruc_2023_scale *scale,
                                          const safetensors *file, const char *path, deepstruc_diag *diag)
{
    const char *text = safetensors_metadata(file, "architecture");
    json_t *object = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!json_is_object(object)) {
        json_decref(object);
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "does not say its architecture; is it a model of deepstruc?");
    }
    deepstruc_status status = settings_from_json(settings, object, path, diag);
    const json_t *extent = json_object_get(object, "extent");
    bool fine = read_number(json_object_get(object, "rmin"), 0, 1000, &scale->rmin) &&
                read_number(json_object_get(object, "rstep"), 1e-4, 5, &scale->rstep);
    for (size_t d = 0; d < 3; d++)
        fine = read_number(json_array_get(extent, d), 1e-6, 1e4, &scale->extent[d]) && fine;
    json_decref(object);
    if (status == DEEPSTRUC_OK && !fine)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "its rmin, rstep or extent make no sense");
    return status;
}

deepstruc_status deepstruc_2023_load(deepstruc_2023 **out, deepstruc_2023_scale *scale, const char *path,
                                     size_t max_batch, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_2023_settings settings;
    deepstruc_2023_scale found;
    deepstruc_2023 *model = NULL;
    deepstruc_status status = safetensors_read(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = read_architecture(&settings, &found, file, path, diag);
    /* Before memory is taken for what a file only claims. */
    size_t n_wanted = status == DEEPSTRUC_OK ? deepstruc_2023_n_values(&settings) : 0;
    if (status == DEEPSTRUC_OK && n_wanted == 0)
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK && n_wanted > safetensors_n_values(file))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "has %zu numbers and its architecture %zu: it is damaged or of another architecture",
                              safetensors_n_values(file), n_wanted);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_2023_create(&model, &settings, 0, max_batch, 0, 0, false, diag);
    if (status == DEEPSTRUC_OK)
        status = safetensors_load_params(file, &model->params, "", model->params.value, diag);
    if (status == DEEPSTRUC_OK)
        status = nn_params_check(&model->params, path, diag);
    safetensors_destroy(file);
    if (status != DEEPSTRUC_OK) {
        deepstruc_2023_destroy(model);
        return status;
    }
    *out = model;
    *scale = found;
    return DEEPSTRUC_OK;
}

#endif
