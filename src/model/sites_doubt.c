#include "model/sites_doubt.h"

#include <stdlib.h>
#include <string.h>

enum { QUARTERS = SITES_DOUBT_QUARTERS };

void sites_doubts(const sites_model *m, sites_buffers *b, size_t n, double *doubt)
{
    const double least = 0.002; /* of the number of atoms: closer agreement than an atom in 500 says no more */
    size_t n_last = (size_t)m->sizes.n_last;
    memcpy(b->z, b->mean, n * (size_t)m->sizes.n_latent * sizeof *b->z);
    sites_decode(m, b, n);
    for (size_t i = 0; i < n; i++) {
        const real *frames = b->frame_logits + i * FRAME_COUNT;
        int best = 0;
        for (int k = 1; k < FRAME_COUNT; k++)
            best = frames[k] > frames[best] ? k : best;
        sites_frame_logits(m, best, sites_last(b) + i * n_last, b->site_logits, 1);
        double likely = 0, sum = 0, variance = 0;
        for (size_t j = 0; j < m->frames->frame[best].n_sites; j++) {
            double p = 1 / (1 + exp(-(double)b->site_logits[j]));
            likely += p > 0.5;
            sum += p;
            variance += p * (1 - p);
        }
        double apart = log(fmax(likely, 1)) - sites_read_row(b->facts + i * SITES_FACTS).log_atoms;
        doubt[i] = log(hypot(apart, sqrt(variance) / fmax(sum, 1e-3)) + least);
    }
}

/* The quarter of a value by the three limits between them. */
static size_t quarter_of(const float *limit, double value)
{
    size_t i = 0;
    while (i < QUARTERS - 1 && value > (double)limit[i])
        i++;
    return i;
}

double sites_doubted_sd(const sites_model *m, const sites_buffers *b, size_t i, double doubt)
{
    if (!m->has_doubt)
        return sites_read_facts(m, b, i).log_atoms_sd;
    double sd = sites_read_row(b->facts + i * SITES_FACTS).log_atoms_sd;
    float limit[QUARTERS - 1];
    for (size_t q = 0; q < QUARTERS - 1; q++)
        limit[q] = m->doubt[q].log_sd;
    const sites_doubt_row *row = &m->doubt[quarter_of(limit, log(sd))];
    return sites_atoms_sd(sd * exp((double)row->log_factor[quarter_of(row->limit, doubt)]));
}

static int by_sd(const void *a, const void *b)
{
    double x = ((const sites_word *)a)->log_sd, y = ((const sites_word *)b)->log_sd;
    return (x > y) - (x < y);
}

static int by_doubt(const void *a, const void *b)
{
    double x = ((const sites_word *)a)->doubt, y = ((const sites_word *)b)->doubt;
    return (x > y) - (x < y);
}

static int by_off(const void *a, const void *b)
{
    double x = ((const sites_word *)a)->off, y = ((const sites_word *)b)->off;
    return (x > y) - (x < y);
}

/* One quarter of the words by standard deviation, in quarters by doubt. */
static void fit_row(sites_doubt_row *row, sites_word *word, size_t n, double within)
{
    row->log_sd = (float)word[n - 1].log_sd;
    qsort(word, n, sizeof *word, by_doubt);
    for (size_t q = 0; q < QUARTERS; q++) {
        size_t first = q * n / QUARTERS, end = (q + 1) * n / QUARTERS;
        row->limit[q] = (float)word[end - 1].doubt;
        qsort(word + first, end - first, sizeof *word, by_off);
        row->log_factor[q] = (float)log(word[first + (size_t)(within * (double)(end - first))].off + 1e-6);
    }
}

void sites_fit_doubt(sites_model *m, sites_word *word, size_t n, double within)
{
    const size_t fewest = 16 * QUARTERS * QUARTERS;
    m->has_doubt = n >= fewest;
    if (!m->has_doubt)
        return;
    qsort(word, n, sizeof *word, by_sd);
    for (size_t q = 0; q < QUARTERS; q++) {
        size_t first = q * n / QUARTERS, end = (q + 1) * n / QUARTERS;
        fit_row(&m->doubt[q], word + first, end - first, within);
    }
}
