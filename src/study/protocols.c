#include "study/protocols.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "study/large.h"
#include "study/stacking.h"

void study_list_free(study_list *list)
{
    deepstruc_structures_destroy(list->all);
    deepstruc_catalogue_destroy(list->left_out);
    free(list->test);
    free(list->known);
    *list = (study_list){0};
}

void test_case_drop(test_case *t)
{
    deepstruc_cluster_destroy(t->truth);
    deepstruc_pdf_destroy(t->pdf);
    *t = (test_case){0};
}

/* ---- which structures ------------------------------------------------------------------------------------------- */

/* The published structures, each to be found, known, or neither. */
static deepstruc_status take_published(study_list *out, const deepstruc_split *split, deepstruc_diag *diag)
{
    size_t n = out->all->n;
    out->test = memory_zeroed(n, sizeof *out->test);
    out->known = memory_zeroed(n, sizeof *out->known);
    if (!out->test || !out->known)
        return diag_no_memory(diag);
    for (size_t i = 0; i < n; i++) {
        if (split[i] == DEEPSTRUC_TEST)
            out->test[out->n_test++] = i;
        if (split[i] == DEEPSTRUC_TRAINING)
            out->known[out->n_known++] = i;
    }
    return DEEPSTRUC_OK;
}

/* The published random split of structures. */
static deepstruc_status list_paper(study_list *out, deepstruc_diag *diag)
{
    study_list list = {0};
    deepstruc_split *split = NULL;
    deepstruc_status status = deepstruc_structures_of_protocol(&list.all, "paper", diag);
    if (status == DEEPSTRUC_OK) {
        split = memory_zeroed(list.all->n, sizeof *split);
        status = split ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK) {
        deepstruc_split_random(split, list.all->n);
        status = take_published(&list, split, diag);
    }
    free(split);
    if (status != DEEPSTRUC_OK)
        study_list_free(&list);
    *out = list;
    return status;
}

/* Leaves the test shapes in the catalogue. */
static void keep_held_out(deepstruc_catalogue *catalogue, const deepstruc_split *split)
{
    size_t n = 0;
    for (size_t i = 0; i < catalogue->n; i++)
        if (split[i] == DEEPSTRUC_TEST)
            catalogue->entry[n++] = catalogue->entry[i];
    catalogue->n = n;
}

/* The held-out shapes at all bond lengths; structures stand shape by shape, as in the catalogue. */
static deepstruc_status list_shapes(study_list *out, deepstruc_diag *diag)
{
    study_list list = {0};
    deepstruc_split *split = NULL;
    deepstruc_status status = deepstruc_structures_of_protocol(&list.all, "paper", diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_catalogue_paper(&list.left_out, diag);
    if (status == DEEPSTRUC_OK) {
        split = memory_zeroed(list.all->n + list.left_out->n, sizeof *split);
        status = split ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK) {
        deepstruc_split *of_shape = split + list.all->n;
        deepstruc_split_shapes(of_shape, list.left_out);
        for (size_t i = 0; i < list.all->n; i++)
            split[i] = of_shape[i / (list.all->n / list.left_out->n)];
        keep_held_out(list.left_out, of_shape);
        status = take_published(&list, split, diag);
    }
    free(split);
    if (status != DEEPSTRUC_OK)
        study_list_free(&list);
    *out = list;
    return status;
}

/* ---- how they are seen ---------------------------------------------------------------------------------------- */

/* Gaussian noise in F(Q) on a fine Q-grid, brought to r by the sine transform and scaled to `share` of the rms of G
 * over 1.5 to 20 Å: the definition of docs/conventions.md. */
static deepstruc_status add_noise(deepstruc_pdf *pdf, const deepstruc_pdf_settings *s, double share,
                                  random_stream *random, deepstruc_diag *diag)
{
    double *noise = memory_zeroed(pdf->n_points, sizeof *noise), squares = 0, own = 0;
    if (!noise)
        return diag_no_memory(diag);
    const double dq = M_PI / 40; /* independent points up to 40 Å */
    for (double q = s->qmin; q < s->qmax; q += dq) {
        double f = random_normal(random);
        for (size_t i = 0; i < pdf->n_points; i++)
            noise[i] += f * sin(q * pdf->r[i]);
    }
    for (size_t i = 0; i < pdf->n_points; i++)
        if (pdf->r[i] >= 1.5 && pdf->r[i] <= 20) {
            squares += pdf->g[i] * pdf->g[i];
            own += noise[i] * noise[i];
        }
    for (size_t i = 0; i < pdf->n_points; i++)
        pdf->g[i] += share * sqrt(squares / own) * noise[i];
    free(noise);
    return DEEPSTRUC_OK;
}

static deepstruc_status simulate(test_case *out, const deepstruc_structure *structure, double bond,
                                 const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_cluster_build(&out->truth, &structure->recipe, bond, structure->element, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_simulate(&out->pdf, out->truth, settings, DEEPSTRUC_MODE_EXACT, diag);
    /* The published PDFs have no header, and their bcc clusters bond lengths that no metal of that name has. */
    if (status == DEEPSTRUC_OK)
        out->pdf->composition[0] = out->pdf->element[0] = '\0';
    out->sequence = structure->recipe.sequence[0] ? structure->recipe.sequence : NULL;
    out->qmin = settings->qmin;
    out->qmax = settings->qmax;
    out->qdamp = settings->qdamp;
    return status;
}

/* The published labels: clean. */
static deepstruc_status make_clean(test_case *out, const study_list *list, size_t i,
                                   const deepstruc_evaluate_settings *settings, deepstruc_diag *diag)
{
    const deepstruc_structure *structure = &list->all->structure[list->test[i]];
    deepstruc_pdf_settings clean = deepstruc_pdf_settings_default();
    return simulate(out, structure, structure->bond_length * settings->stretch, &clean, diag);
}

static void draw_instrument(deepstruc_pdf_settings *s, random_stream *random)
{
    s->qmin = random_uniform(random, 0.5, 2.5);
    s->qmax = random_uniform(random, 10, 30);
    s->qdamp = random_uniform(random, 0, 0.06);
    s->biso = exp(random_uniform(random, log(0.1), log(1.5)));
    s->rstep = 0.02;
}

/* Each PDF with an instrument, a bond length between the published ones and noise of its own. */
static deepstruc_status make_measured(test_case *out, const study_list *list, size_t i,
                                      const deepstruc_evaluate_settings *settings, deepstruc_diag *diag)
{
    const deepstruc_structure *structure = &list->all->structure[list->test[i]];
    deepstruc_pdf_settings instrument = deepstruc_pdf_settings_default();
    random_stream random;
    random_seed(&random, (uint64_t)settings->seed, list->test[i]);
    draw_instrument(&instrument, &random);
    double bond = structure->bond_length * random_uniform(&random, 0.97, 1.06);
    deepstruc_status status = simulate(out, structure, bond, &instrument, diag);
    if (status == DEEPSTRUC_OK && settings->noise > 0)
        status = add_noise(out->pdf, &instrument, settings->noise, &random, diag);
    return status;
}

/* The damping is true anywhere in 0 to 0.06 and told as 0.03, as where no standard was measured; size and damping
 * shorten a PDF alike. */
static deepstruc_status make_large(test_case *out, const study_list *list, size_t i,
                                   const deepstruc_evaluate_settings *settings, deepstruc_diag *diag)
{
    const deepstruc_structure *structure = &list->all->structure[list->test[i]];
    deepstruc_pdf_settings instrument = deepstruc_pdf_settings_default();
    random_stream random;
    random_seed(&random, (uint64_t)settings->seed, i);
    instrument.qdamp = random_uniform(&random, 0, 0.06);
    deepstruc_status status = simulate(out, structure, structure->bond_length, &instrument, diag);
    out->qdamp = 0.03;
    return status;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static const study_protocol protocols[] = {
    {"paper", "the published test split, clean PDFs", true, list_paper, make_clean},
    {"measured", "the same with random instruments, bond lengths and noise", true, list_paper, make_measured},
    {"shapes", "shapes never seen in training, clean PDFs", true, list_shapes, make_clean},
    {"measured-shapes", "the same as measured", true, list_shapes, make_measured},
    {"large", "5 to 1000 atoms, damping unknown; type and size only", false, study_large_list, make_large},
    {"stacking", "close-packed layers in sequences that no method knows, clean PDFs", true, study_stacking_list,
     make_clean},
    {"stacking-random", "the same structures, split at random as in the paper", true, study_stacking_random_list,
     make_clean},
};
enum { N_PROTOCOLS = sizeof protocols / sizeof *protocols };

const study_protocol *study_protocol_find(const char *name)
{
    for (size_t i = 0; i < N_PROTOCOLS; i++)
        if (strcmp(protocols[i].name, name) == 0)
            return &protocols[i];
    return NULL;
}

void study_protocol_names(char *out, size_t size)
{
    text_copy(out, size, protocols[0].name);
    for (size_t i = 1; i < N_PROTOCOLS; i++)
        text_append(out, size, ", %s", protocols[i].name);
}
