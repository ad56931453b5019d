/* What the candidates say together, as the page shows it. */
#include <math.h>

#include "report/page.h"
#include "report/text.h"

static void print_mark(FILE *out, const char *type)
{
    fprintf(out, "<svg class=\"mark\" aria-hidden=\"true\"><use href=\"#mark-%s\"/></svg>%s", type, type);
}

static void print_unnamed(const deepstruc_solution *solution, FILE *out)
{
    const deepstruc_unnamed *unnamed = &solution->evidence.unnamed;
    if (unnamed->n_shapes == 0)
        return;
    fprintf(out,
            "<p class=\"note\">Beside these, %zu generated structure%s of no readable family: the best is rank %zu, "
            "<i>R</i><sub>w</sub> %.3f.</p>",
            unnamed->n_shapes, unnamed->n_shapes == 1 ? "" : "s", unnamed->i_best + 1,
            solution->candidate[unnamed->i_best].fit.rw);
}

static void print_kind(const deepstruc_solution *solution, const deepstruc_kind *kind, FILE *out)
{
    const deepstruc_candidate *best = &solution->candidate[kind->i_best];
    fputs("<tr><td>", out);
    print_mark(out, deepstruc_type_name(kind->family));
    if (kind->n_atoms_low == kind->n_atoms_high)
        fprintf(out, "</td><td class=\"n\">%zu</td>", kind->n_atoms_low);
    else
        fprintf(out, "</td><td class=\"n\">%zu–%zu</td>", kind->n_atoms_low, kind->n_atoms_high);
    fprintf(out, "<td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%.4f</td>", kind->n, kind->i_best + 1,
            best->fit.rw);
    if (isfinite(kind->share))
        fprintf(out, "<td class=\"n\">%.1f %%</td>", 100 * kind->share);
    else
        fputs("<td class=\"n\">–</td>", out);
    if (isfinite(kind->r) && isfinite(kind->told_rw))
        fprintf(out, "<td class=\"n\">%.3f</td><td class=\"n\">%.1f</td><td class=\"n\">%.3f</td></tr>\n",
                kind->difference, kind->r, kind->told_rw);
    else
        fputs("<td class=\"n\">–</td><td></td><td></td></tr>\n", out);
}

/* The first group as a few kinds of structure: hundreds of its candidates are alike. */
static void print_kinds(const deepstruc_solution *solution, FILE *out)
{
    if (solution->n_kinds == 0)
        return;
    fputs("<section aria-labelledby=\"kinds-title\"><h2 id=\"kinds-title\">Group 1 <small>what the data do not tell "
          "apart, as kinds of one family and about one size</small></h2>\n<div class=\"wide\"><table "
          "class=\"kinds\"><thead><tr><th scope=\"col\">family</th><th scope=\"col\" class=\"n\">atoms</th><th "
          "scope=\"col\" class=\"n\">candidates</th><th scope=\"col\" "
          "class=\"n\">best rank</th><th scope=\"col\" class=\"n\"><i>R</i><sub>w</sub></th><th scope=\"col\" "
          "class=\"n\">evidence</th><th scope=\"col\" class=\"n\">differs by</th><th scope=\"col\" class=\"n\">most at "
          "(Å)</th>"
          "<th scope=\"col\" class=\"n\">told apart at <i>R</i><sub>w</sub></th></tr></thead><tbody>\n",
          out);
    for (size_t k = 0; k < solution->n_kinds && solution->kind[k].group == 1; k++)
        print_kind(solution, &solution->kind[k], out);
    fputs("</tbody></table></div><p class=\"note\">\"Differs by\": rms of the best one's curve less rank 1's, over the "
          "data's. The data would tell them "
          "apart if rank 1 fitted down to the last number: with a model that leaves out less (ligands, correlated "
          "motion, a "
          "spread of sizes: <code>--refine</code>). Otherwise only other evidence of the structure "
          "decides.</p></section>\n",
          out);
}

/* How sure the family is: a bar for each that has a thousandth, and what speaks for faults. */
void report_page_families(const report_page_parts *page, FILE *out)
{
    static const double WORTH_SAYING = 0.001;
    const deepstruc_solution *solution = page->solution;
    const deepstruc_evidence *evidence = &solution->evidence;
    if (evidence->n_families == 0 || report_was_given(solution))
        return;
    fputs(
        "<section aria-labelledby=\"families-title\"><h2 id=\"families-title\">Families <small>probability within what "
        "was tried, by the mean weight of each one's shapes</small></h2>\n<table class=\"families\"><tbody>\n",
        out);
    for (size_t k = 0; k < evidence->n_families; k++) {
        const deepstruc_family *family = &evidence->family[k];
        const deepstruc_candidate *best = &solution->candidate[family->i_best];
        const char *type = deepstruc_type_name(family->type);
        if (family->probability < WORTH_SAYING)
            continue;
        fprintf(out,
                "<tr><td><svg class=\"mark\" aria-hidden=\"true\"><use href=\"#mark-%s\"/></svg>%s</td>"
                "<td class=\"n\">%.1f %%</td><td class=\"share\"><span style=\"width:%.1f%%\"></span></td>"
                "<td>best: %zu atoms, <i>R</i><sub>w</sub> %.3f, rank %zu, group %d</td></tr>\n",
                type, type, 100 * family->probability, 100 * family->probability, best->cluster->n_atoms, best->fit.rw,
                family->i_best + 1, best->group);
    }
    fputs("</tbody></table>", out);
    if (isfinite(evidence->faults))
        fprintf(out, "<p class=\"note\">Twins and stacking faults over perfect fcc: %.3g to 1.</p>", evidence->faults);
    print_unnamed(solution, out);
    fputs("</section>\n", out);
    print_kinds(solution, out);
}
