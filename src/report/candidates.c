/* The candidates as text: the table of all of them, and the comment lines of their structure files. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/parts.h"

size_t report_n_top(const deepstruc_solution *solution)
{
    size_t top = solution->settings.top > 0 ? (size_t)solution->settings.top : 0;
    return top < solution->n_candidates ? top : solution->n_candidates;
}

bool report_is_shown(const deepstruc_solution *solution, size_t i_candidate)
{
    bool spoken_of = i_candidate == solution->verdict.i_best;
    for (size_t k = 0; k < solution->evidence.n_families; k++)
        spoken_of |= solution->evidence.family[k].i_best == i_candidate;
    for (size_t k = 0; k < solution->n_kinds; k++)
        spoken_of |= solution->kind[k].i_best == i_candidate;
    return spoken_of || i_candidate < report_n_top(solution);
}

bool report_has_map(const deepstruc_solution *solution)
{
    return solution->latent && solution->latent->n_points > 0;
}

void report_xyz_path(const deepstruc_solution *solution, size_t i_candidate, char out[REPORT_XYZ_PATH])
{
    const deepstruc_cluster *cluster = solution->candidate[i_candidate].cluster;
    snprintf(out, REPORT_XYZ_PATH, "candidates/%03zu-%s-%zu.xyz", i_candidate + 1, deepstruc_type_name(cluster->type),
             cluster->n_atoms);
}

double report_esd_bond_length(const deepstruc_fit *fit)
{
    return fit->bond_length * fit->esd_expansion / fit->expansion;
}

/* Quoted only where commas, quotes or line ends ask for it (RFC 4180). */
static void print_csv_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void print_csv_number(FILE *out, double value, int decimals)
{
    fputc(',', out);
    if (isfinite(value))
        fprintf(out, "%.*f", decimals, value);
}

/* The terms beyond scale, expansion and Biso that some candidate has, in the order in which they appear. */
typedef struct {
    size_t n;
    const char *name[DEEPSTRUC_MAX_TERMS];
} term_columns;

static const deepstruc_term *find_term(const deepstruc_fit *fit, const char *name)
{
    for (size_t i = 0; i < fit->n_terms; i++)
        if (strcmp(fit->term[i].name, name) == 0)
            return &fit->term[i];
    return NULL;
}

static void collect_terms(term_columns *columns, const deepstruc_fit *fit)
{
    for (size_t i = 0; i < fit->n_terms; i++) {
        bool known = columns->n == DEEPSTRUC_MAX_TERMS;
        for (size_t k = 0; k < columns->n && !known; k++)
            known = strcmp(columns->name[k], fit->term[i].name) == 0;
        if (!known)
            columns->name[columns->n++] = fit->term[i].name;
    }
}

/* Two cells for each, empty where the candidate has no such term. */
static void print_csv_terms(const term_columns *columns, const deepstruc_fit *fit, FILE *out)
{
    for (size_t k = 0; k < columns->n; k++) {
        const deepstruc_term *term = find_term(fit, columns->name[k]);
        print_csv_number(out, term ? term->value : NAN, 6);
        print_csv_number(out, term ? term->esd : NAN, 6);
    }
}

static void print_csv_row(const deepstruc_solution *solution, size_t i_candidate, const term_columns *columns,
                          FILE *out)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_cluster *cluster = candidate->cluster;
    const deepstruc_fit *fit = &candidate->fit;
    fprintf(out, "%zu,%s,%s,", i_candidate + 1, candidate->method, deepstruc_type_name(cluster->type));
    print_csv_text(out, cluster->shape);
    fputc(',', out);
    print_csv_text(out, cluster->name);
    fprintf(out, ",%zu", cluster->n_atoms);
    const double values[] = {fit->rw,
                             fit->scale,
                             fit->expansion,
                             fit->bond_length,
                             fit->biso,
                             fit->esd_scale,
                             fit->esd_expansion,
                             fit->esd_biso,
                             report_esd_bond_length(fit),
                             fit->rw_weighted};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        print_csv_number(out, values[i], 6);
    char path[REPORT_XYZ_PATH] = "";
    if (report_is_shown(solution, i_candidate))
        report_xyz_path(solution, i_candidate, path);
    fprintf(out, ",%d,%d,%d,%s", candidate->group, fit->converged, fit->at_bound, path);
    print_csv_terms(columns, fit, out);
    fputc('\n', out);
}

void report_candidates_csv(const deepstruc_solution *solution, FILE *out)
{
    fputs("rank,method,type,shape,name,n_atoms,rw,scale,expansion,bond_length,biso,"
          "esd_scale,esd_expansion,esd_biso,esd_bond_length,rw_weighted,group,converged,at_bound,xyz",
          out);
    term_columns columns = {0};
    for (size_t i = 0; i < solution->n_candidates; i++)
        collect_terms(&columns, &solution->candidate[i].fit);
    for (size_t k = 0; k < columns.n; k++)
        fprintf(out, ",%s,esd_%s", columns.name[k], columns.name[k]);
    fputc('\n', out);
    for (size_t i = 0; i < solution->n_candidates; i++)
        print_csv_row(solution, i, &columns, out);
}

static void append_number(char *out, size_t size, const char *key, double value)
{
    if (isfinite(value))
        text_append(out, size, " %s=%.6f", key, value);
}

void report_xyz_comment(const deepstruc_solution *solution, size_t i_candidate, char *out, size_t size)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_fit *fit = &candidate->fit;
    text_copy(out, size, "");
    text_append(out, size, "rank=%zu rw=%.6f", i_candidate + 1, fit->rw);
    append_number(out, size, "rw_weighted", fit->rw_weighted);
    append_number(out, size, "scale", fit->scale);
    append_number(out, size, "expansion", fit->expansion);
    append_number(out, size, "bond_length", fit->bond_length);
    append_number(out, size, "biso", fit->biso);
    append_number(out, size, "esd_scale", fit->esd_scale);
    append_number(out, size, "esd_expansion", fit->esd_expansion);
    append_number(out, size, "esd_biso", fit->esd_biso);
    for (size_t i = 0; i < fit->n_terms; i++)
        append_number(out, size, fit->term[i].name, fit->term[i].value);
    text_append(out, size, " group=%d method=%s", candidate->group, candidate->method);
}
