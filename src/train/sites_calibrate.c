#include "train/sites_calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "model/sites_doubt.h"

enum { BATCHES = 24 };
static const uint64_t CALIBRATION_SEED = 0x63616c6962726174u;
static const double NEARLY = 0.012, WITHIN = 0.6827;

static int by_sd(const void *a, const void *b)
{
    double x = ((const sites_word *)a)->log_sd, y = ((const sites_word *)b)->log_sd;
    return x < y ? -1 : x > y;
}

static int by_off(const void *a, const void *b)
{
    double x = ((const sites_word *)a)->off, y = ((const sites_word *)b)->off;
    return x < y ? -1 : x > y;
}

/* One point per equal share of the words: their mean logarithm, and the factor that makes 68 % of them right. */
static void fit_points(sites_model *m, sites_word *all, size_t n)
{
    qsort(all, n, sizeof *all, by_sd);
    m->n_calibration = 0;
    for (size_t p = 0; p < SITES_CALIBRATION_POINTS; p++) {
        size_t first = p * n / SITES_CALIBRATION_POINTS, end = (p + 1) * n / SITES_CALIBRATION_POINTS;
        double sum = 0;
        for (size_t i = first; i < end; i++)
            sum += all[i].log_sd;
        qsort(all + first, end - first, sizeof *all, by_off);
        double factor = all[first + (size_t)(WITHIN * (double)(end - first))].off;
        m->calibration[m->n_calibration][0] = (float)(sum / (double)(end - first));
        m->calibration[m->n_calibration++][1] = (float)log(factor + 1e-6);
    }
}

deepstruc_status sites_calibrate(sites_model *m, sites_buffers *b, stream *samples, deepstruc_diag *diag)
{
    stream_sample *sample = memory_zeroed(STREAM_ROWS, sizeof *sample);
    sites_word *all = memory_zeroed((size_t)BATCHES * STREAM_ROWS, sizeof *all);
    size_t n = 0, rows = b->max_rows < STREAM_ROWS ? b->max_rows : STREAM_ROWS;
    deepstruc_status status = sample && all ? DEEPSTRUC_OK : diag_no_memory(diag);
    double doubt[STREAM_ROWS];
    for (uint64_t batch = 0; batch < BATCHES && status == DEEPSTRUC_OK; batch++) {
        status = stream_draw(samples, CALIBRATION_SEED, batch, rows, b->x, sample, diag);
        if (status != DEEPSTRUC_OK)
            break;
        sites_condition(m, b, rows);
        sites_doubts(m, b, rows, doubt);
        for (size_t i = 0; i < rows; i++) {
            sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
            if (fabs((double)sample[i].log_ratio) < NEARLY)
                all[n++] = (sites_word){log(read.log_atoms_sd), doubt[i],
                                        fabs((double)sample[i].log_atoms - read.log_atoms) / read.log_atoms_sd};
        }
    }
    if (status == DEEPSTRUC_OK && m->n_calibration == 0 && n >= 16 * SITES_CALIBRATION_POINTS)
        fit_points(m, all, n);
    if (status == DEEPSTRUC_OK)
        sites_fit_doubt(m, all, n, WITHIN);
    free(sample);
    free(all);
    return status;
}
