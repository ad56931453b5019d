#include <deepstruc/evaluate.h>

#include <math.h>

#include "base/json.h"

static void set_spread(json_t *row, const char *name, deepstruc_spread s)
{
    if (isfinite(s.mean))
        json_object_set_new(row, name,
                            json_pack("{s:o,s:o,s:o}", "mean", json_number(s.mean), "std", json_number(s.std), "median",
                                      json_number(s.median)));
}

static void set_rate(json_t *row, const char *name, double value)
{
    if (isfinite(value))
        json_object_set_new(row, name, json_number(value));
}

char *deepstruc_evaluation_json(const deepstruc_evaluation *e)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < e->n_rows; i++) {
        const deepstruc_evaluation_row *r = &e->row[i];
        json_t *row = json_pack("{s:s}", "method", r->method);
        if (r->missing[0])
            json_object_set_new(row, "missing", json_string(r->missing));
        set_spread(row, "paper_mae_before", r->paper_mae_before);
        set_spread(row, "paper_mae_after", r->paper_mae_after);
        set_spread(row, "strict_mae", r->strict_mae);
        set_spread(row, "rw", r->rw);
        set_spread(row, "count_crps", r->count_crps);
        set_rate(row, "exact_count", r->exact_count);
        set_rate(row, "count_within_5pct", r->count_within_5pct);
        set_rate(row, "type_top1", r->type_top1);
        set_rate(row, "type_top3", r->type_top3);
        set_rate(row, "type_top5", r->type_top5);
        set_rate(row, "shape_top1", r->shape_top1);
        set_rate(row, "shape_top3", r->shape_top3);
        set_rate(row, "shape_top5", r->shape_top5);
        set_rate(row, "family_top1", r->family_top1);
        set_rate(row, "diameter_within_5pct", r->diameter_within_5pct);
        set_rate(row, "diameter_within_10pct", r->diameter_within_10pct);
        set_rate(row, "literature_in_top_group", r->literature_in_group);
        set_rate(row, "sequence_exact", r->sequence_exact);
        set_rate(row, "recovered", r->recovered);
        set_rate(row, "outfits_truth", r->outfits_truth);
        set_rate(row, "valid_samples", r->valid);
        set_rate(row, "distinct_samples", r->distinct);
        set_rate(row, "coverage_68", r->coverage_68);
        set_rate(row, "seconds_per_pdf", r->seconds_per_pdf);
        json_array_append_new(rows, row);
    }
    json_t *root = json_pack("{s:s,s:I,s:I,s:o}", "protocol", e->protocol, "n", (json_int_t)e->n, "seed",
                             (json_int_t)e->seed, "rows", rows);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    return text;
}
