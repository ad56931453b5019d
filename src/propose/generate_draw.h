/* Latent vectors drawn and decoded: blocks of samples side by side, each with a stream of random numbers of its own, so
 * that the same samples come for any number of threads. */
#ifndef PROPOSE_GENERATE_DRAW_H
#define PROPOSE_GENERATE_DRAW_H

#include "model/sites_decode.h"
#include "propose/generate.h"

/* What is drawn from. Sample i < n_views is the mean of view i's prior, decoded without chance. */
typedef struct {
    const sites_model *model;
    const generate_settings *settings;
    size_t n_views;
    const real *mean, *log_var;   /* n_views x n_latent: the views' priors */
    const sites_count *count;     /* n_views: what is known of the number of atoms */
    const double (*target)[2];    /* n_views: where on the map a focus leads; NULL: nowhere */
    const size_t *view_of_sample; /* n_samples */
} draw_plan;

/* Told every sample in its turn, with its place on the latent map, from the calling thread; false: no memory. */
typedef bool draw_take(void *user, size_t i, const double place[2], const sites_decoded *sample);

/* All of settings->n_samples. */
deepstruc_status draw_samples(const draw_plan *plan, draw_take *take, void *user, deepstruc_diag *diag);

#endif
