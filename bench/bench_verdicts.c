/* How often is the verdict right? Made-up measurements of metal clusters, bulk metals, compounds, alloys, molecules and
 * mixtures (verdict_cases.h), over synchrotron, laboratory and neutron instruments with noise, under three headers
 * (right composition, only the metal, nothing), are solved with the program's settings: a table of verdicts against
 * truths, and every case that went wrong.
 *
 *   bench_verdicts [ROUNDS [FIRST [MODELS [WHICH [list]]]]]
 *
 * 1 round; first round 0; MODELS: the folder that holds default.safetensors and tree.ubj, "-" for the library alone;
 * WHICH: how the truth's name begins, "" for all; "list" prints every case. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict_cases.h"
#include <deepstruc/solve.h>

typedef enum { FULL_HEADER, METAL_ONLY, NO_HEADER, N_HEADERS } header_kind;
static const char *const header_names[] = {"right composition", "metal only", "no header"};

enum { N_KINDS = 4 };

typedef struct {
    size_t verdicts[N_TRUTHS][N_HEADERS][N_KINDS], mixture_flags[N_TRUTHS][N_HEADERS];
    deepstruc_solve_settings settings;
    bool list;
} verdict_study;

/* Which verdicts are right: a particle too large for the data is bulk to them, and a mixture of clusters is clusters.
 */
static bool is_right(truth_kind truth, deepstruc_verdict_kind kind)
{
    switch (truth) {
    case TRUTH_CLUSTER:
    case TRUTH_MIXTURE:
        return kind == DEEPSTRUC_VERDICT_CLUSTER;
    case TRUTH_BULK:
        return kind == DEEPSTRUC_VERDICT_BULK;
    case TRUTH_LARGE:
    case TRUTH_BULK_SHORT:
        return kind == DEEPSTRUC_VERDICT_CLUSTER || kind == DEEPSTRUC_VERDICT_BULK;
    case TRUTH_NO_CLUSTER:
    case TRUTH_SUPPORTED:
        return kind == DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER;
    default:
        return kind != DEEPSTRUC_VERDICT_BULK && kind != DEEPSTRUC_VERDICT_CLUSTER;
    }
}

static void print_case(const verdict_case *c, header_kind header, const deepstruc_solution *s, bool right)
{
    const sample_instrument *at = &c->at;
    const deepstruc_verdict *v = &s->verdict;
    printf("%s\t%s\t%s\t%s\tqmin %.2f qmax %.1f qdamp %.3f r %g-%g by %.3f biso %.2f noise %.2f%s\t%s\t%.3f\t%.3f\t"
           "mix %.2f\t%s\t%s\n",
           right ? "ok" : "WRONG", truth_names[c->truth], c->label, header_names[header], at->qmin, at->qmax, at->qdamp,
           at->rmin, at->rmax, at->rstep, at->biso, at->noise, at->neutron ? " neutron" : "",
           deepstruc_verdict_name(v->kind), s->candidate[0].fit.rw, s->candidate[0].fit.bond_length,
           s->evidence.mixture.gain, v->flags, v->why);
    fflush(stdout);
}

static void header_text(char *out, size_t size, const verdict_case *c, header_kind header)
{
    out[0] = '\0';
    if (header != NO_HEADER)
        snprintf(out, size, "[DEFAULT]\nmode = %s\ncomposition = %s\nqmin = %.2f\nqmax = %.2f\n#### start data\n",
                 c->at.neutron ? "neutron" : "xray", header == FULL_HEADER ? c->composition : c->metal, c->at.qmin,
                 c->at.qmax);
}

/* Half of the headers are right, a quarter say the metal only, a quarter are not there. */
static header_kind draw_header(const verdict_case *c, random_stream *stream)
{
    static const header_kind turns[] = {FULL_HEADER, METAL_ONLY, FULL_HEADER, NO_HEADER};
    header_kind header = turns[random_below(stream, 4)];
    return c->header_needed || (header == METAL_ONLY && !c->metal[0]) ? FULL_HEADER : header;
}

static void try_case(verdict_study *study, const verdict_case *c, random_stream *stream)
{
    char text[512];
    deepstruc_diag diag;
    deepstruc_solution *solution;
    size_t n_points = sample_points(&c->at);
    double *g = malloc(n_points * sizeof *g);
    if (!g)
        exit(1);
    const sample_part part[2] = {{&c->atoms[0], c->share[0]}, {&c->atoms[1], c->share[1]}};
    sample_measure(g, n_points, part, c->share[1] > 0 ? 2 : 1, &c->at, stream);
    header_kind header = draw_header(c, stream);
    header_text(text, sizeof text, c, header);
    deepstruc_pdf *pdf = sample_pdf(g, n_points, &c->at, text);
    if (deepstruc_solve(&solution, pdf, &study->settings, NULL, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    const deepstruc_verdict *v = &solution->verdict;
    bool right = is_right(c->truth, v->kind);
    study->verdicts[c->truth][header][v->kind]++;
    study->mixture_flags[c->truth][header] += strstr(v->flags, "mixture") != NULL;
    if (study->list || !right)
        print_case(c, header, solution, right);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    free(g);
}

static void print_table(const verdict_study *study)
{
    printf("\n| truth | header | cluster | bulk | not-a-metal-cluster | ambiguous | flag mixture |\n"
           "|---|---|---|---|---|---|---|\n");
    for (int truth = 0; truth < N_TRUTHS; truth++)
        for (int header = 0; header < N_HEADERS; header++) {
            const size_t *n = study->verdicts[truth][header];
            if (n[0] + n[1] + n[2] + n[3] == 0)
                continue;
            printf("| %s | %s |", truth_names[truth], header_names[header]);
            for (int kind = 0; kind < N_KINDS; kind++)
                printf(is_right((truth_kind)truth, (deepstruc_verdict_kind)kind) ? " **%zu** |" : " %zu |", n[kind]);
            printf(" %zu |\n", study->mixture_flags[truth][header]);
        }
}

int main(int argc, char **argv)
{
    uint64_t rounds = argc > 1 ? (uint64_t)atol(argv[1]) : 1, first = argc > 2 ? (uint64_t)atol(argv[2]) : 0;
    const char *models = argc > 3 ? argv[3] : "models", *which = argc > 4 ? argv[4] : "";
    char model[4096], tree[4096];
    verdict_study study = {.settings = deepstruc_solve_settings_default(), .list = argc > 5};
    snprintf(model, sizeof model, "%s/default.safetensors", models);
    snprintf(tree, sizeof tree, "%s/tree.ubj", models);
    if (strcmp(models, "-") != 0) {
        study.settings.model = model;
        study.settings.tree = tree;
    }
    deepstruc_catalogue *rich;
    deepstruc_diag diag;
    if (deepstruc_catalogue_rich(&rich, 20, 1500, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    for (uint64_t round = first; round < first + rounds; round++)
        for (size_t i = 0; i < case_count(); i++) {
            random_stream stream;
            verdict_case c;
            case_draw(&c, i, round, rich, &stream);
            if (strncmp(truth_names[c.truth], which, strlen(which)) == 0)
                try_case(&study, &c, &stream);
            case_clear(&c);
        }
    print_table(&study);
    deepstruc_catalogue_destroy(rich);
    return 0;
}
