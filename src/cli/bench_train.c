/* Rows of `deepstruc bench`: training. An epoch is seconds long: each repeat times its share of one epoch. */
#include <omp.h>

#include <deepstruc/sites.h>
#include <deepstruc/train.h>

#include "cli/bench.h"

/* Of the matrix products of an epoch, forwards and backwards: layers times atoms, of all graphs. */
static const double EPOCH_FLOP = 0.92e12;

static deepstruc_status epoch_deepstruc_2023(bench_result *out, long threads, deepstruc_diag *diag)
{
    double each[BENCH_REPEATS], product[BENCH_REPEATS], side = DEEPSTRUC_TRAIN_PRODUCT;
    deepstruc_dataset *dataset;
    deepstruc_pdf_settings published = deepstruc_pdf_settings_default();
    deepstruc_train_settings settings = deepstruc_train_settings_default();
    settings.batch = 64;
    settings.threads = threads > 0 ? threads : 1;
    deepstruc_status status = deepstruc_dataset_simulate(&dataset, "paper", &published, NULL, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_train_pace(dataset, &settings, each, product, BENCH_REPEATS, diag);
    deepstruc_dataset_destroy(dataset);
    if (status == DEEPSTRUC_OK) {
        bench_take(out, product);
        out->limit_s = out->median_s * EPOCH_FLOP / (2 * side * side * side);
        bench_take(out, each);
    }
    return status;
}

static deepstruc_status epoch_default(bench_result *out, long threads, deepstruc_diag *diag)
{
    double each[BENCH_REPEATS];
    deepstruc_sites_training settings = deepstruc_sites_training_default();
    int before = omp_get_max_threads();
    omp_set_num_threads(threads > 0 ? (int)threads : 1);
    deepstruc_status status = deepstruc_sites_pace(&settings, each, BENCH_REPEATS, diag);
    omp_set_num_threads(before);
    if (status == DEEPSTRUC_OK)
        bench_take(out, each);
    return status;
}

const bench_row bench_train_rows[] = {
    {"epoch_deepstruc_2023",
     "training epoch of deepstruc-2023, 2,246 graphs in batches of 64, one thread unless --threads",
     epoch_deepstruc_2023},
    {"epoch_default",
     "training of the default model on as many samples, simulated on the fly, one thread unless --threads",
     epoch_default},
    {0}};
