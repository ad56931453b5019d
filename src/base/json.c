#include "base/json.h"

#include <math.h>

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *field_value(const deepstruc_field *field, const void *settings)
{
    const char *at = (const char *)settings + field->offset;
    switch (field->kind) {
    case DEEPSTRUC_FIELD_DOUBLE:
        return json_number(*(const double *)at);
    case DEEPSTRUC_FIELD_LONG:
        return json_integer(*(const long *)at);
    case DEEPSTRUC_FIELD_FLAG:
        return json_boolean(*(const bool *)at);
    case DEEPSTRUC_FIELD_TEXT: {
        const char *text = *(const char *const *)at;
        return text ? json_string(text) : json_null();
    }
    }
    return json_null();
}

json_t *json_fields(const deepstruc_field *fields, const void *settings)
{
    json_t *object = json_object();
    for (; object && fields->name; fields++)
        json_object_set_new(object, fields->name, field_value(fields, settings));
    return object;
}

json_t *json_notes(const deepstruc_notes *notes)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < notes->n; i++)
        json_array_append_new(array, json_string(notes->text[i]));
    return array;
}
