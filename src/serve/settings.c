#include "serve/settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "serve/fail.h"

/* Not the model, the threads or the number of files: those are the server's. */
static const char *const open_names[] = {
    "element",  "methods",  "catalogue", "max-atoms",       "samples",  "sigma",  "focus",  "qmin", "qmax",  "qdamp",
    "fit-rmin", "fit-rmax", "biso-min",  "expansion-range", "biso-max", "qbroad", "refine", "fix",  "bound", "tie"};

bool settings_known(const char *name)
{
    for (size_t i = 0; i < sizeof open_names / sizeof *open_names; i++)
        if (strcmp(open_names[i], name) == 0)
            return true;
    return false;
}

static const deepstruc_field *find(const deepstruc_field *fields, const char *name)
{
    while (fields->name && strcmp(fields->name, name) != 0)
        fields++;
    return fields->name ? fields : NULL;
}

/* A JSON number, or text that is one. */
static bool number_of(const json_t *value, double *out)
{
    const char *text = json_string_value(value);
    char *end = NULL;
    if (json_is_number(value)) {
        *out = json_number_value(value);
        return true;
    }
    if (!text || !*text)
        return false;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out);
}

static deepstruc_status store(const deepstruc_field *field, void *settings, const json_t *value, deepstruc_diag *diag)
{
    char *at = (char *)settings + field->offset;
    double number;
    if (field->kind == DEEPSTRUC_FIELD_TEXT) {
        if (!json_is_string(value))
            return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "%s wants a text", field->name);
        *(const char **)at = json_string_value(value);
        return DEEPSTRUC_OK;
    }
    bool bounded = field->min != 0 || field->max != 0;
    if (!number_of(value, &number) || (bounded && !(number >= field->min && number <= field->max)) ||
        (field->kind == DEEPSTRUC_FIELD_LONG && number != floor(number)))
        return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "%s wants a %snumber from %g to %g", field->name,
                          field->kind == DEEPSTRUC_FIELD_LONG ? "whole " : "", field->min, field->max);
    if (field->kind == DEEPSTRUC_FIELD_LONG)
        *(long *)at = (long)number;
    else
        *(double *)at = number;
    return DEEPSTRUC_OK;
}

static deepstruc_status check_names(const deepstruc_solve_settings *settings, deepstruc_diag *diag)
{
    if (settings->focus && deepstruc_type_from_name(settings->focus) == DEEPSTRUC_TYPE_UNKNOWN)
        return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "focus wants a type of structure, as fcc or decahedron");
    return DEEPSTRUC_OK;
}

deepstruc_status settings_apply(deepstruc_solve_settings *out, const json_t *given, deepstruc_diag *diag)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_status status = DEEPSTRUC_OK;
    const char *name;
    json_t *value;
    if (!json_is_object(given))
        return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "settings are an object of names and values");
    json_object_foreach((json_t *)given, name, value)
    {
        const deepstruc_field *field = find(deepstruc_solve_settings_fields, name),
                              *fit = find(deepstruc_refine_settings_fields, name);
        if (!settings_known(name) || (!field && !fit))
            return serve_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "", "there is no setting '%.40s'", name);
        status = field ? store(field, &settings, value, diag) : store(fit, &settings.refine, value, diag);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    status = check_names(&settings, diag);
    if (status == DEEPSTRUC_OK)
        *out = settings;
    return status;
}
