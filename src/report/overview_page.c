/* overview.html: the verdicts of a batch, and how size, bond length and Biso go along it. Drawn as SVG here, so that
 * the page needs no script. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/overview_page.h"
#include "report/page.h"
#include "report/text.h"

enum { WIDTH = 640, HEIGHT = 220, LEFT = 64, RIGHT = 16, TOP = 14, BOTTOM = 44, N_TICKS = 4 };

/* ---- trends -------------------------------------------------------------------------------------------------------
 */

/* A quantity of a row: value, and the ends of its error bar. */
typedef struct {
    double value, low, high;
} measured;

static measured diameter_of(const overview_row *row)
{
    return (measured){row->diameter, row->diameter_low, row->diameter_high};
}

static measured bond_of(const overview_row *row)
{
    return (measured){row->bond, row->bond - row->esd_bond, row->bond + row->esd_bond};
}

static measured biso_of(const overview_row *row)
{
    return (measured){row->biso, row->biso - row->esd_biso, row->biso + row->esd_biso};
}

typedef struct {
    const char *heading, *unit;
    measured (*of)(const overview_row *);
    int decimals;
} trend;

static const trend trends[] = {
    {"Diameter", "Å", diameter_of, 1}, {"Bond length", "Å", bond_of, 3}, {"Biso", "Å²", biso_of, 2}};

typedef struct {
    double low, high;
} span;

static void widen(span *s, double value)
{
    if (isfinite(value)) {
        s->low = fmin(s->low, value);
        s->high = fmax(s->high, value);
    }
}

static span finished(span s)
{
    double margin = s.high > s.low ? 0.08 * (s.high - s.low) : 0.02 * fabs(s.high) + 1e-6;
    return (span){s.low - margin, s.high + margin};
}

/* Files are numbered in their order, from 1, unless several temperatures are known. */
static bool use_temperature(const overview_row *row, size_t n)
{
    span s = {INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++)
        widen(&s, row[i].temperature);
    return s.high > s.low;
}

static double place_of(const overview_row *row, size_t i, bool temperature)
{
    return temperature ? row[i].temperature : (double)i + 1;
}

static double across(double value, span s, double from, double to)
{
    return from + (value - s.low) / (s.high - s.low) * (to - from);
}

static void print_axes(FILE *out, const trend *t, span x, span y, bool temperature)
{
    fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, t->heading);
    for (int k = 0; k <= N_TICKS; k++) {
        double value = y.low + (y.high - y.low) * k / N_TICKS, at = across(value, y, HEIGHT - BOTTOM, TOP);
        fprintf(out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, at, at);
        fprintf(out, "<text class=\"y\" x=\"%d\" y=\"%.1f\">%.*f</text>", LEFT - 8, at + 4, t->decimals, value);
        value = x.low + (x.high - x.low) * k / N_TICKS;
        fprintf(out, "<text class=\"x\" x=\"%.1f\" y=\"%d\">%.4g</text>", across(value, x, LEFT, WIDTH - RIGHT),
                HEIGHT - BOTTOM + 18, value);
    }
    fprintf(out, "<text class=\"x\" x=\"%d\" y=\"%d\">%s</text>", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8,
            temperature ? "Temperature (K)" : "File, in the order of the table");
}

static void print_trend(FILE *out, const trend *t, const overview_row *row, size_t n, bool temperature)
{
    span x = {INFINITY, -INFINITY}, y = x;
    for (size_t i = 0; i < n; i++) {
        measured m = t->of(&row[i]);
        if (row[i].error || !overview_is_structure(&row[i]) || !isfinite(m.value) ||
            !isfinite(place_of(row, i, temperature)))
            continue;
        widen(&x, place_of(row, i, temperature));
        widen(&y, m.value);
        widen(&y, m.low);
        widen(&y, m.high);
    }
    if (!(y.high >= y.low))
        return;
    x = finished(x), y = finished(y);
    fprintf(out, "<section><h2>%s <small>%s</small></h2>", t->heading, t->unit);
    print_axes(out, t, x, y, temperature);
    for (size_t i = 0; i < n; i++) {
        measured m = t->of(&row[i]);
        double at = across(place_of(row, i, temperature), x, LEFT, WIDTH - RIGHT);
        if (row[i].error || !overview_is_structure(&row[i]) || !isfinite(m.value) || !isfinite(at))
            continue;
        if (isfinite(m.low) && isfinite(m.high))
            fprintf(out, "<line class=\"bar\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", at, at,
                    across(m.low, y, HEIGHT - BOTTOM, TOP), across(m.high, y, HEIGHT - BOTTOM, TOP));
        fprintf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>", row[i].kind, at,
                across(m.value, y, HEIGHT - BOTTOM, TOP));
        report_print_escaped(out, text_basename(row[i].file));
        fprintf(out, ": %.*f %s</title></circle>", t->decimals, m.value, t->unit);
    }
    fputs("</svg></section>", out);
}

/* ---- table --------------------------------------------------------------------------------------------------------
 */

static void print_cell(FILE *out, double value, double esd, int decimals)
{
    char text[REPORT_VALUE_TEXT];
    report_value_text(text, value, esd, decimals);
    fprintf(out, "<td>%s</td>", text);
}

static void print_row(FILE *out, const overview_row *row, size_t number, bool temperature)
{
    fprintf(out, "<tr class=\"%s\"><td>%zu</td><td class=\"file\">", row->error ? "failed" : row->kind, number);
    if (row->folder) {
        fputs("<a href=\"", out);
        report_print_escaped(out, row->folder);
        fputs("/report.html\">", out);
    }
    report_print_escaped(out, text_basename(row->file));
    fputs(row->folder ? "</a></td>" : "</td>", out);
    if (row->error) {
        fprintf(out, "<td>failed</td><td class=\"file\" colspan=\"%d\">", temperature ? 8 : 7);
        report_print_escaped(out, row->error);
        fputs("</td></tr>\n", out);
        return;
    }
    bool structure = overview_is_structure(row);
    fprintf(out, "<td><b>%s</b></td><td>%s</td>", row->kind,
            structure || strcmp(row->kind, "bulk") == 0 ? row->type : "–");
    if (temperature)
        print_cell(out, row->temperature, NAN, 0);
    print_cell(out, structure ? row->n_atoms : NAN, NAN, 0);
    print_cell(out, row->diameter, 0.5 * (row->diameter_high - row->diameter_low), 1);
    print_cell(out, structure ? row->bond : NAN, row->esd_bond, 3);
    print_cell(out, structure ? row->biso : NAN, row->esd_biso, 2);
    print_cell(out, row->rw, NAN, 3);
    fputs("<td class=\"file\">", out);
    report_print_escaped(out, row->why);
    if (row->flags[0]) {
        fputs(" <span class=\"flag\">", out);
        report_print_escaped(out, row->flags);
        fputs("</span>", out);
    }
    fputs("</td></tr>\n", out);
}

static const char own_style[] =
    "svg{max-width:40rem;width:100%;height:auto;font-size:12px}.grid{stroke:var(--line)}.bar{stroke:var(--soft)}"
    "text{fill:var(--soft)}text.y{text-anchor:end}text.x{text-anchor:middle}"
    "circle{fill:var(--good)}circle.ambiguous{fill:var(--warn)}circle.bulk,circle.not-a-metal-cluster{fill:var(--bad)}"
    "td.file{text-align:left;white-space:normal;min-width:9rem;overflow-wrap:anywhere}td{vertical-align:top}"
    "tr.failed td{color:var(--bad)}.scroll{overflow-x:auto}h1::before{display:none}";

static void print_table(FILE *out, const overview_row *row, size_t n, bool temperature)
{
    fputs("<section><h2>Files</h2><div class=\"scroll\"><table><thead><tr><th>#</th><th>File</th><th>Verdict</th>"
          "<th>Type</th>",
          out);
    if (temperature)
        fputs("<th>T (K)</th>", out);
    fputs("<th>Atoms</th><th>Diameter (Å)</th><th>Bond (Å)</th><th>Biso (Å²)</th><th>Rw</th><th>Why</th>"
          "</tr></thead><tbody>\n",
          out);
    for (size_t i = 0; i < n; i++)
        print_row(out, &row[i], i + 1, temperature);
    fputs("</tbody></table></div></section>", out);
}

deepstruc_status overview_page(const overview_row *row, size_t n, report_bytes *out, deepstruc_diag *diag)
{
    size_t n_failed = 0;
    bool temperature = use_temperature(row, n);
    deepstruc_status status = report_bytes_begin(out, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        n_failed += row[i].error != NULL;
    FILE *page = out->stream;
    fprintf(page,
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width, initial-scale=1\"><title>deepstruc: %zu files</title><style>%s%s</style>"
            "</head><body><h1>%zu files</h1>",
            n, (const char *)report_page_css, own_style, n);
    fprintf(page, "<p class=\"note\">deepstruc %s. ", deepstruc_version());
    if (n_failed)
        fprintf(page, "%zu could not be solved. ", n_failed);
    fputs("Bars are standard deviations, of the diameter the 68 % interval. Trends show clusters only.</p>", page);
    print_table(page, row, n, temperature);
    for (size_t k = 0; k < sizeof trends / sizeof *trends; k++)
        print_trend(page, &trends[k], row, n, temperature);
    fputs("</body></html>\n", page);
    status = report_bytes_end(out, diag);
    if (status != DEEPSTRUC_OK)
        report_bytes_free(out);
    return status;
}
