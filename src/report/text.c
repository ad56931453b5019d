#include "report/text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

void report_value_text(char out[REPORT_VALUE_TEXT], double value, double esd, int decimals)
{
    if (!isfinite(value)) {
        snprintf(out, REPORT_VALUE_TEXT, "–");
        return;
    }
    if (!(esd > 0 && isfinite(esd))) {
        snprintf(out, REPORT_VALUE_TEXT, "%.*f", decimals, value);
        return;
    }
    int digits = (int)-floor(log10(esd));
    if (esd * pow(10, digits) < 1.95) /* 0.014 is (14), and 0.0196 rounds to (2) */
        digits++;
    digits = digits < 0 ? 0 : digits > 5 ? 5 : digits;
    double unit = pow(10, -digits);
    snprintf(out, REPORT_VALUE_TEXT, "%.*f(%.0f)", digits, value, fmax(1, esd / unit));
}

const char *report_shape(const deepstruc_cluster *cluster)
{
    return cluster->shape[0] ? cluster->shape : deepstruc_type_name(cluster->type);
}

bool report_was_given(const deepstruc_solution *solution)
{
    return strcmp(solution->candidate[0].method, "given") == 0;
}

static const char *type_words(deepstruc_type type)
{
    switch (type) {
    case DEEPSTRUC_TYPE_SC:
        return "simple cubic";
    case DEEPSTRUC_TYPE_STACKING:
        return "close-packed with stacking faults";
    case DEEPSTRUC_TYPE_TWIN:
        return "twinned fcc";
    case DEEPSTRUC_TYPE_UNKNOWN:
        return "no named structure";
    default:
        return deepstruc_type_name(type);
    }
}

/* The polyhedra want one, the lattices none. */
static const char *article(const char *type)
{
    size_t length = strlen(type);
    bool polyhedron = length > 6 && strcmp(type + length - 6, "hedron") == 0;
    return !polyhedron ? "" : strchr("aeiou", type[0]) ? "an " : "a ";
}

/* "decahedron, hcp or fcc": the types of group 1 in the order of their ranks, four at most. */
static int types_of_first_group(const deepstruc_solution *solution, char *out, size_t size)
{
    deepstruc_type seen[4];
    int n = 0;
    for (size_t i = 0; i < solution->n_candidates && n < 4; i++) {
        deepstruc_type type = solution->candidate[i].cluster->type;
        bool fresh = solution->candidate[i].group == 1;
        for (int k = 0; k < n; k++)
            fresh = fresh && seen[k] != type;
        if (fresh)
            seen[n++] = type;
    }
    text_copy(out, size, "");
    for (int k = 0; k < n; k++)
        text_append(out, size, "%s%s", k == 0 ? "" : k == n - 1 ? " or " : ", ", type_words(seen[k]));
    return n;
}

static void cluster_headline(const deepstruc_solution *solution, char *out, size_t size)
{
    const deepstruc_verdict *verdict = &solution->verdict;
    const deepstruc_cluster *best = solution->candidate[verdict->i_best].cluster;
    bool layers = verdict->type == DEEPSTRUC_TYPE_STACKING || verdict->type == DEEPSTRUC_TYPE_TWIN;
    bool named = best->type == verdict->type && best->n_atoms == verdict->n_atoms && best->shape[0] && !layers;
    snprintf(out, size, "%s, %zu atoms", named ? best->shape : type_words(verdict->type), verdict->n_atoms);
}

void report_headline(const deepstruc_solution *solution, char *out, size_t size)
{
    char types[200];
    if (report_was_given(solution)) {
        snprintf(out, size, "%zu given structure%s fitted", solution->n_candidates,
                 solution->n_candidates == 1 ? "" : "s");
        return;
    }
    switch (solution->verdict.kind) {
    case DEEPSTRUC_VERDICT_CLUSTER:
        cluster_headline(solution, out, size);
        break;
    case DEEPSTRUC_VERDICT_AMBIGUOUS:
        if (types_of_first_group(solution, types, sizeof types) > 1)
            snprintf(out, size, "%s: the data cannot tell", types);
        else
            snprintf(out, size, "perhaps %s%s, about %zu atoms", article(types), types, solution->verdict.n_atoms);
        break;
    case DEEPSTRUC_VERDICT_BULK:
        snprintf(out, size, "bulk, or larger than these data can show");
        break;
    case DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER:
        snprintf(out, size, "not a metal cluster");
        break;
    }
    bool abbreviation = strncmp(out, "fcc", 3) == 0 || strncmp(out, "hcp", 3) == 0 || strncmp(out, "bcc", 3) == 0;
    if (!abbreviation)
        out[0] = (char)toupper((unsigned char)out[0]);
}

/* ---- the command ---------------------------------------------------------------------------------------------------
 */

static void print_quoted(FILE *out, const char *text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:=+@%";
    if (*text && text[strspn(text, safe)] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('\'', out);
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fputc(*text, out);
    fputc('\'', out);
}

static void print_option(const deepstruc_field *field, const char *value, const char *usual, FILE *out)
{
    switch (field->kind) {
    case DEEPSTRUC_FIELD_DOUBLE: {
        double number = *(const double *)value, other = *(const double *)usual;
        if (number != other && isfinite(number))
            fprintf(out, " --%s %.10g", field->name, number);
        return;
    }
    case DEEPSTRUC_FIELD_LONG:
        if (*(const long *)value != *(const long *)usual)
            fprintf(out, " --%s %ld", field->name, *(const long *)value);
        return;
    case DEEPSTRUC_FIELD_FLAG:
        if (*(const bool *)value && !*(const bool *)usual)
            fprintf(out, " --%s", field->name);
        return;
    case DEEPSTRUC_FIELD_TEXT: {
        const char *text = *(const char *const *)value, *other = *(const char *const *)usual;
        if (text && !(other && strcmp(text, other) == 0)) {
            fprintf(out, " --%s ", field->name);
            print_quoted(out, text);
        }
        return;
    }
    }
}

static bool named_in(const deepstruc_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return true;
    return false;
}

/* The number of threads changes nothing in a result and is left out. */
void report_command(const deepstruc_solution *solution, const char *file, FILE *out)
{
    deepstruc_solve_settings usual = deepstruc_solve_settings_default();
    bool given = report_was_given(solution);
    fprintf(out, "deepstruc %s ", given ? "refine" : "solve");
    print_quoted(out, file);
    if (given)
        fputs(" STRUCTURE.xyz...", out);
    for (const deepstruc_field *field = deepstruc_solve_settings_fields; field->name; field++)
        if ((!given || strcmp(field->name, "element") == 0) && strcmp(field->name, "threads") != 0 &&
            strcmp(field->name, "seed") != 0)
            print_option(field, (const char *)&solution->settings + field->offset, (const char *)&usual + field->offset,
                         out);
    for (const deepstruc_field *field = deepstruc_refine_settings_fields; field->name; field++)
        if (!named_in(deepstruc_solve_settings_fields, field->name))
            print_option(field, (const char *)&solution->settings.refine + field->offset,
                         (const char *)&usual.refine + field->offset, out);
    if (!given)
        fprintf(out, " --seed %ld", solution->settings.seed);
}
