#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/hexagonality.h"
#include "model/sites.h"

/* ---- sites: cross-entropy of every site of the true frame, summed over a row ------------------------------------ */

/* Loss of one row in nats: softplus(y) - target y; its gradient times `scale`. The logarithms of 16 factors, each in
 * (1, 2], are taken at once. */
static double site_row(real *dlogit, const real *logit, size_t n_sites, const frame_shape *shape, real scale)
{
    enum { AT_ONCE = 16 };
    double sum = 0;
    for (size_t first = 0; first < n_sites; first += AT_ONCE) {
        size_t end = first + AT_ONCE < n_sites ? first + AT_ONCE : n_sites;
        real positive = 0, product = 1;
        for (size_t i = first; i < end; i++) {
            real y = logit[i], e = exp(-fabs(y)); /* a NaN passes through e */
            positive += y > 0 ? y : 0;
            product *= 1 + e;
            dlogit[i] = scale * (y >= 0 ? 1 : e) / (1 + e);
        }
        sum += (double)(positive + log(product));
    }
    for (size_t i = 0; i < shape->n_atoms; i++) {
        sum -= (double)logit[shape->site[i]];
        dlogit[shape->site[i]] -= scale;
    }
    return sum;
}

/* Rows of one frame at a time: their last hidden rows are gathered, only this frame's sites are computed. */
static double site_losses(sites_model *m, sites_buffers *b, const sites_targets *t, double weight, real *dlast)
{
    size_t n_last = (size_t)m->sizes.n_last;
    double total = 0;
    memset(dlast, 0, t->n_rows * n_last * sizeof *dlast);
    real scale = (real)(weight / (double)t->n_rows);
    for (int k = 0; k < FRAME_COUNT; k++) {
        const frame *f = &m->frames->frame[k];
        size_t n = 0;
        for (size_t i = 0; i < t->n_rows; i++)
            if (t->scale_is_right[i] && t->shape[i]->frame == k)
                memcpy(b->sorted + n++ * n_last, sites_last(b) + i * n_last, n_last * sizeof *b->sorted);
        if (n == 0)
            continue;
        sites_frame_logits(m, k, b->sorted, b->site_logits, n);
        size_t at = 0;
        for (size_t i = 0; i < t->n_rows; i++)
            if (t->scale_is_right[i] && t->shape[i]->frame == k) {
                size_t row = at++ * f->n_sites;
                total += site_row(b->dsite_logits + row, b->site_logits + row, f->n_sites, t->shape[i], scale) /
                         (double)t->n_rows;
            }
        nn_linear_backward(&m->params, &m->site_logits[k], b->dsorted, b->dsite_logits, b->sorted, n);
        at = 0;
        for (size_t i = 0; i < t->n_rows; i++)
            if (t->scale_is_right[i] && t->shape[i]->frame == k)
                memcpy(dlast + i * n_last, b->dsorted + at++ * n_last, n_last * sizeof *dlast);
    }
    return total;
}

/* ---- frames, facts, map ----------------------------------------------------------------------------------------- */

static double frame_losses(sites_model *m, sites_buffers *b, const sites_targets *t, int *class_of, real *dlast)
{
    for (size_t i = 0; i < t->n_rows; i++)
        class_of[i] = t->scale_is_right[i] ? t->shape[i]->frame : -1;
    double loss = nn_cross_entropy_forward(b->frame_logits, class_of, NULL, t->n_rows, FRAME_COUNT);
    nn_cross_entropy_backward(b->dframe_logits, b->frame_logits, class_of, NULL, 1, t->n_rows, FRAME_COUNT);
    nn_linear_backward(&m->params, &m->frame_logits, b->sorted, b->dframe_logits, sites_last(b), t->n_rows);
    nn_add(dlast, b->sorted, t->n_rows * (size_t)m->sizes.n_last);
    return loss;
}

sites_fact_loss sites_fact_row(const real *y, real *dy, bool right, const float fact[3], double scale)
{
    sites_fact_loss loss = {0};
    real logit = y[FACT_SCALE_LOGIT], e = exp(-fabs(logit)), truth = right ? 1 : 0;
    memset(dy, 0, SITES_FACTS * sizeof *dy);
    loss.scale = (double)(log1p(e) + (logit > 0 ? logit : 0) - truth * logit);
    dy[FACT_SCALE_LOGIT] = ((logit >= 0 ? 1 / (1 + e) : e / (1 + e)) - truth) * (real)scale;
    for (int k = 0; k < 3 && right; k++) {
        double target = ((double)fact[k] - sites_units[k].centre) / sites_units[k].scale;
        /* The log of the standard deviation is kept in (-5, 5): 5 tanh(s / 5). */
        double bent = tanh((double)y[2 * k + 1] / 5), log_sd = 5 * bent, inverse = exp(-log_sd),
               u = ((double)y[2 * k] - target) * inverse;
        loss.facts += u * u / 2 + log_sd;
        dy[2 * k] = (real)(u * inverse * scale);
        dy[2 * k + 1] = (real)((1 - u * u) * (1 - bent * bent) * scale);
    }
    return loss;
}

/* Fills dfacts. */
static void fact_losses(sites_buffers *b, const sites_targets *t, double weight, sites_loss *loss)
{
    double n = (double)t->n_rows;
    for (size_t i = 0; i < t->n_rows; i++) {
        const float fact[3] = {t->fact[0][i], t->fact[1][i], t->fact[2][i]};
        sites_fact_loss row = sites_fact_row(b->facts + i * SITES_FACTS, b->dfacts + i * SITES_FACTS,
                                             t->scale_is_right[i], fact, weight / n);
        loss->facts += row.facts / n;
        loss->scale += row.scale / n;
    }
}

/* Hexagonality as a linear function of z[0..1], so that what is between fcc and hcp lies between them. Fills
 * dz_packing.
 */
static double packing_losses(sites_model *m, sites_buffers *b, const sites_targets *t, double weight)
{
    const double unit = 0.3; /* of hexagonalities, about their spread */
    double loss = 0, n = (double)t->n_rows;
    nn_linear_forward(&m->params, &m->map_packing, b->packing, b->z_map, t->n_rows);
    for (size_t i = 0; i < t->n_rows; i++) {
        double truth = t->scale_is_right[i] ? hexagonality_of(m->frames, t->shape[i]) : NAN,
               off = isfinite(truth) ? ((double)b->packing[i] - truth) / unit : 0;
        loss += off * off / n;
        b->dpacking[i] = (real)(weight * 2 * off / unit / n);
    }
    nn_linear_backward(&m->params, &m->map_packing, b->dz_packing, b->dpacking, b->z_map, t->n_rows);
    return loss;
}

/* Family, number of atoms and hexagonality from z[0..1] alone. */
static double map_losses(sites_model *m, sites_buffers *b, const sites_targets *t, int *class_of, double weight)
{
    size_t n = t->n_rows, latent = (size_t)m->sizes.n_latent;
    nn_copy_columns(b->z_map, 2, b->z, latent, n, 2);
    nn_linear_forward(&m->params, &m->map_hidden, b->map_hidden, b->z_map, n);
    nn_silu_forward(b->map_silu, b->map_hidden, n * SITES_MAP_HIDDEN);
    nn_linear_forward(&m->params, &m->map_output, b->map, b->map_silu, n);

    double loss = 0;
    memset(b->dmap, 0, n * SITES_MAP_OUTPUTS * sizeof *b->dmap);
    for (size_t i = 0; i < n; i++) {
        const frame_shape *shape = t->shape[i];
        class_of[i] = t->scale_is_right[i] ? (int)m->frames->frame[shape->frame].family : -1;
        if (class_of[i] < 0)
            continue;
        real *y = b->map + i * SITES_MAP_OUTPUTS, *dy = b->dmap + i * SITES_MAP_OUTPUTS, p[FRAME_N_FAMILIES];
        nn_softmax(p, y, 1, FRAME_N_FAMILIES);
        loss -= log((double)p[class_of[i]] + 1e-30) / (double)n;
        for (int k = 0; k < FRAME_N_FAMILIES; k++)
            dy[k] = (real)(weight / (double)n) * (p[k] - (k == class_of[i]));
        double off =
            (double)y[FRAME_N_FAMILIES] - (log((double)shape->n_atoms) - sites_units[1].centre) / sites_units[1].scale;
        loss += off * off / (double)n;
        dy[FRAME_N_FAMILIES] = (real)(weight * 2 * off / (double)n);
    }
    nn_linear_backward(&m->params, &m->map_output, b->dmap_silu, b->dmap, b->map_silu, n);
    nn_silu_backward(b->dmap_hidden, b->dmap_silu, b->map_hidden, n * SITES_MAP_HIDDEN);
    nn_linear_backward(&m->params, &m->map_hidden, b->dz_map, b->dmap_hidden, b->z_map, n);
    loss += packing_losses(m, b, t, weight);
    nn_add(b->dz_map, b->dz_packing, 2 * n);
    return loss;
}

/* ---- the latent space ------------------------------------------------------------------------------------------- */

static void draw_latents(const sites_model *m, sites_buffers *b, const sites_targets *t)
{
    size_t latent = (size_t)m->sizes.n_latent, from = t->n_posterior * latent, all = t->n_rows * latent;
    nn_sample_forward(b->z, b->q_mean, b->q_log_var, b->noise, 1, from);
    memcpy(b->z + from, b->mean + from, (all - from) * sizeof *b->z);
}

/* dz is known: gradients of prior and posterior, with those of their distance and of the prior's spread. */
static void latent_backward(const sites_model *m, sites_buffers *b, const sites_targets *t,
                            const sites_weights *weights, sites_loss *loss)
{
    size_t latent = (size_t)m->sizes.n_latent;
    double n = (double)t->n_rows;
    nn_sample_backward(b->dmean, b->dlog_var, b->dz, b->q_log_var, b->noise, 1, t->n_posterior * latent);
    for (size_t i = 0; i < t->n_posterior; i++) {
        size_t at = i * latent, p = 2 * at;
        double counts = t->scale_is_right[i] ? 1 / (double)t->n_posterior : 0;
        loss->kl += counts * nn_kl_forward(b->q_mean + at, b->q_log_var + at, b->mean + at, b->log_var + at, latent);
        nn_kl_backward(b->dq_mean + at, b->dq_log_var + at, b->dp_mean + at, b->dp_log_var + at, b->q_mean + at,
                       b->q_log_var + at, b->mean + at, b->log_var + at, weights->kl * counts, latent);
        for (size_t c = 0; c < latent; c++) {
            /* q_mean = p_mean + change, q_log_var = f(p_raw + change) */
            real dq_mean = b->dq_mean[at + c] + b->dmean[at + c];
            real dq_raw = (b->dq_log_var[at + c] + b->dlog_var[at + c]) * sites_log_var_slope(b->q_log_var[at + c]);
            b->dposterior[p + c] = dq_mean;
            b->dposterior[p + latent + c] = dq_raw;
            b->dprior[p + c] = dq_mean + b->dp_mean[at + c];
            b->dprior[p + latent + c] = dq_raw + b->dp_log_var[at + c] * sites_log_var_slope(b->log_var[at + c]);
        }
    }
    for (size_t i = t->n_posterior; i < t->n_rows; i++)
        for (size_t c = 0; c < latent; c++) {
            b->dprior[2 * i * latent + c] = b->dz[i * latent + c]; /* z = p_mean */
            b->dprior[(2 * i + 1) * latent + c] = 0;
        }
    for (size_t i = 0; i < t->n_rows; i++)
        for (size_t c = 0; c < latent; c++) {
            double mean = (double)b->mean[i * latent + c];
            loss->total += weights->spread * mean * mean / n;
            loss->log_var += (double)b->log_var[i * latent + c] / n / (double)latent;
            b->dprior[2 * i * latent + c] += (real)(2 * weights->spread * mean / n);
        }
}

static void decoder_backward(sites_model *m, sites_buffers *b, size_t n)
{
    for (int i = SITES_DECODER_BLOCKS - 1; i >= 0; i--)
        sites_block_backward(&m->params, &m->decoder[i], &b->decoder[i], i ? b->decoder[i - 1].dy : b->dz,
                             i ? b->decoder[i - 1].y : b->z, n);
}

static void trunk_backward(sites_model *m, sites_buffers *b, const sites_targets *t)
{
    sites_block_buffers *last = &b->trunk[SITES_TRUNK_BLOCKS - 1];
    size_t n = t->n_rows, width = (size_t)m->sizes.n_trunk;
    nn_linear_backward(&m->params, &m->prior, last->dy, b->dprior, last->y, n);
    nn_linear_backward(&m->params, &m->facts, last->scratch, b->dfacts, last->y, n);
    nn_add(last->dy, last->scratch, n * width);
    sites_encode_backward(m, b, last->dy, t->n_posterior);
    for (int i = SITES_TRUNK_BLOCKS - 1; i >= 0; i--)
        sites_block_backward(&m->params, &m->trunk[i], &b->trunk[i], i ? b->trunk[i - 1].dy : NULL,
                             i ? b->trunk[i - 1].y : b->x, n);
}

deepstruc_status sites_train_batch(sites_model *m, sites_buffers *b, const sites_targets *t,
                                   const sites_weights *weights, sites_loss *loss, deepstruc_diag *diag)
{
    if (t->n_rows == 0 || t->n_rows > b->max_rows || t->n_posterior == 0 || t->n_posterior > b->max_graphs)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a batch of %zu rows where %zu fit", t->n_rows, b->max_rows);
    int *class_of = memory_zeroed(t->n_rows, sizeof *class_of);
    if (!class_of)
        return diag_no_memory(diag);
    *loss = (sites_loss){0};
    size_t n = t->n_rows, latent = (size_t)m->sizes.n_latent;
    sites_condition(m, b, n);
    deepstruc_status status = sites_encode(m, b, t, diag);
    if (status == DEEPSTRUC_OK) {
        draw_latents(m, b, t);
        sites_decode(m, b, n);
        real *dlast = b->decoder[SITES_DECODER_BLOCKS - 1].dy;
        loss->sites = site_losses(m, b, t, weights->sites, dlast);
        loss->frames = frame_losses(m, b, t, class_of, dlast);
        fact_losses(b, t, weights->facts, loss);
        loss->map = map_losses(m, b, t, class_of, weights->map);
        decoder_backward(m, b, n);
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 2; c++)
                b->dz[i * latent + c] += b->dz_map[2 * i + c];
        latent_backward(m, b, t, weights, loss);
        trunk_backward(m, b, t);
        loss->total += weights->sites * loss->sites + loss->frames + weights->facts * (loss->facts + loss->scale) +
                       weights->map * loss->map + weights->kl * loss->kl;
        if (!isfinite(loss->total))
            status = diag_fail(diag, DEEPSTRUC_NUMERIC, "the loss is no longer finite");
    }
    free(class_of);
    return status;
}
