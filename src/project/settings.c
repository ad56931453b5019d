#include "project/settings.h"

#include <math.h>
#include <string.h>

#include <deepstruc/refine.h>

enum { LONGEST = 512 };

static void add_number(json_t *into, const char *key, double value)
{
    if (isfinite(value))
        json_object_set_new(into, key, json_real(value));
}

/* {name: number} of a dictionary of the same. */
static void add_numbers(json_t *into, const char *key, const pickle *p, pickle_value dictionary)
{
    uint32_t cursor = 0;
    pickle_value name, value;
    char text[LONGEST];
    json_t *numbers = json_object();
    while (pickle_entry(p, dictionary, &cursor, &name, &value))
        if (pickle_text(p, name, text, sizeof text))
            add_number(numbers, text, pickle_number(p, value));
    if (json_object_size(numbers))
        json_object_set(into, key, numbers);
    json_decref(numbers);
}

void project_add_curve(json_t *into, const pickle *p)
{
    static const char *const keys[] = {"fitrmin", "fitrmax", "fitrstep", "rmin",  "rmax",
                                       "rstep",   "qmax",    "qdamp",    "qbroad"};
    pickle_value root = pickle_root(p);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        add_number(into, keys[i], pickle_number(p, pickle_find(p, root, keys[i])));
    add_numbers(into, "initial", p, pickle_find(p, root, "initial"));
    add_numbers(into, "refined", p, pickle_find(p, root, "refined"));
}

void project_add_constraints(json_t *into, const pickle *p)
{
    uint32_t cursor = 0;
    pickle_value name, constraint;
    char variable[LONGEST], formula[LONGEST];
    json_t *constraints = json_object();
    while (pickle_entry(p, pickle_root(p), &cursor, &name, &constraint))
        if (pickle_text(p, name, variable, sizeof variable) &&
            pickle_text(p, pickle_find(p, constraint, "formula"), formula, sizeof formula))
            json_object_set_new(constraints, variable, json_string(formula));
    json_object_set_new(into, "constraints", constraints);
}

/* The initial value of a parameter: a number, or "=fit:index", another fit's. */
static void add_initial(json_t *into, const pickle *p, pickle_value initial)
{
    char text[LONGEST];
    if (pickle_text(p, initial, text, sizeof text))
        json_object_set_new(into, "initial", json_string(text));
    else
        add_number(into, "initial", pickle_number(p, initial));
}

void project_add_parameters(json_t *into, const pickle *p)
{
    uint32_t cursor = 0;
    pickle_value index, parameter;
    char name[LONGEST];
    json_t *parameters = json_array();
    while (pickle_entry(p, pickle_root(p), &cursor, &index, &parameter)) {
        double number = pickle_number(p, index);
        if (!(fabs(number) < 1e9))
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "index", json_integer((json_int_t)number));
        if (pickle_text(p, pickle_find(p, parameter, "name"), name, sizeof name) && name[0])
            json_object_set_new(one, "name", json_string(name));
        add_initial(one, p, pickle_find(p, parameter, "_Parameter__initial"));
        add_number(one, "refined", pickle_number(p, pickle_find(p, parameter, "refined")));
        json_object_set_new(one, "fixed", json_boolean(pickle_number(p, pickle_find(p, parameter, "fixed")) == 1));
        json_array_append_new(parameters, one);
    }
    json_object_set_new(into, "parameters", parameters);
}

void project_add_result(json_t *into, const pickle *p)
{
    add_number(into, "rw", pickle_number(p, pickle_item(p, pickle_root(p), 0)));
}

/* ---- for solve and refine ---- */

static double value_of(const json_t *data, const char *key, double otherwise)
{
    static const char *const places[] = {"refined", "initial"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const json_t *value = json_object_get(json_object_get(data, places[i]), key);
        if (json_is_number(value))
            return json_number_value(value);
    }
    const json_t *value = json_object_get(data, key);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

/* Only what the settings' table takes: a qmax of 0 is PDFgui's "no termination", a qdamp of 0.001 its "not set". */
static void add_setting(json_t *settings, const char *name, double value)
{
    for (const deepstruc_field *field = deepstruc_refine_settings_fields; field->name; field++)
        if (strcmp(field->name, name) == 0 && value >= field->min && value <= field->max)
            json_object_set_new(settings, name, json_real(value));
}

json_t *project_settings_of(const json_t *data, const deepstruc_pdf *pdf)
{
    json_t *settings = json_object();
    double qdamp = value_of(data, "qdamp", pdf->qdamp), qbroad = value_of(data, "qbroad", pdf->qbroad);
    add_setting(settings, "fit-rmin", value_of(data, "fitrmin", NAN));
    add_setting(settings, "fit-rmax", value_of(data, "fitrmax", NAN));
    add_setting(settings, "qmax", value_of(data, "qmax", pdf->qmax));
    if (qdamp > PROJECT_QDAMP_UNSET)
        add_setting(settings, "qdamp", qdamp);
    if (qbroad > 0)
        add_setting(settings, "qbroad", qbroad);
    return settings;
}
