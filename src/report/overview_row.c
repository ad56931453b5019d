/* A row of the overview, from the folder that the batch wrote: what an interrupted and continued run says is the same
 * as what one run says. */
#include "report/overview_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/text.h"

enum { MOST_JSON = 64 << 20 };

static double number_in(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void join_flags(char *out, size_t size, const json_t *flags)
{
    size_t i;
    const json_t *value;
    out[0] = '\0';
    json_array_foreach(flags, i, value) if (json_is_string(value))
        text_append(out, size, "%s%s", out[0] ? "," : "", json_string_value(value));
}

static deepstruc_status read_result(json_t **out, const char *dir, const char *folder, deepstruc_diag *diag)
{
    char path[4400], *bytes;
    size_t size;
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s/result.json", dir, folder);
    deepstruc_status status = file_read(&bytes, &size, path, MOST_JSON, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *out = json_loadb(bytes, size, 0, &error);
    free(bytes);
    if (!json_is_object(*out)) {
        json_decref(*out);
        *out = NULL;
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "is no result; remove its folder and solve it again");
    }
    return DEEPSTRUC_OK;
}

bool overview_is_structure(const overview_row *row)
{
    return strcmp(row->kind, "cluster") == 0 || strcmp(row->kind, "ambiguous") == 0;
}

/* The candidate that the verdict is about; results of earlier versions do not say which, and it was the first. */
static const json_t *verdicts_candidate(const json_t *result)
{
    static const char *const lists[] = {"candidates", "also"};
    const json_t *rank = json_object_get(json_object_get(result, "verdict"), "rank");
    for (int list = 0; rank && list < 2; list++) {
        const json_t *all = json_object_get(result, lists[list]);
        for (size_t i = 0; i < json_array_size(all); i++)
            if (json_equal(json_object_get(json_array_get(all, i), "rank"), rank))
                return json_array_get(all, i);
    }
    return json_array_get(json_object_get(result, "candidates"), 0);
}

deepstruc_status overview_row_read(overview_row *row, const deepstruc_overview_item *item, const char *dir,
                                   deepstruc_diag *diag)
{
    *row = (overview_row){.file = item->file,
                          .folder = item->folder,
                          .error = item->error,
                          .temperature = NAN,
                          .diameter = NAN,
                          .diameter_low = NAN,
                          .diameter_high = NAN};
    if (item->error)
        return DEEPSTRUC_OK;
    deepstruc_status status = read_result(&row->result, dir, item->folder, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const json_t *verdict = json_object_get(row->result, "verdict"), *size = json_object_get(row->result, "size");
    const json_t *best = verdicts_candidate(row->result);
    const json_t *esd = json_object_get(best, "esd"), *diameter = json_object_get(size, "diameter");
    row->kind = text_in(verdict, "kind");
    row->type = text_in(verdict, "type");
    row->why = text_in(verdict, "why");
    join_flags(row->flags, sizeof row->flags, json_object_get(verdict, "flags"));
    row->temperature = number_in(json_object_get(json_object_get(row->result, "input"), "header"), "temperature");
    row->n_atoms = number_in(verdict, "n_atoms");
    row->rw = number_in(best, "rw");
    row->bond = number_in(best, "bond_length");
    row->biso = number_in(best, "biso");
    row->esd_bond = number_in(esd, "bond_length");
    row->esd_biso = number_in(esd, "biso");
    if (!overview_is_structure(row))
        return DEEPSTRUC_OK;
    row->diameter = number_in(diameter, "mean");
    row->diameter_low = number_in(diameter, "low");
    row->diameter_high = number_in(diameter, "high");
    return DEEPSTRUC_OK;
}
