#include "train/run_2023.h"

#include <math.h>

#include "base/diag.h"
#include "base/random.h"
#include "nn/adam.h"

/* The repaired recipe: beta fixed, the rate falls along a cosine to a hundredth. */
static const double REPAIRED_BETA = 1e-5, LAST_RATE = 0.01;
/* The published one: beta rises by this per epoch while the validation error is below the bound; the rate stays. */
static const double BETA_STEP = 1e-3, BETA_BOUND = 1e-4, BETA_MAX = 1;
/* Streams of the seed: numbers of the noise begin far apart from those of the shuffle and of the start. */
static const uint64_t NOISE = 0x6e6f697365ull << 20, SHUFFLE = 0x73687566ull << 20,
                      VALIDATION_NOISE = 0x76616cull << 20;

static bool published(const run_2023 *run)
{
    return run->arch.prior_weight == 0;
}

size_t run_2023_n_batches(const run_2023 *run)
{
    return (run->samples->n_training + (size_t)run->settings.batch - 1) / (size_t)run->settings.batch;
}

void run_2023_shuffle(run_2023 *run)
{
    random_stream stream;
    random_seed(&stream, SHUFFLE + (uint64_t)run->settings.seed, (uint64_t)run->epoch);
    size_t n = run->samples->n_training;
    for (size_t i = 0; i < n; i++) { /* inside-out Fisher-Yates */
        size_t j = random_below(&stream, i + 1);
        run->order[i] = run->order[j];
        run->order[j] = run->samples->training[i];
    }
    if (run->epoch == 0 && run->batch == 0 && !published(run))
        run->beta = REPAIRED_BETA;
}

static double learning_rate(const run_2023 *run)
{
    double rate = run->settings.learning_rate;
    if (published(run))
        return rate;
    return nn_cosine_rate(rate, LAST_RATE * rate, run->steps, 0, run->settings.epochs * (long)run_2023_n_batches(run));
}

static deepstruc_status not_finite(const run_2023 *run, const char *what, deepstruc_diag *diag)
{
    return diag_fail(diag, DEEPSTRUC_NUMERIC,
                     "the %s is no longer finite in epoch %ld, step %ld; %s.checkpoint holds the last good state: "
                     "try a lower --learning-rate",
                     what, run->epoch + 1, run->steps + 1, run->path);
}

/* Loss and gradients of `n` structures of the epoch's order. */
static deepstruc_status differentiate(run_2023 *run, size_t first, size_t n, deepstruc_2023_loss *loss,
                                      deepstruc_diag *diag)
{
    uint64_t number = (uint64_t)run->epoch * run->samples->n_training + first;
    deepstruc_2023_batch batch;
    deepstruc_status status = samples_2023_batch(run->samples, run->order + first, n, true, DEEPSTRUC_2023_DUMMY_WEIGHT,
                                                 NOISE + (uint64_t)run->settings.seed, number, &batch, diag);
    if (status == DEEPSTRUC_OK)
        *loss = deepstruc_2023_step(run->model, &batch, run->beta);
    return status;
}

/* Loss and gradient are means over the batch: the ranks' own, by the share of the batch that each had. */
static deepstruc_status sum_over_ranks(run_2023 *run, double share, deepstruc_2023_loss *loss, deepstruc_diag *diag)
{
    double sums[] = {share * loss->total, share * loss->reconstruction, share * loss->prior_reconstruction,
                     share * loss->kl};
    nn_params *params = &run->model->params;
    if (!run->ranks)
        return DEEPSTRUC_OK;
#pragma omp parallel for simd
    for (size_t i = 0; i < params->n_values; i++)
        params->gradient[i] *= (float)share;
    deepstruc_status status = comm_sum(run->ranks, params->gradient, params->n_values, diag);
    if (status == DEEPSTRUC_OK)
        status = comm_sum_double(run->ranks, sums, sizeof sums / sizeof *sums, diag);
    *loss = (deepstruc_2023_loss){
        .total = sums[0], .reconstruction = sums[1], .prior_reconstruction = sums[2], .kl = sums[3]};
    return status;
}

deepstruc_status run_2023_step(run_2023 *run, deepstruc_diag *diag)
{
    size_t first = (size_t)run->batch * (size_t)run->settings.batch, left = run->samples->n_training - first;
    size_t n = left < (size_t)run->settings.batch ? left : (size_t)run->settings.batch;
    comm_range own = comm_share(run->ranks, n);
    deepstruc_2023_loss loss = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    if (own.end > own.first) /* the last batch of an epoch may be smaller than the number of ranks */
        status = differentiate(run, first + own.first, own.end - own.first, &loss, diag);
    status = comm_meet(run->ranks, status, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = sum_over_ranks(run, (double)(own.end - own.first) / (double)n, &loss, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (!isfinite(loss.total))
        return not_finite(run, "loss", diag);
    nn_adam adam = nn_adam_default();
    if (!isfinite(nn_adam_step(&adam, &run->model->params, learning_rate(run), run->steps + 1)))
        return not_finite(run, "gradient", diag);
    run->sums[SUM_TOTAL] += (double)n * loss.total;
    run->sums[SUM_RECONSTRUCTION] += (double)n * loss.reconstruction;
    run->sums[SUM_PRIOR] += (double)n * loss.prior_reconstruction;
    run->sums[SUM_KL] += (double)n * loss.kl;
    run->batch++;
    run->steps++;
    return DEEPSTRUC_OK;
}

/* ---- validation ----------------------------------------------------------------------------------------------- */

typedef struct {
    double mse;         /* not weighted; through the posterior where the schedule looks at it, else as the error */
    double error;       /* Å, through the mean of the prior: what solving sees */
    double exact_count; /* share */
} validation;

static deepstruc_status validate_batch(run_2023 *run, const uint32_t *items, size_t n, uint64_t number,
                                       validation *sums, deepstruc_diag *diag)
{
    deepstruc_2023_batch batch;
    deepstruc_status status = samples_2023_batch(run->samples, items, n, false, 1,
                                                 VALIDATION_NOISE + (uint64_t)run->settings.seed, number, &batch, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (published(run)) {
        run->model->training = false;
        sums->mse += (double)n * deepstruc_2023_step(run->model, &batch, run->beta).reconstruction;
        run->model->training = true;
    }
    float *mean = run->samples->noise, *log_var = mean + n * run->arch.n_latent; /* the noise was used above */
    deepstruc_2023_prior(run->model, mean, log_var, batch.pdf, n);
    const float *rows = deepstruc_2023_decode(run->model, mean, n);
    if (!published(run))
        sums->mse += (double)n * nn_mse_forward(rows, batch.target, batch.weight, n * 3 * run->arch.n_atoms);
    for (size_t k = 0; k < n; k++) {
        bool exact;
        sums->error += samples_2023_error(run->samples, items[k], rows + k * 3 * run->arch.n_atoms, &exact);
        sums->exact_count += exact;
    }
    return DEEPSTRUC_OK;
}

/* Over the validation structures; over the training structures where a data set has no others. */
static deepstruc_status validate(run_2023 *run, validation *out, deepstruc_diag *diag)
{
    const samples_2023 *s = run->samples;
    size_t n_all = s->n_validation ? s->n_validation : s->n_training;
    const uint32_t *items = s->n_validation ? s->validation : s->training;
    validation sums = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    comm_range own = comm_share(run->ranks, n_all);
    for (size_t first = own.first; first < own.end && status == DEEPSTRUC_OK; first += s->max_batch) {
        size_t n = own.end - first < s->max_batch ? own.end - first : s->max_batch;
        status = validate_batch(run, items + first, n, first, &sums, diag);
    }
    double all[] = {sums.mse, sums.error, sums.exact_count}, n = (double)n_all;
    status = comm_meet(run->ranks, status, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = comm_sum_double(run->ranks, all, sizeof all / sizeof *all, diag);
    if (status == DEEPSTRUC_OK)
        *out = (validation){all[0] / n, all[1] / n, all[2] / n};
    return status;
}

deepstruc_status run_2023_end_epoch(run_2023 *run, double seconds, deepstruc_diag *diag)
{
    validation v;
    deepstruc_status status = validate(run, &v, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double n = (double)run->samples->n_training, rate = learning_rate(run);
    run->epoch++;
    status = run_2023_note(run, diag, "%ld,%ld,%.3e,%.3e,%.6e,%.6e,%.6e,%.6e,%.6e,%.4f,%.4f,%.1f\n", run->epoch,
                           run->steps, rate, run->beta, run->sums[SUM_TOTAL] / n, run->sums[SUM_RECONSTRUCTION] / n,
                           run->sums[SUM_PRIOR] / n, run->sums[SUM_KL] / n, v.mse, v.error, v.exact_count, seconds);
    run->result = (deepstruc_train_result){
        .epochs = run->epoch, .loss = run->sums[SUM_TOTAL] / n, .error = v.error, .exact_count = v.exact_count};
    if (published(run) && v.mse < BETA_BOUND)
        run->beta = fmin(BETA_MAX, run->beta + BETA_STEP);
    run->batch = 0;
    for (int k = 0; k < N_SUMS; k++)
        run->sums[k] = 0;
    run_2023_shuffle(run);
    return status == DEEPSTRUC_OK && comm_leads(run->ranks) ? run_2023_write_history(run, diag) : status;
}
