/* deepstruc evaluate: scores on structures whose answer is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/evaluate.h>

#include "cli/cli.h"

typedef struct {
    const char *json;
} options;

static const deepstruc_field option_fields[] = {{"json", DEEPSTRUC_FIELD_TEXT, offsetof(options, json), 0, 0, true,
                                                 "FILE", "write the scores as JSON (- for standard output)"},
                                                {0}};

static void print_spread(const char *name, deepstruc_spread s, const char *unit)
{
    if (s.mean == s.mean)
        printf("  %-28s %.4f +- %.4f, median %.4f%s\n", name, s.mean, s.std, s.median, unit);
}

static void print_rate(const char *name, double rate)
{
    if (rate == rate)
        printf("  %-28s %.1f %%\n", name, 100 * rate);
}

static void print_rows(const deepstruc_evaluation *e)
{
    printf("protocol %s, %zu PDFs, seed %ld\n", e->protocol, e->n, e->seed);
    for (size_t i = 0; i < e->n_rows; i++) {
        const deepstruc_evaluation_row *r = &e->row[i];
        if (r->missing[0]) {
            printf("%s: missing (%s)\n", r->method, r->missing);
            continue;
        }
        printf("%s (%.3f s per PDF)\n", r->method, r->seconds_per_pdf);
        print_spread("paper MAE before the fit", r->paper_mae_before, " A (right counts)");
        print_spread("paper MAE after the fit", r->paper_mae_after, " A (right counts)");
        print_spread("strict MAE", r->strict_mae, " A");
        print_spread("Rw", r->rw, "");
        print_rate("exact count", r->exact_count);
        print_rate("count within 5 %", r->count_within_5pct);
        print_rate("type right", r->type_top1);
        print_rate("type among the first 3", r->type_top3);
        print_rate("type among the first 5", r->type_top5);
        print_rate("shape right", r->shape_top1);
        print_rate("shape among the first 3", r->shape_top3);
        print_rate("shape among the first 5", r->shape_top5);
        print_rate("family right", r->family_top1);
        print_rate("diameter within 5 %", r->diameter_within_5pct);
        print_rate("diameter within 10 %", r->diameter_within_10pct);
        print_rate("sequence of layers right", r->sequence_exact);
        print_rate("literature in top group", r->literature_in_group);
        print_rate("recovered (< 0.1 A)", r->recovered);
        print_rate("fits better than the truth", r->outfits_truth);
        print_spread("CRPS of log count", r->count_crps, "");
        print_rate("count in the 68 % interval", r->coverage_68);
        print_rate("valid samples", r->valid);
        print_rate("distinct samples", r->distinct);
    }
}

static bool write_json(const char *path, const char *text)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (!file)
        return false;
    bool good = fprintf(file, "%s\n", text) > 0;
    return (file == stdout ? fflush(file) : fclose(file)) == 0 && good;
}

/* A file as it was named, else the installed one, else NULL: its row is then missing. */
static void find_other(const char **file, const char *name, char *out, size_t size)
{
    if (!*file && cli_find_model(name, out, size))
        *file = out;
}

static int run(cli_call *call)
{
    deepstruc_evaluate_settings settings = deepstruc_evaluate_settings_default();
    options o = {0};
    const cli_group groups[] = {
        {"Evaluation", deepstruc_evaluate_settings_fields, &settings}, {"Output", option_fields, &o}, {0}};
    int code = cli_parse(call, groups, 0, 0);
    if (code != CLI_CONTINUE)
        return code;
    char model[4096];
    settings.seed = call->common.seed;
    char tree[4096], plain[4096], network[4096], stackings[4096];
    if (cli_find_model(settings.model, model, sizeof model))
        settings.model = model;
    find_other(&settings.tree, "tree", tree, sizeof tree);
    find_other(&settings.plain, "plain-cvae", plain, sizeof plain);
    find_other(&settings.network, "deepstruc-2023", network, sizeof network);
    find_other(&settings.stackings, "stacking", stackings, sizeof stackings);
    deepstruc_evaluation result;
    deepstruc_diag diag = {0};
    deepstruc_status status = deepstruc_evaluate(&result, &settings, cli_progress_begin(call), &diag);
    cli_progress_end();
    if (status != DEEPSTRUC_OK)
        return status == DEEPSTRUC_BAD_ARGUMENT ? cli_usage(call, "%s", diag.message) : cli_fail(&diag);
    if (o.json) {
        char *text = deepstruc_evaluation_json(&result);
        bool good = text && write_json(o.json, text);
        free(text);
        if (!good) {
            snprintf(diag.file, sizeof diag.file, "%s", o.json);
            snprintf(diag.message, sizeof diag.message, "cannot be written; choose another file");
            return cli_fail(&diag);
        }
    }
    if (!o.json || strcmp(o.json, "-") != 0)
        print_rows(&result);
    return CLI_OK;
}

const cli_command cli_command_evaluate = {
    .name = "evaluate",
    .operands = "--protocol NAME [--json FILE]",
    .summary = "Scores on structures whose answer is known",
    .details =
        "paper: the published test split, clean PDFs. measured: the same shapes at continuous bond lengths, with\n"
        "random instrument values and noise. shapes, measured-shapes: a fifth of the published shapes, which the\n"
        "default model never saw in training and no catalogue holds here (models/splits/shapes.tsv). large: 5 to\n"
        "1000 atoms, damping unknown. stacking: close-packed layers in sequences that no catalogue holds here (the\n"
        "default model saw random stackings in training, none left out); stacking-random: a random split of the same.\n"
        "The model answers once per PDF; the 3-parameter fit follows. A method whose file is not there is missing.",
    .run = run,
};
