#include <math.h>

#include "base/diag.h"

deepstruc_status deepstruc_fields_check(const deepstruc_field *fields, const void *settings, deepstruc_diag *diag)
{
    for (; fields->name; fields++) {
        const char *at = (const char *)settings + fields->offset;
        double value;
        if (fields->kind == DEEPSTRUC_FIELD_DOUBLE)
            value = *(const double *)at;
        else if (fields->kind == DEEPSTRUC_FIELD_LONG)
            value = (double)*(const long *)at;
        else
            continue;
        if (isnan(value) && fields->optional)
            continue;
        bool bounded = fields->min != 0 || fields->max != 0;
        if (!isfinite(value) || (bounded && !(value >= fields->min && value <= fields->max)))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%s = %g is outside its range, %g to %g", fields->name,
                             value, fields->min, fields->max);
    }
    return DEEPSTRUC_OK;
}
