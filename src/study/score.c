#include "study/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cluster/sequence.h"
#include "study/measures.h"

double study_crps(double mean, double sd, double truth)
{
    if (!(sd > 0))
        return fabs(truth - mean);
    double z = (truth - mean) / sd, density = exp(-z * z / 2) / sqrt(2 * M_PI), below = erfc(-z / sqrt(2)) / 2;
    return sd * (z * (2 * below - 1) + 2 * density - 1 / sqrt(M_PI));
}

/* ---- one answer ------------------------------------------------------------------------------------------------- */

/* Å: of a sphere with the volume of n atoms of a family. */
static double equal_volume_diameter(double n, double bond, deepstruc_type type)
{
    double volume = type == DEEPSTRUC_TYPE_SC ? 1 : type == DEEPSTRUC_TYPE_BCC ? 4 / (3 * sqrt(3)) : sqrt(0.5);
    return bond * cbrt(6 / M_PI * n * volume); /* volume per atom in cubed bond lengths */
}

static deepstruc_status compare(const test_case *t, const deepstruc_cluster *answer, double expansion,
                                measure_errors *errors, deepstruc_diag *diag)
{
    double *xyz = memory_zeroed(3 * answer->n_atoms, sizeof *xyz);
    if (!xyz)
        return diag_no_memory(diag);
    for (size_t i = 0; i < 3 * answer->n_atoms; i++)
        xyz[i] = answer->xyz[i] * expansion;
    deepstruc_status status = measure_compare(t->truth->xyz, t->truth->n_atoms, xyz, answer->n_atoms,
                                              deepstruc_cluster_mean_bond(t->truth), errors, diag);
    free(xyz);
    return status;
}

static void score_types(const study_answer *answer, deepstruc_type truth, const char *name, test_score *score)
{
    for (size_t i = answer->n_types; i-- > 0;)
        if (answer->type[i] == truth) {
            score->type[0] = i < 1;
            score->type[1] = i < 3;
            score->type[2] = 1;
        }
    for (size_t i = 0; i < 3; i++)
        score->shape[i] = answer->n_shapes > 0 ? 0 : NAN;
    for (size_t i = answer->n_shapes; i-- > 0;)
        if (strcmp(answer->shape[i], name) == 0) {
            score->shape[0] = i < 1;
            score->shape[1] = i < 3;
            score->shape[2] = 1;
        }
    score->family =
        answer->n_types > 0 && strcmp(deepstruc_type_family(answer->type[0]), deepstruc_type_family(truth)) == 0;
}

static void score_size(const study_answer *answer, const test_case *t, deepstruc_type truth, test_score *score)
{
    double n = (double)t->truth->n_atoms, found = answer->n_atoms;
    double sd = answer->has_spread ? answer->log_atoms_sd : 0,
           mean = answer->has_spread ? answer->log_atoms : log(found);
    double bond = deepstruc_cluster_mean_bond(answer->cluster) * answer->expansion;
    double diameter = equal_volume_diameter(found, bond, answer->type[0]),
           wanted = equal_volume_diameter(n, deepstruc_cluster_mean_bond(t->truth), truth);
    score->exact = answer->cluster->n_atoms == t->truth->n_atoms;
    score->within_5pct = fabs((double)answer->cluster->n_atoms - n) <= 0.05 * n;
    score->diameter_5pct = fabs(diameter - wanted) <= 0.05 * wanted;
    score->diameter_10pct = fabs(diameter - wanted) <= 0.1 * wanted;
    score->crps = study_crps(mean, sd, log(n));
    score->covered = sd > 0 ? fabs(log(n) - mean) <= sd : NAN;
}

static const deepstruc_cluster *pick(const void *clusters, size_t i)
{
    return ((const deepstruc_cluster *const *)clusters)[i];
}

/* Both by the 3-parameter fit, whatever more the method itself refined. The true structure itself, but for its
 * orientation, would win or lose by rounding. */
static deepstruc_status score_against_truth(const study_answer *answer, const test_case *t, test_score *score,
                                            deepstruc_diag *diag)
{
    const double same = 0.01; /* Å: one atom of 280 more or less is as much */
    const deepstruc_cluster *const both[] = {t->truth, answer->cluster};
    size_t best = 0;
    deepstruc_fit fit;
    deepstruc_status status = score->strict < same ? DEEPSTRUC_OK : study_best_fit(t, both, 2, pick, &best, &fit, diag);
    score->outfits_truth = best == 1;
    return status;
}

static const test_score nothing = {.before = NAN,
                                   .after = NAN,
                                   .rw = 1,
                                   .covered = NAN,
                                   .crps = NAN,
                                   .valid = NAN,
                                   .distinct = NAN,
                                   .seconds = NAN,
                                   .shape = {NAN, NAN, NAN}};

deepstruc_status study_score(const test_case *t, const study_answer *answer, bool atoms, test_score *score,
                             deepstruc_diag *diag)
{
    double bond = deepstruc_cluster_mean_bond(t->truth);
    deepstruc_type truth = deepstruc_cluster_classify(t->truth);
    measure_errors before, after;
    *score = nothing;
    score->strict = atoms ? bond : NAN;
    score->recovered = score->outfits_truth = atoms ? 0 : NAN;
    score->sequence = t->sequence ? 0 : NAN;
    if (!answer->cluster)
        return DEEPSTRUC_OK;
    score->rw = answer->rw;
    if (t->sequence)
        score->sequence = sequence_is_of(answer->cluster, t->sequence);
    score->valid = answer->sampled ? answer->valid : NAN;
    score->distinct = answer->sampled ? answer->distinct : NAN;
    score_types(answer, truth, t->truth->name, score);
    score_size(answer, t, truth, score);
    if (!atoms)
        return DEEPSTRUC_OK;
    deepstruc_status status = compare(t, answer->cluster, 1, &before, diag);
    if (status == DEEPSTRUC_OK)
        status = compare(t, answer->cluster, answer->expansion, &after, diag);
    if (status == DEEPSTRUC_OK) {
        score->strict = after.strict;
        score->recovered = after.strict < 0.1;
        score->before = score->exact > 0 ? before.coordinate : NAN;
        score->after = score->exact > 0 ? after.coordinate : NAN;
        status = score_against_truth(answer, t, score, diag);
    }
    return status;
}

/* ---- a row ------------------------------------------------------------------------------------------------------ */

/* Over the cases to which the measure applies; NaN when there is none. */
static deepstruc_spread spread(const test_score *score, size_t n, size_t offset, double *scratch)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        double x;
        memcpy(&x, (const char *)&score[i] + offset, sizeof x);
        if (isfinite(x))
            scratch[used++] = x;
    }
    measure_spread s = measure_spread_of(scratch, used);
    return (deepstruc_spread){s.mean, s.std, s.median};
}

#define SPREAD(field) spread(score, n, offsetof(test_score, field), scratch)

void study_summarise(const char *method, const test_score *score, size_t n, double *scratch,
                     deepstruc_evaluation_row *row)
{
    *row = (deepstruc_evaluation_row){.method = method,
                                      .paper_mae_before = SPREAD(before),
                                      .paper_mae_after = SPREAD(after),
                                      .strict_mae = SPREAD(strict),
                                      .rw = SPREAD(rw),
                                      .count_crps = SPREAD(crps),
                                      .exact_count = SPREAD(exact).mean,
                                      .count_within_5pct = SPREAD(within_5pct).mean,
                                      .diameter_within_5pct = SPREAD(diameter_5pct).mean,
                                      .diameter_within_10pct = SPREAD(diameter_10pct).mean,
                                      .type_top1 = SPREAD(type[0]).mean,
                                      .type_top3 = SPREAD(type[1]).mean,
                                      .type_top5 = SPREAD(type[2]).mean,
                                      .shape_top1 = SPREAD(shape[0]).mean,
                                      .shape_top3 = SPREAD(shape[1]).mean,
                                      .shape_top5 = SPREAD(shape[2]).mean,
                                      .family_top1 = SPREAD(family).mean,
                                      .literature_in_group = NAN,
                                      .sequence_exact = SPREAD(sequence).mean,
                                      .recovered = SPREAD(recovered).mean,
                                      .outfits_truth = SPREAD(outfits_truth).mean,
                                      .valid = SPREAD(valid).mean,
                                      .distinct = SPREAD(distinct).mean,
                                      .coverage_68 = SPREAD(covered).mean,
                                      .seconds_per_pdf = SPREAD(seconds).median};
}
