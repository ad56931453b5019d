/* Rows of `deepstruc bench`: training. */
#include <math.h>
#include <stdlib.h>

#include <deepstruc/train.h>

#include "cli/bench.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* An epoch is seconds long: each repeat times its share of one epoch. */
static deepstruc_status epoch_deepstruc_2023(bench_result *out, long threads, deepstruc_diag *diag)
{
    double each[BENCH_REPEATS];
    deepstruc_dataset *dataset;
    deepstruc_pdf_settings published = deepstruc_pdf_settings_default();
    deepstruc_train_settings settings = deepstruc_train_settings_default();
    settings.batch = 64;
    settings.threads = threads > 0 ? threads : 1;
    deepstruc_status status = deepstruc_dataset_simulate(&dataset, "paper", &published, NULL, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_train_pace(dataset, &settings, each, BENCH_REPEATS, diag);
    deepstruc_dataset_destroy(dataset);
    if (status != DEEPSTRUC_OK)
        return status;
    qsort(each, BENCH_REPEATS, sizeof *each, by_size);
    *out = (bench_result){.median_s = each[BENCH_REPEATS / 2], .repeats = BENCH_REPEATS, .reference_s = NAN};
    return DEEPSTRUC_OK;
}

const bench_row bench_train_rows[] = {
    {"epoch_deepstruc_2023",
     "training epoch of deepstruc-2023, 2,246 graphs in batches of 64, one thread unless --threads",
     epoch_deepstruc_2023},
    {0}};
