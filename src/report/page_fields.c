/* The fields of the page's template, each one small piece of HTML. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/marks.h"
#include "report/page.h"
#include "report/plots.h"
#include "report/text.h"

void report_print_escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(*text, out);
        }
}

static const char *string_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_base64(FILE *out, const report_bytes *bytes)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *data = (const unsigned char *)bytes->data;
    for (size_t i = 0; i < bytes->size; i += 3) {
        size_t left = bytes->size - i;
        unsigned bits =
            (unsigned)data[i] << 16 | (left > 1 ? (unsigned)data[i + 1] << 8 : 0) | (left > 2 ? data[i + 2] : 0);
        fputc(digit[bits >> 18], out);
        fputc(digit[bits >> 12 & 63], out);
        fputc(left > 1 ? digit[bits >> 6 & 63] : '=', out);
        fputc(left > 2 ? digit[bits & 63] : '=', out);
    }
}

static void print_picture(FILE *out, const report_bytes *png, const char *text)
{
    if (!png->data)
        return;
    fprintf(out, "<noscript><img class=\"static\" alt=\"%s\" src=\"data:image/png;base64,", text);
    print_base64(out, png);
    fputs("\"></noscript>", out);
}

/* ---- head ----------------------------------------------------------------------------------------------------------
 */

static void print_title(const report_page_parts *page, FILE *out)
{
    report_print_escaped(out, text_basename(string_in(json_object_get(page->result, "input"), "file")));
}

static void print_file(const report_page_parts *page, FILE *out)
{
    print_title(page, out);
    if (strcmp(page->solution->element, "X") != 0)
        fprintf(out, " · %s", page->solution->element);
}

static void print_version(const report_page_parts *page, FILE *out)
{
    (void)page;
    fputs(deepstruc_version(), out);
}

static void print_style(const report_page_parts *page, FILE *out)
{
    (void)page;
    fputs((const char *)report_page_css, out);
}

static void print_script(const report_page_parts *page, FILE *out)
{
    (void)page;
    fputs("\"use strict\";\n", out);
    fputs((const char *)report_page_js, out);
}

/* Every "<" is written as an escape, so that no text in the data can end or open an element of the page. */
static void print_data(const report_page_parts *page, FILE *out)
{
    char *text = json_dumps(page->data, JSON_COMPACT | JSON_REAL_PRECISION(7));
    for (const char *c = text ? text : "null"; *c; c++)
        if (*c == '<')
            fputs("\\u003c", out);
        else
            fputc(*c, out);
    free(text);
}

static void print_marks(const report_page_parts *page, FILE *out)
{
    (void)page;
    fputs("<svg class=\"marks\" aria-hidden=\"true\">", out);
    for (int type = 0; type < DEEPSTRUC_N_TYPES; type++) {
        char path[REPORT_MARK_PATH], colour[8];
        report_mark_path((deepstruc_type)type, path);
        report_colour_text(report_mark_of((deepstruc_type)type).colour, colour);
        fprintf(out, "<symbol id=\"mark-%s\" viewBox=\"-1 -1 2 2\"><path d=\"%s\" fill=\"%s\"/></symbol>",
                deepstruc_type_name((deepstruc_type)type), path, colour);
    }
    fputs("</svg>", out);
}

/* ---- verdict -------------------------------------------------------------------------------------------------------
 */

static void print_kind(const report_page_parts *page, FILE *out)
{
    fputs(deepstruc_verdict_name(page->solution->verdict.kind), out);
}

static void print_headline(const report_page_parts *page, FILE *out)
{
    char text[300];
    report_headline(page->solution, text, sizeof text);
    report_print_escaped(out, text);
}

static void print_why(const report_page_parts *page, FILE *out)
{
    report_print_escaped(out, string_in(json_object_get(page->result, "verdict"), "why"));
}

static void print_flags(const report_page_parts *page, FILE *out)
{
    const json_t *flags = json_object_get(json_object_get(page->result, "verdict"), "flags");
    for (size_t i = 0; i < json_array_size(flags); i++) {
        fputs("<span class=\"flag\">", out);
        report_print_escaped(out, json_string_value(json_array_get(flags, i)));
        fputs("</span>", out);
    }
}

static void print_figure(FILE *out, const char *name, const char *value, const char *unit)
{
    fprintf(out, "<div><dt>%s</dt><dd>%s%s</dd></div>", name, value, unit);
}

static void print_figures(const report_page_parts *page, FILE *out)
{
    const deepstruc_solution *solution = page->solution;
    const deepstruc_candidate *best = &solution->candidate[solution->verdict.i_best];
    const deepstruc_fit *fit = &best->fit;
    const deepstruc_interval *atoms = &solution->evidence.n_atoms;
    bool weighed = !report_was_given(solution);
    char text[REPORT_VALUE_TEXT + 60];
    report_value_text(text, fit->rw, NAN, 3);
    if (solution->verdict.i_best > 0)
        text_append(text, sizeof text, " <small>(lowest %.3f)</small>", solution->candidate[0].fit.rw);
    print_figure(out, "<i>R</i><sub>w</sub>", text, "");
    snprintf(text, sizeof text, "%zu", best->cluster->n_atoms);
    if (weighed && atoms->high > atoms->low)
        text_append(text, sizeof text, " <small>(%.0f–%.0f)</small>", atoms->low, atoms->high);
    print_figure(out, "atoms (68 %)", text, "");
    report_value_text(text, fit->bond_length, report_esd_bond_length(fit), 3);
    print_figure(out, "bond length", text, " Å");
    const deepstruc_interval *size = &solution->evidence.diameter;
    report_value_text(text, deepstruc_candidate_diameter(best), NAN, 1);
    if (weighed && size->high > size->low)
        snprintf(text, sizeof text, "%.1f <small>(%.1f–%.1f)</small>", size->mean, size->low, size->high);
    print_figure(out, "diameter (equal volume, 68 %)", text, " Å");
    report_value_text(text, fit->biso, fit->esd_biso, 2);
    print_figure(out, "<i>B</i><sub>iso</sub>", text, " Å²");
}

/* ---- tables --------------------------------------------------------------------------------------------------------
 */

static void print_counts(const report_page_parts *page, FILE *out)
{
    size_t n = page->solution->n_candidates, top = report_n_top(page->solution);
    if (top < n)
        fprintf(out, "the best %zu of %zu, and those spoken of above; all are in candidates.csv", top, n);
    else
        fprintf(out, "%zu", n);
}

static void print_row(const deepstruc_solution *solution, size_t i_candidate, bool odd, FILE *out)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_cluster *cluster = candidate->cluster;
    const deepstruc_fit *fit = &candidate->fit;
    const char *type = deepstruc_type_name(cluster->type);
    char bond[REPORT_VALUE_TEXT], biso[REPORT_VALUE_TEXT], scale[REPORT_VALUE_TEXT], expansion[REPORT_VALUE_TEXT];
    char path[REPORT_XYZ_PATH];
    report_value_text(bond, fit->bond_length, report_esd_bond_length(fit), 3);
    report_value_text(biso, fit->biso, fit->esd_biso, 2);
    report_value_text(scale, fit->scale, fit->esd_scale, 3);
    report_value_text(expansion, fit->expansion, fit->esd_expansion, 4);
    report_xyz_path(solution, i_candidate, path);
    fprintf(out,
            "<tr data-rank=\"%zu\"%s><td class=\"n\">%zu</td><td><svg class=\"mark\" "
            "aria-hidden=\"true\"><use href=\"#mark-%s\"/></svg>%s</td><td title=\"",
            i_candidate + 1, odd ? " class=\"odd\"" : "", i_candidate + 1, type, type);
    report_print_escaped(out, cluster->name);
    fputs("\">", out);
    if (cluster->shape[0]) {
        report_print_escaped(out, cluster->shape);
    } else { /* "generated decahedron atom, 62 atoms, 5f89ff33": what tells it apart is in the other columns */
        char said[sizeof cluster->name];
        text_copy(said, sizeof said, cluster->name);
        said[strcspn(said, ",")] = '\0';
        report_print_escaped(out, said);
    }
    fprintf(out,
            "</td><td class=\"n\">%zu</td><td class=\"n\">%.4f</td><td class=\"n\">%d</td><td class=\"n\">%s</td>"
            "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td>%s</td><td><a "
            "href=\"%s\">xyz</a></td></tr>\n",
            cluster->n_atoms, fit->rw, candidate->group, bond, biso, scale, expansion, candidate->method, path);
}

static void print_rows(const report_page_parts *page, FILE *out)
{
    for (size_t i = 0; i < page->solution->n_candidates; i++)
        if (report_is_shown(page->solution, i))
            print_row(page->solution, i, page->solution->candidate[i].group % 2 == 0, out);
}

static void print_pair(FILE *out, const char *name, const char *value)
{
    fprintf(out, "<tr><td>%s</td><td>", name);
    report_print_escaped(out, value);
    fputs("</td></tr>\n", out);
}

static void print_parameters(const report_page_parts *page, FILE *out)
{
    const deepstruc_target *target = page->solution->target;
    const deepstruc_fit *fit = &page->solution->candidate[0].fit;
    char text[100], value[REPORT_VALUE_TEXT];
    report_value_text(value, fit->scale, fit->esd_scale, 3);
    print_pair(out, "scale", value);
    report_value_text(value, fit->expansion, fit->esd_expansion, 4);
    print_pair(out, "expansion", value);
    report_value_text(value, fit->bond_length, report_esd_bond_length(fit), 3);
    snprintf(text, sizeof text, "%s Å", value);
    print_pair(out, "bond length (mean nearest neighbour)", text);
    report_value_text(value, fit->biso, fit->esd_biso, 2);
    snprintf(text, sizeof text, "%s Å²", value);
    print_pair(out, "<i>B</i><sub>iso</sub>", text);
    for (size_t i = 0; i < fit->n_terms; i++) {
        report_value_text(value, fit->term[i].value, fit->term[i].esd, 4);
        snprintf(text, sizeof text, "%s%s%s%s", value, *fit->term[i].unit ? " " : "", fit->term[i].unit,
                 fit->term[i].at_bound ? " (at its bound)"
                 : fit->term[i].free   ? ""
                                       : " (fixed)");
        print_pair(out, fit->term[i].name, text);
    }
    if (isfinite(fit->rw_weighted)) {
        report_value_text(value, fit->rw_weighted, NAN, 4);
        print_pair(out, "<i>R</i><sub>w</sub> weighted by the file's dG", value);
    }
    if (fit->at_bound)
        print_pair(out, "note", "a parameter lies at its bound and has no standard deviation");
    snprintf(text, sizeof text, "%.3g to %.4g Å, every %.4g Å", target->rmin,
             target->rmin + target->rstep * (double)(target->n - 1), target->rstep);
    print_pair(out, "fitted range", text);
    snprintf(text, sizeof text, "%.4g to %.4g Å⁻¹", target->qmin, target->qmax);
    print_pair(out, "<i>Q</i> range", text);
    snprintf(text, sizeof text, "%.4g Å⁻¹", target->qdamp);
    print_pair(out, "<i>Q</i><sub>damp</sub>", text);
}

static void print_assumed(const report_page_parts *page, FILE *out)
{
    const json_t *assumed = json_object_get(json_object_get(page->result, "input"), "assumed");
    if (json_array_size(assumed) == 0) {
        fputs("<p>Nothing: the file says all that was needed.</p>", out);
        return;
    }
    fputs("<ul>", out);
    for (size_t i = 0; i < json_array_size(assumed); i++) {
        fputs("<li>", out);
        report_print_escaped(out, json_string_value(json_array_get(assumed, i)));
        fputs("</li>", out);
    }
    fputs("</ul>", out);
}

static void print_settings(const report_page_parts *page, FILE *out)
{
    json_t *settings = json_object_get(page->result, "settings"), *value;
    const char *name;
    json_object_foreach(settings, name, value)
    {
        char text[40];
        if (json_is_integer(value))
            snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        else if (json_is_real(value))
            snprintf(text, sizeof text, "%.6g", json_real_value(value));
        else
            snprintf(text, sizeof text, "%s", json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "–");
        print_pair(out, name, json_is_string(value) ? json_string_value(value) : text);
    }
}

static void print_command(const report_page_parts *page, FILE *out)
{
    report_bytes command;
    if (report_bytes_begin(&command, NULL) != DEEPSTRUC_OK)
        return;
    report_command(page->solution, string_in(json_object_get(page->result, "input"), "file"), command.stream);
    if (report_bytes_end(&command, NULL) != DEEPSTRUC_OK)
        return;
    report_print_escaped(out, command.data);
    report_bytes_free(&command);
}

/* ---- pictures and files --------------------------------------------------------------------------------------------
 */

static void print_fit(const report_page_parts *page, FILE *out)
{
    print_picture(out, &page->pictures->fit, "Data, fit and difference of rank 1");
}

static void print_map(const report_page_parts *page, FILE *out)
{
    print_picture(out, &page->pictures->map, "Rw of the candidates against their number of atoms, by type");
}

static void print_map_note(const report_page_parts *page, FILE *out)
{
    if (page->solution->n_candidates > REPORT_MAP_ALL)
        fputs("the best of each type and size", out);
    else
        fputs("all candidates", out);
}

static void print_latent(const report_page_parts *page, FILE *out)
{
    if (!report_has_map(page->solution))
        return;
    fputs("<section id=\"latent\" aria-labelledby=\"latent-title\"><h2 id=\"latent-title\">Latent map <small>training "
          "structures, and this PDF with its rings of 1, 2 and 3 σ</small></h2><canvas id=\"latent-canvas\" "
          "tabindex=\"0\" role=\"img\" aria-label=\"Map of the model's latent space\"></canvas><p class=\"key\" "
          "id=\"latent-key\"></p><output id=\"latent-readout\"></output></section>",
          out);
}

static void print_files(const report_page_parts *page, FILE *out)
{
    static const char *const file[] = {"result.json", "candidates.csv", "candidates/"};
    static const char *const plot[] = {"fit", "next-family", "rw-size", "latent"};
    static const char *const ending[] = {"svg", "png", "pdf"};
    const deepstruc_solution *solution = page->solution;
    const bool made[] = {true, report_next_family(solution) < solution->n_candidates, true, report_has_map(solution)};
    for (size_t i = 0; i < sizeof file / sizeof *file; i++)
        fprintf(out, "<a href=\"%s\">%s</a> ", file[i], file[i]);
    for (size_t i = 0; i < sizeof plot / sizeof *plot; i++)
        for (size_t k = 0; k < sizeof ending / sizeof *ending && made[i]; k++)
            fprintf(out, "<a href=\"%s.%s\">%s.%s</a> ", plot[i], ending[k], plot[i], ending[k]);
    for (size_t i = 0; i < page->solution->n_fits; i++)
        fprintf(out, "<a href=\"fit-%03zu.fgr\">fit-%03zu.fgr</a> ", i + 1, i + 1);
}

bool report_page_field(const report_page_parts *page, const char *name, size_t length, FILE *out)
{
    static const struct {
        const char *name;
        void (*print)(const report_page_parts *, FILE *);
    } fields[] = {
        {"title", print_title},
        {"file", print_file},
        {"version", print_version},
        {"style", print_style},
        {"script", print_script},
        {"data", print_data},
        {"marks", print_marks},
        {"kind", print_kind},
        {"headline", print_headline},
        {"why", print_why},
        {"flags", print_flags},
        {"figures", print_figures},
        {"families", report_page_families},
        {"counts", print_counts},
        {"rows", print_rows},
        {"parameters", print_parameters},
        {"assumed", print_assumed},
        {"settings", print_settings},
        {"command", print_command},
        {"fit", print_fit},
        {"map", print_map},
        {"map_note", print_map_note},
        {"latent", print_latent},
        {"files", print_files},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == length && strncmp(fields[i].name, name, length) == 0) {
            fields[i].print(page, out);
            return true;
        }
    return false;
}
