/* jansson, with the one trap wrapped: a number that is not finite becomes null. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include <deepstruc/deepstruc.h>

json_t *json_number(double value);
/* Every field of a settings struct as name: value. */
json_t *json_fields(const deepstruc_field *fields, const void *settings);
json_t *json_notes(const deepstruc_notes *notes);

#endif
