#include <deepstruc/settings.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

struct deepstruc_settings_file {
    json_t *root;
};

static const deepstruc_field *find(const deepstruc_settings_part **part, const char *name)
{
    for (; (*part)->fields; ++*part)
        for (const deepstruc_field *field = (*part)->fields; field->name; field++)
            if (strcmp(field->name, name) == 0)
                return field;
    return NULL;
}

static deepstruc_status wrong_kind(const deepstruc_field *field, const char *file, deepstruc_diag *diag)
{
    static const char *const kinds[] = {"a number", "a whole number", "true or false", "a text in quotes"};
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0, "\"%s\" wants %s%s", field->name, kinds[field->kind],
                        field->optional ? ", or null" : "");
}

static deepstruc_status check_number(const deepstruc_field *field, double value, const char *file, deepstruc_diag *diag)
{
    bool bounded = field->min != 0 || field->max != 0;
    if (isfinite(value) && (!bounded || (value >= field->min && value <= field->max)))
        return DEEPSTRUC_OK;
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0, "\"%s\" is %.10g; wants a number from %.10g to %.10g",
                        field->name, value, field->min, field->max);
}

/* Checks a value and, unless `at` is NULL, stores it. */
static deepstruc_status take(const deepstruc_field *field, char *at, const json_t *value, const char *file,
                             deepstruc_diag *diag)
{
    bool none = json_is_null(value) && field->optional;
    deepstruc_status status = DEEPSTRUC_OK;
    if (field->kind == DEEPSTRUC_FIELD_TEXT && (none || json_is_string(value))) {
        if (at)
            *(const char **)at = none ? NULL : json_string_value(value);
    } else if (field->kind == DEEPSTRUC_FIELD_FLAG && json_is_boolean(value)) {
        if (at)
            *(bool *)at = json_is_true(value);
    } else if (field->kind == DEEPSTRUC_FIELD_LONG && json_is_integer(value)) {
        status = check_number(field, (double)json_integer_value(value), file, diag);
        if (at)
            *(long *)at = (long)json_integer_value(value);
    } else if (field->kind == DEEPSTRUC_FIELD_DOUBLE && (none || json_is_number(value))) {
        status = none ? DEEPSTRUC_OK : check_number(field, json_number_value(value), file, diag);
        if (at)
            *(double *)at = none ? NAN : json_number_value(value);
    } else {
        return wrong_kind(field, file, diag);
    }
    return status;
}

/* Every key; in the first pass nothing is stored, so that a bad file changes nothing. */
static deepstruc_status take_all(const deepstruc_settings_part *parts, json_t *root, bool store, const char *file,
                                 deepstruc_diag *diag)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        const deepstruc_settings_part *part = parts;
        const deepstruc_field *field = find(&part, key);
        if (!field)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, file, 0,
                                "there is no setting \"%.60s\" here; --help lists them", key);
        deepstruc_status status = take(field, store ? (char *)part->settings + field->offset : NULL, value, file, diag);
        if (status)
            return status;
    }
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_settings_parse(deepstruc_settings_file **out, const deepstruc_settings_part *parts,
                                          const char *text, size_t size, const char *name, deepstruc_diag *diag)
{
    if (size > DEEPSTRUC_MAX_SETTINGS_FILE)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, name, 0, "is too large for a settings file");
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, error.line > 0 ? error.line : 0,
                            "is no JSON settings file: %.120s", error.text);
    deepstruc_status status = DEEPSTRUC_OK;
    if (!json_is_object(root))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "wants one JSON object: {\"name\": value, ...}");
    if (!status)
        status = take_all(parts, root, false, name, diag);
    deepstruc_settings_file *file = status ? NULL : memory_zeroed(1, sizeof *file);
    if (!status && !file)
        status = diag_no_memory(diag);
    if (status) {
        json_decref(root);
        return status;
    }
    take_all(parts, root, true, name, NULL);
    file->root = root;
    *out = file;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_settings_read(deepstruc_settings_file **out, const deepstruc_settings_part *parts,
                                         const char *path, deepstruc_diag *diag)
{
    char *text;
    size_t size;
    deepstruc_status status = file_read(&text, &size, path, DEEPSTRUC_MAX_SETTINGS_FILE, diag);
    if (status)
        return status;
    status = deepstruc_settings_parse(out, parts, text, size, path, diag);
    free(text);
    return status;
}

void deepstruc_settings_destroy(deepstruc_settings_file *file)
{
    if (!file)
        return;
    json_decref(file->root);
    free(file);
}

char *deepstruc_settings_text(const deepstruc_settings_part *parts)
{
    json_t *all = json_object();
    bool good = all != NULL;
    for (; parts->fields && good; parts++) {
        json_t *part = json_fields(parts->fields, parts->settings);
        good = part && json_object_update(all, part) == 0;
        json_decref(part);
    }
    char *text = good ? json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(10) | JSON_ENSURE_ASCII) : NULL;
    json_decref(all);
    return text;
}
