/* report.html: the answer on one page that opens without a network. */
#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "report/plots.h"

static void print_escaped(FILE *out, const char *text)
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

static void print_table(const deepstruc_solution *solution, FILE *out)
{
    fputs("<table><tr><th>rank<th>type<th>shape<th>atoms<th>R<sub>w</sub><th>bond (Å)<th>B<sub>iso</sub> (Å²)<th>method"
          "<th>group</tr>\n",
          out);
    for (size_t i = 0; i < report_n_top(solution); i++) {
        const deepstruc_candidate *candidate = &solution->candidate[i];
        fprintf(out, "<tr><td>%zu<td>%s<td>", i + 1, deepstruc_type_name(candidate->cluster->type));
        print_escaped(out, candidate->cluster->shape);
        fprintf(out, "<td>%zu<td>%.4f<td>%.3f<td>%.2f<td>%s<td>%d</tr>\n", candidate->cluster->n_atoms,
                candidate->fit.rw, candidate->fit.bond_length, candidate->fit.biso, candidate->method,
                candidate->group);
    }
    fputs("</table>\n", out);
}

deepstruc_status report_page(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const json_t *result,
                             report_bytes *out, deepstruc_diag *diag)
{
    (void)result;
    report_bytes plot = {0}, page;
    deepstruc_status status = DEEPSTRUC_OK;
    if (solution->n_fits > 0) {
        plot_fit_subject fit = {solution->target, solution->gcalc, &solution->candidate[0]};
        status = plot_render(&plot, PLOT_SVG, PLOT_FIT_WIDTH, PLOT_FIT_HEIGHT, plot_draw_fit, &fit, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = report_bytes_begin(&page, diag);
    if (status != DEEPSTRUC_OK) {
        report_bytes_free(&plot);
        return status;
    }
    fputs("<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>deepstruc: ",
          page.stream);
    print_escaped(page.stream, pdf->file);
    fputs("</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
          "td,th{padding:.2em .7em;text-align:left}svg{max-width:100%;height:auto}</style>\n<h1>",
          page.stream);
    print_escaped(page.stream, pdf->file);
    fprintf(page.stream, "</h1><p><b>%s.</b> ", deepstruc_verdict_name(solution->verdict.kind));
    print_escaped(page.stream, solution->verdict.why);
    fputs("</p>\n", page.stream);
    const char *drawing = plot.data ? strstr(plot.data, "<svg") : NULL;
    if (drawing)
        fputs(drawing, page.stream);
    report_bytes_free(&plot);
    print_table(solution, page.stream);
    status = report_bytes_end(&page, diag);
    if (status == DEEPSTRUC_OK)
        *out = page;
    return status;
}
