/* The file that keeps a calibration: settings that later runs read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/calibrate.h>
#include <deepstruc/settings.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

/* Everything such a file may hold; only the instrument's values are read on. */
typedef struct {
    const char *standard, *radiation;
    double qdamp, qdamp_esd, qbroad, qbroad_esd, qmax, fit_rmin, fit_rmax, rw;
    double a, a_esd, biso, biso_esd, biso_2, biso_2_esd, delta1, delta1_esd, delta2, delta2_esd, scale, scale_esd;
} instrument_file;

#define NUMBER(name, field, low, high)                                                                                 \
    {                                                                                                                  \
        name, DEEPSTRUC_FIELD_DOUBLE, offsetof(instrument_file, field), low, high, true, NULL, ""                      \
    }
#define PAIR(name, field, high) NUMBER(name, field, 0, high), NUMBER(name "-esd", field##_esd, 0, high)
static const deepstruc_field fields[] = {
    PAIR("qdamp", qdamp, 0.5),
    PAIR("qbroad", qbroad, 0.1),
    {"standard", DEEPSTRUC_FIELD_TEXT, offsetof(instrument_file, standard), 0, 0, true, NULL, ""},
    {"radiation", DEEPSTRUC_FIELD_TEXT, offsetof(instrument_file, radiation), 0, 0, true, NULL, ""},
    NUMBER("qmax", qmax, 0, 1000),
    NUMBER("fit-rmin", fit_rmin, 0, 1e4),
    NUMBER("fit-rmax", fit_rmax, 0, 1e4),
    NUMBER("rw", rw, 0, 1e4),
    PAIR("scale", scale, 1e9),
    PAIR("a", a, 100),
    PAIR("biso", biso, 100),
    PAIR("biso-2", biso_2, 100),
    PAIR("delta1", delta1, 100),
    PAIR("delta2", delta2, 100),
    {0}};

static void set_all_unknown(instrument_file *file)
{
    *file = (instrument_file){0};
    for (const deepstruc_field *field = fields; field->name; field++)
        if (field->kind == DEEPSTRUC_FIELD_DOUBLE)
            *(double *)((char *)file + field->offset) = NAN;
}

static double *number(instrument_file *file, const char *name, const char *ending)
{
    char whole[32] = "";
    text_append(whole, sizeof whole, "%s%s", name, ending);
    for (const deepstruc_field *field = fields; field->name; field++)
        if (strcmp(field->name, whole) == 0)
            return (double *)((char *)file + field->offset);
    return NULL;
}

deepstruc_status deepstruc_instrument_write(const deepstruc_calibration *c, const char *path, bool force,
                                            deepstruc_diag *diag)
{
    instrument_file file;
    set_all_unknown(&file);
    file.standard = c->standard;
    file.radiation = c->radiation == 'n' ? "neutron" : "xray";
    file.qmax = c->qmax;
    file.fit_rmin = c->rmin;
    file.fit_rmax = c->rmin + (double)(c->n - 1) * c->rstep;
    file.rw = c->rw;
    for (size_t i = 0; i < c->n_terms; i++) {
        *number(&file, c->term[i].name, "") = c->term[i].value;
        *number(&file, c->term[i].name, "-esd") = c->term[i].esd;
    }
    char *text = deepstruc_settings_text((deepstruc_settings_part[]){{fields, &file}, {0}}), *line;
    if (!text)
        return diag_no_memory(diag);
    size_t size = strlen(text);
    line = realloc(text, size + 2);
    if (!line) {
        free(text);
        return diag_no_memory(diag);
    }
    strcpy(line + size, "\n");
    deepstruc_status status = file_write(path, line, size + 1, force, diag);
    free(line);
    return status;
}

static deepstruc_status check(const instrument_file *file, const char *name, deepstruc_diag *diag)
{
    if (isnan(file->qdamp))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                            "has no \"qdamp\"; deepstruc calibrate writes instrument files");
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_instrument_parse(deepstruc_instrument *out, const char *text, size_t size, const char *name,
                                            deepstruc_diag *diag)
{
    instrument_file file;
    deepstruc_settings_file *owner = NULL;
    set_all_unknown(&file);
    deepstruc_status status =
        deepstruc_settings_parse(&owner, (deepstruc_settings_part[]){{fields, &file}, {0}}, text, size, name, diag);
    if (!status)
        status = check(&file, name, diag);
    if (!status) {
        *out = (deepstruc_instrument){file.qdamp, file.qdamp_esd, file.qbroad, file.qbroad_esd, ""};
        text_copy(out->standard, sizeof out->standard, file.standard ? file.standard : "");
    }
    deepstruc_settings_destroy(owner);
    return status;
}

deepstruc_status deepstruc_instrument_read(deepstruc_instrument *out, const char *path, deepstruc_diag *diag)
{
    char *text;
    size_t size;
    deepstruc_status status = file_read(&text, &size, path, DEEPSTRUC_MAX_SETTINGS_FILE, diag);
    if (status)
        return status;
    status = deepstruc_instrument_parse(out, text, size, path, diag);
    free(text);
    return status;
}
