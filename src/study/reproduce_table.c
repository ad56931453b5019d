/* The table paper / others / ours: each row a measure, its published value, and ours read from the parts' data. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "report/bytes.h"
#include "study/reproduce.h"

typedef enum { SPREAD, RATE, NUMBER } measure_kind; /* mean ± std (median) in Å; a share; as it is */

static const struct {
    const char *part, *method, *key, *measure;
    measure_kind kind;
    const char *paper, *others;
} table[] = {
    {"paper", "default-model", "paper_mae_before", "test split: MAE before the fit (Å)", SPREAD, "0.128 ± 0.073",
     "CbLDM 0.033 (distances, right counts)"},
    {"paper", "default-model", "paper_mae_after", "test split: MAE after the fit (Å)", SPREAD, "0.093 ± 0.058", ""},
    {"paper", "default-model", "strict_mae", "test split: strict MAE (Å)", SPREAD, "", ""},
    {"paper", "default-model", "exact_count", "test split: atoms counted right", RATE, "", "CbLDM 39.6 %"},
    {"paper", "deepstruc-2023", "strict_mae", "deepstruc-2023, trained by us: strict MAE (Å)", SPREAD, "", ""},
    {"paper", "deepstruc-2023", "exact_count", "deepstruc-2023, trained by us: atoms counted right", RATE, "", ""},
    {"paper", "plain-cvae", "strict_mae", "plain CVAE: strict MAE (Å)", SPREAD, "", ""},
    {"paper", "plain-cvae", "exact_count", "plain CVAE: atoms counted right", RATE, "", ""},
    {"paper", "tree", "shape_top1", "trees: shape right", RATE, "83.9 % (3,743 classes)", ""},
    {"paper", "tree", "shape_top3", "trees: shape among the first 3", RATE, "96.0 % (3,743 classes)", ""},
    {"paper", "tree", "shape_top5", "trees: shape among the first 5", RATE, "97.9 % (3,743 classes)", ""},
    {"paper", "library", "exact_count", "catalogue search: atoms counted right", RATE, "", ""},
    {"paper", "nearest", "exact_count", "nearest known PDF: atoms counted right", RATE, "", ""},
    {"shapes", "default-model", "strict_mae", "held-out shapes: strict MAE (Å) (2)", SPREAD, "nobody reports it", ""},
    {"shapes", "default-model", "family_top1", "held-out shapes: family right (2)", RATE, "nobody reports it", ""},
    {"shapes", "default-model", "count_within_5pct", "held-out shapes: count within 5 % (2)", RATE, "nobody reports it",
     ""},
    {"large", "default-model", "family_top1", "5 to 1000 atoms: family right", RATE, "trends hold to about 400 atoms",
     ""},
    {"large", "default-model", "diameter_within_10pct", "5 to 1000 atoms: diameter within 10 %", RATE, "", ""},
    {"stacking-random", "stacking-model", "paper_mae_after", "stackings, random split: MAE after the fit (Å)", SPREAD,
     "0.030 ± 0.019", ""},
    {"stacking-random", "stacking-model", "strict_mae", "stackings, random split: strict MAE (Å)", SPREAD, "", ""},
    {"stacking", "stacking-model", "strict_mae", "stackings, sequences held out: strict MAE (Å)", SPREAD, "", ""},
    {"stacking", "stacking-model", "sequence_exact", "stackings, sequences held out: sequence right", RATE, "", ""},
    {"stacking", "stacking-model-best-of-n", "strict_mae", "the same, its 32 likeliest sequences, best fit (Å)", SPREAD,
     "", ""},
    {"stacking", "stacking-model-best-of-n", "sequence_exact", "the same: sequence right", RATE, "", ""},
    {"stacking", "default-model", "strict_mae", "the same, default model: strict MAE (Å)", SPREAD, "", ""},
    {"stacking", "default-model", "sequence_exact", "the same, default model: sequence right (1)", RATE, "", ""},
    {"stacking", "solve", "sequence_exact", "the same, all that solve does", RATE, "", ""},
    {"map", "default-model", "octahedra_beside_fcc", "map: octahedra whose nearest other type is fcc", RATE, "beside",
     ""},
    {"map", "default-model", "fcc_share", "the same by chance", RATE, "", ""},
    {"map", "default-model", "decahedra_between", "map: decahedra between fcc and hcp", RATE, "between", ""},
    {"map", "default-model", "size_correlation", "map: correlation of log(atoms) with the place", NUMBER,
     "along an axis", ""},
    {"stacking-map", "default-model", "hexagonality_correlation",
     "stackings: correlation of hexagonality with the place", NUMBER, "", ""},
    {"stacking-map", "default-model", "few_faults_near_fcc", "stackings: hexagonality up to 1/4, nearest pure is fcc",
     RATE, "ABCABA near fcc", ""},
    {"stacking-map", "default-model", "many_faults_near_hcp", "stackings: hexagonality from 3/4, nearest pure is hcp",
     RATE, "ABCBCB near hcp", ""},
    {"stacking-map", "default-model", "faulted_between", "stackings: faulted ones between fcc and hcp", RATE, "between",
     ""},
};
enum { N_ROWS = sizeof table / sizeof *table };

static const json_t *row_of(const json_t *parts, const char *part, const char *method)
{
    const json_t *rows = json_object_get(json_object_get(json_object_get(parts, part), "evaluation"), "rows"), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "method")), method) == 0)
            return row;
    }
    return NULL;
}

/* "0.0027 ± 0.027 (median 0.0000)", "98.5 %" or "missing". */
static void value_text(char *out, size_t size, const json_t *value, measure_kind kind)
{
    if (kind == RATE && json_is_number(value))
        snprintf(out, size, "%.1f %%", 100 * json_number_value(value));
    else if (kind == NUMBER && json_is_number(value))
        snprintf(out, size, "%.2f", json_number_value(value));
    else if (kind == SPREAD && json_is_object(value))
        snprintf(out, size, "%.4f ± %.4f (median %.4f)", json_number_value(json_object_get(value, "mean")),
                 json_number_value(json_object_get(value, "std")), json_number_value(json_object_get(value, "median")));
    else
        snprintf(out, size, "missing");
}

static json_t *table_json(const json_t *parts)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < N_ROWS; i++) {
        const json_t *row = row_of(parts, table[i].part, table[i].method);
        json_t *value = json_object_get(row, table[i].key);
        char text[80];
        value_text(text, sizeof text, value, table[i].kind);
        json_t *one =
            json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "measure", table[i].measure, "part", table[i].part, "method",
                      table[i].method, "paper", table[i].paper, "others", table[i].others, "ours", text);
        json_object_set(one, "value", value ? value : json_null());
        json_object_set(one, "n",
                        json_object_get(json_object_get(json_object_get(parts, table[i].part), "evaluation"), "n"));
        json_array_append_new(rows, one);
    }
    return rows;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static const char NOTE[] =
    "(1) The default model saw random stackings of close-packed layers in training, the held-out sequences among them; "
    "no catalogue or list of known structures holds them. (2) Held out only if the model's card says that it was "
    "trained so. MAE: mean |difference| per coordinate over the cases with "
    "the right count, best alignment. Strict MAE: all cases, unmatched atoms count one bond length.";

static void measurement_cells(const json_t *one, char cell[6][96])
{
    const json_t *there = json_object_get(one, "literature_rw");
    snprintf(cell[0], 96, "%s, %s", json_string_value(json_object_get(one, "sample")),
             json_string_value(json_object_get(one, "variant")));
    snprintf(cell[1], 96, "%s, σ %g", json_string_value(json_object_get(one, "method")),
             json_number_value(json_object_get(one, "sigma")));
    snprintf(cell[2], 96, "%s, %lld atoms", json_string_value(json_object_get(one, "type")),
             (long long)json_integer_value(json_object_get(one, "atoms")));
    snprintf(cell[3], 96, "%.3f (paper's catalogue %.3f)", json_number_value(json_object_get(one, "rw")),
             json_number_value(json_object_get(one, "published_rw")));
    snprintf(cell[4], 96, "%.2f ± %.2f", json_number_value(json_object_get(one, "biso")),
             json_number_value(json_object_get(one, "esd_biso")));
    if (there)
        snprintf(cell[5], 96, "%s: %.3f, %lld atoms%s", json_string_value(json_object_get(one, "answer")),
                 json_number_value(there), (long long)json_integer_value(json_object_get(one, "literature_atoms")),
                 json_is_true(json_object_get(one, "literature_in_top_group")) ? ", in the top group" : "");
    else
        snprintf(cell[5], 96, "%s: not found", json_string_value(json_object_get(one, "answer")));
}

static const char *const measurement_heads[] = {
    "sample", "method", "rank 1", "R<sub>w</sub>", "B<sub>iso</sub> (Å²)", "the literature's answer"};

static void write_markdown(FILE *out, const json_t *rows, const json_t *parts)
{
    const json_t *one, *results = json_object_get(json_object_get(parts, "experiments"), "results");
    size_t i;
    fputs("| measure | cases | paper | others | ours |\n|---|---|---|---|---|\n", out);
    json_array_foreach(rows, i, one)
    {
        const json_t *n = json_object_get(one, "n");
        fprintf(out, "| %s | %lld | %s | %s | %s |\n", json_string_value(json_object_get(one, "measure")),
                (long long)json_integer_value(n), json_string_value(json_object_get(one, "paper")),
                json_string_value(json_object_get(one, "others")), json_string_value(json_object_get(one, "ours")));
    }
    fprintf(out, "\n%s\n\n", NOTE);
    if (!results) {
        fputs("Published measurements: missing (name their folder with --data).\n", out);
        return;
    }
    for (int c = 0; c < 6; c++)
        fprintf(out, "| %s ", measurement_heads[c]);
    fputs("|\n|---|---|---|---|---|---|\n", out);
    json_array_foreach(results, i, one)
    {
        char cell[6][96];
        measurement_cells(one, cell);
        fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]);
    }
}

static void write_figures(FILE *out)
{
    static const struct {
        const char *name, *caption;
    } figures[] = {
        {"types", "Structures of the published set by type."},
        {"fig1b-pdfs", "Fig. 1b. Simulated PDFs of the seven types."},
        {"fig1c-reconstruction",
         "Fig. 1c. A simulated PDF, the PDF of the structure decoded from it, their difference."},
        {"fig2-latent-map", "Fig. 2. The default model's latent map: colour is type, size the number of atoms."},
        {"fig2-latent-map-deepstruc-2023", "Fig. 2. The map of deepstruc-2023 as we trained it."},
        {"fig3-reconstruction", "Fig. 3. Errors on the published test split, by type and method."},
        {"fig4-sizes", "Fig. 4. Sizes found beside true ones, 5 to 1000 atoms, damping unknown."},
        {"fig5-experiments-map", "Fig. 5a. The measurements on the map, with rings of 1, 2, 3 standard deviations."},
        {"fig5-experiments-rw", "Fig. 5. Best fit of each method to each measurement."},
        {"experiments/Au144pMBA/fit", "Fig. 5b. Au144(p-MBA)60: data, best fit, difference."},
        {"experiments/Au144PET_100K/fit", "Fig. 5. Au144(PET)60."},
        {"experiments/JQ_S3/fit", "Fig. 5. Pt 1.8 nm."},
        {"experiments/JQ_S2/fit", "Fig. 5. Pt 2.2 nm."},
        {"experiments/JQ_S1/fit", "Fig. 5. Pt 3.4 nm."},
        {"experiments-biso", "Fitted displacement parameters of those fits."},
        {"stacking-latent-map", "fcc, hcp and faulted stackings on the map."},
        {"figS8-lattice-change", "Fig. S8. Errors when all lengths change."},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        fprintf(out,
                "<figure><img src=\"%s.svg\" alt=\"\" onerror=\"this.parentNode.className='missing'\">"
                "<figcaption>%s</figcaption></figure>\n",
                figures[i].name, figures[i].caption);
}

static void write_html(FILE *out, const json_t *rows, const json_t *parts)
{
    const json_t *one, *results = json_object_get(json_object_get(parts, "experiments"), "results");
    size_t i;
    fputs(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>DeepStruc, reproduced</title>\n<style>"
        "body{font:15px/1.5 sans-serif;max-width:1060px;margin:2em auto;padding:0 1em;color:#222}"
        "table{border-collapse:collapse;margin:1em 0;width:100%}td,th{padding:.3em .7em;border-bottom:1px solid #ddd;"
        "text-align:left;vertical-align:top}th{border-bottom:2px solid #888}figure{display:inline-block;width:500px;"
        "margin:1em 8px;vertical-align:top}figure img{width:100%}figure.missing img{display:none}"
        "figure.missing figcaption::after{content:' Missing.'}figcaption{color:#555;font-size:13px}</style>\n"
        "<h1>DeepStruc, reproduced</h1>\n<p>Kjær, Anker et al., <i>Digital Discovery</i> 2023, doi 10.1039/D2DD00086E. "
        "What could not be had stands as "
        "missing.</p>\n<table><tr><th>measure<th>cases<th>paper<th>others<th>ours</tr>\n",
        out);
    json_array_foreach(rows, i, one) fprintf(
        out, "<tr><td>%s<td>%lld<td>%s<td>%s<td>%s</tr>\n", json_string_value(json_object_get(one, "measure")),
        (long long)json_integer_value(json_object_get(one, "n")), json_string_value(json_object_get(one, "paper")),
        json_string_value(json_object_get(one, "others")), json_string_value(json_object_get(one, "ours")));
    fprintf(out, "</table>\n<p>%s</p>\n<h2>Measurements</h2>\n", NOTE);
    if (results) {
        fputs("<table><tr>", out);
        for (int c = 0; c < 6; c++)
            fprintf(out, "<th>%s", measurement_heads[c]);
        fputs("</tr>\n", out);
    } else {
        fputs("<p>Missing: name their folder with --data.</p>\n", out);
    }
    json_array_foreach(results, i, one)
    {
        char cell[6][96];
        measurement_cells(one, cell);
        fprintf(out, "<tr><td>%s<td>%s<td>%s<td>%s<td>%s<td>%s</tr>\n", cell[0], cell[1], cell[2], cell[3], cell[4],
                cell[5]);
    }
    if (results)
        fputs("</table>\n", out);
    fputs("<h2>Figures</h2>\n", out);
    write_figures(out);
    fputs("</html>\n", out);
}

typedef void table_writer(FILE *out, const json_t *rows, const json_t *parts);

static deepstruc_status save(table_writer *write, const json_t *rows, const json_t *parts, const reproduction *r,
                             const char *name, deepstruc_diag *diag)
{
    char path[4200];
    report_bytes bytes;
    snprintf(path, sizeof path, "%s/%s", r->dir, name);
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    write(bytes.stream, rows, parts);
    status = report_bytes_end(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = file_write(path, bytes.data, bytes.size, true, diag);
    report_bytes_free(&bytes);
    return status;
}

deepstruc_status reproduce_table(const json_t *parts, const reproduction *r, deepstruc_diag *diag)
{
    char path[4200];
    json_t *rows = table_json(parts);
    char *text = json_dumps(rows, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(7));
    snprintf(path, sizeof path, "%s/table.json", r->dir);
    deepstruc_status status = text ? file_write(path, text, strlen(text), true, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = save(write_markdown, rows, parts, r, "table.md", diag);
    if (status == DEEPSTRUC_OK)
        status = save(write_html, rows, parts, r, "table.html", diag);
    free(text);
    json_decref(rows);
    return status;
}
