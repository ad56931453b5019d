#include "model/layers_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

/* Weights of the losses, in nats: sites are many, and sharp regressions shake the trunk. */
static const double OF_SITES = 0.1, OF_SEQUENCE = 0.3, OF_FACTS = 0.1;

layers_sizes layers_sizes_default(void)
{
    return (layers_sizes){.n_trunk = 576, .n_decoder = 512, .n_last = 256};
}

deepstruc_status layers_model_create(layers_model **out, const layers_set *set, const layers_sizes *sizes,
                                     bool training, deepstruc_diag *diag)
{
    const long most = 1 << 14;
    if (!(sizes->n_trunk >= 8 && sizes->n_trunk <= most && sizes->n_decoder >= 8 && sizes->n_decoder <= most &&
          sizes->n_last >= 8 && sizes->n_last <= most))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a layer's width is outside of its range");
    layers_model *m = memory_zeroed(1, sizeof *m);
    if (!m)
        return diag_no_memory(diag);
    m->sizes = *sizes;
    m->set = set;
    size_t width = (size_t)sizes->n_trunk, in = LAYERS_INPUTS;
    for (int i = 0; i < LAYERS_TRUNK_BLOCKS; i++, in = width) {
        char name[32];
        snprintf(name, sizeof name, "trunk.%d", i);
        m->trunk[i] = sites_block_declare(&m->params, name, in, width);
    }
    m->facts = nn_linear_declare(&m->params, "facts", width, SITES_FACTS, NN_UNIFORM);
    m->sequence = nn_linear_declare(&m->params, "sequence", width, LAYERS_OUTPUTS, NN_UNIFORM);
    m->decoder[0] = sites_block_declare(&m->params, "decoder.0", width, (size_t)sizes->n_decoder);
    m->decoder[1] = sites_block_declare(&m->params, "decoder.1", (size_t)sizes->n_decoder, (size_t)sizes->n_last);
    m->sites = nn_linear_declare(&m->params, "sites", (size_t)sizes->n_last, set->table.n_sites, NN_UNIFORM);
    deepstruc_status status = nn_params_allocate(&m->params, training, diag);
    if (status != DEEPSTRUC_OK) {
        layers_model_destroy(m);
        return status;
    }
    *out = m;
    return DEEPSTRUC_OK;
}

void layers_model_destroy(layers_model *model)
{
    if (!model)
        return;
    nn_params_free(&model->params);
    free(model);
}

/* ---- buffers ---------------------------------------------------------------------------------------------------- */

static void carve(layers_buffers *b, const layers_model *m, bool training)
{
    nn_workspace *w = &b->workspace;
    size_t n = b->max_rows, n_sites = m->set->table.n_sites;
    b->x = nn_carve(w, n, STREAM_INPUTS);
    b->seen = nn_carve(w, n, LAYERS_INPUTS);
    for (int i = 0; i < LAYERS_TRUNK_BLOCKS; i++)
        b->trunk[i] = sites_block_carve(w, &m->trunk[i], n, training);
    for (int i = 0; i < LAYERS_DECODER_BLOCKS; i++)
        b->decoder[i] = sites_block_carve(w, &m->decoder[i], n, training);
    b->facts = nn_carve(w, n, SITES_FACTS);
    b->sequence = nn_carve(w, n, LAYERS_OUTPUTS);
    b->sites = nn_carve(w, n, n_sites);
    if (!training)
        return;
    b->dfacts = nn_carve(w, n, SITES_FACTS);
    b->dsequence = nn_carve(w, n, LAYERS_OUTPUTS);
    b->dsites = nn_carve(w, n, n_sites);
}

deepstruc_status layers_buffers_create(layers_buffers **out, const layers_model *model, size_t max_rows, bool training,
                                       deepstruc_diag *diag)
{
    layers_buffers *b = memory_zeroed(1, sizeof *b);
    if (!b)
        return diag_no_memory(diag);
    b->max_rows = max_rows;
    carve(b, model, training);
    deepstruc_status status = nn_workspace_allocate(&b->workspace, diag);
    if (status != DEEPSTRUC_OK) {
        layers_buffers_destroy(b);
        return status;
    }
    carve(b, model, training);
    *out = b;
    return DEEPSTRUC_OK;
}

void layers_buffers_destroy(layers_buffers *buffers)
{
    if (!buffers)
        return;
    nn_workspace_free(&buffers->workspace);
    free(buffers);
}

/* ---- forward ---------------------------------------------------------------------------------------------------- */

static void level(const real *x, real *seen)
{
    enum { HALF = 12 }; /* of the window: a bond length and a tenth in all */
    const real least = (real)0.003;
    memcpy(seen, x, STREAM_INPUTS * sizeof *seen);
    for (int i = 0; i < STREAM_POINTS; i++) {
        int first = i > HALF ? i - HALF : 0, last = i + HALF < STREAM_POINTS ? i + HALF : STREAM_POINTS - 1;
        real sum = 0;
        for (int k = first; k <= last; k++)
            sum += x[k] * x[k];
        seen[STREAM_INPUTS + i] = x[i] / (sqrt(sum / (real)(last - first + 1)) + least);
    }
}

void layers_forward(const layers_model *m, layers_buffers *b, size_t n)
{
    const real *x = b->seen;
    for (size_t i = 0; i < n; i++)
        level(b->x + i * STREAM_INPUTS, b->seen + i * LAYERS_INPUTS);
    for (int i = 0; i < LAYERS_TRUNK_BLOCKS; i++) {
        sites_block_forward(&m->params, &m->trunk[i], &b->trunk[i], x, n);
        x = b->trunk[i].y;
    }
    nn_linear_forward(&m->params, &m->facts, b->facts, x, n);
    nn_linear_forward(&m->params, &m->sequence, b->sequence, x, n);
    for (int i = 0; i < LAYERS_DECODER_BLOCKS; i++) {
        sites_block_forward(&m->params, &m->decoder[i], &b->decoder[i], x, n);
        x = b->decoder[i].y;
    }
    nn_linear_forward(&m->params, &m->sites, b->sites, x, n);
}

/* ---- losses ----------------------------------------------------------------------------------------------------- */

static int letter_of(const layers_sequence *s, int layer)
{
    return s->letters[layer] - 'A';
}

/* Cross-entropy of the sites in the columns that the row's sequence has; the others are not asked for. */
static double site_row(const layers_set *set, const layers_structure *truth, const real *y, real *dy, real scale)
{
    const frame *f = &set->table;
    const layers_sequence *s = &set->sequence[truth->sequence];
    double sum = 0;
    memset(dy, 0, f->n_sites * sizeof *dy);
    for (size_t i = 0; i < f->n_sites; i++) {
        if (f->layer[i] >= s->n_layers || f->letter[i] != letter_of(s, f->layer[i]))
            continue;
        real e = exp(-fabs(y[i]));
        sum += (double)((y[i] > 0 ? y[i] : 0) + log1p(e));
        dy[i] = scale * (y[i] >= 0 ? 1 : e) / (1 + e);
    }
    for (size_t i = 0; i < truth->shape.n_atoms; i++) {
        sum -= (double)y[truth->shape.site[i]];
        dy[truth->shape.site[i]] -= scale;
    }
    return sum;
}

/* u = R (number - mean): of as many independent standard normal numbers. The logarithms on R's diagonal are kept in
 * (-4, 4): 4 tanh(y / 4). Answers their sum. */
static double whiten(const real *y, const double *number, double off[LAYERS_NUMBERS], double u[LAYERS_NUMBERS])
{
    const real *r = y + LAYERS_NUMBERS;
    double sum = 0;
    for (size_t k = 0; k < LAYERS_NUMBERS; k++, r += k) {
        double log_diagonal = 4 * tanh((double)r[k] / 4);
        off[k] = number[k] - (double)y[k];
        u[k] = off[k] * exp(log_diagonal);
        for (size_t j = 0; j < k; j++)
            u[k] += (double)r[j] * off[j];
        sum += log_diagonal;
    }
    return sum;
}

/* The Gaussian log score of the sequence's numbers. */
static double sequence_row(const float *truth, const real *y, real *dy, double scale)
{
    double number[LAYERS_NUMBERS], off[LAYERS_NUMBERS], u[LAYERS_NUMBERS];
    for (size_t k = 0; k < LAYERS_NUMBERS; k++)
        number[k] = (double)truth[k];
    double loss = -whiten(y, number, off, u);
    const real *r = y + LAYERS_NUMBERS;
    real *dr = dy + LAYERS_NUMBERS;
    for (size_t k = 0; k < LAYERS_NUMBERS; k++, r += k, dr += k) {
        double bent = tanh((double)r[k] / 4), diagonal = exp(4 * bent);
        loss += u[k] * u[k] / 2;
        for (size_t j = 0; j < k; j++) {
            dr[j] = (real)(u[k] * off[j] * scale);
            dy[j] -= (real)(u[k] * (double)r[j] * scale);
        }
        dr[k] = (real)((u[k] * off[k] * diagonal - 1) * (1 - bent * bent) * scale);
        dy[k] -= (real)(u[k] * diagonal * scale);
    }
    return loss;
}

static void row_losses(layers_model *m, layers_buffers *b, const layers_targets *t, layers_loss *loss)
{
    const size_t n_sites = m->set->table.n_sites, n_outputs = LAYERS_OUTPUTS;
    double n = (double)t->n_rows;
    for (size_t i = 0; i < t->n_rows; i++) {
        const float fact[3] = {t->fact[0][i], t->fact[1][i], t->fact[2][i]};
        real *dsites = b->dsites + i * n_sites, *dsequence = b->dsequence + i * n_outputs;
        sites_fact_loss of_facts = sites_fact_row(b->facts + i * SITES_FACTS, b->dfacts + i * SITES_FACTS,
                                                  t->scale_is_right[i], fact, OF_FACTS / n);
        loss->facts += of_facts.facts / n;
        loss->scale += of_facts.scale / n;
        memset(dsites, 0, n_sites * sizeof *dsites);
        memset(dsequence, 0, n_outputs * sizeof *dsequence);
        if (!t->is_near[i])
            continue;
        const layers_structure *truth = t->structure[i];
        loss->sites += site_row(m->set, truth, b->sites + i * n_sites, dsites, (real)(OF_SITES / n)) / n;
        loss->sequence +=
            sequence_row(t->number + i * LAYERS_NUMBERS, b->sequence + i * n_outputs, dsequence, OF_SEQUENCE / n) / n;
    }
}

static void backward(layers_model *m, layers_buffers *b, size_t n)
{
    size_t width = (size_t)m->sizes.n_trunk;
    nn_params *p = &m->params;
    sites_block_buffers *trunk = &b->trunk[LAYERS_TRUNK_BLOCKS - 1], *last = &b->decoder[LAYERS_DECODER_BLOCKS - 1];
    nn_linear_backward(p, &m->sites, last->dy, b->dsites, last->y, n);
    for (int i = LAYERS_DECODER_BLOCKS - 1; i > 0; i--)
        sites_block_backward(p, &m->decoder[i], &b->decoder[i], b->decoder[i - 1].dy, b->decoder[i - 1].y, n);
    sites_block_backward(p, &m->decoder[0], &b->decoder[0], trunk->dy, trunk->y, n);
    nn_linear_backward(p, &m->sequence, trunk->scratch, b->dsequence, trunk->y, n);
    nn_add(trunk->dy, trunk->scratch, n * width);
    nn_linear_backward(p, &m->facts, trunk->scratch, b->dfacts, trunk->y, n);
    nn_add(trunk->dy, trunk->scratch, n * width);
    for (int i = LAYERS_TRUNK_BLOCKS - 1; i >= 0; i--)
        sites_block_backward(p, &m->trunk[i], &b->trunk[i], i ? b->trunk[i - 1].dy : NULL,
                             i ? b->trunk[i - 1].y : b->seen, n);
}

deepstruc_status layers_train_batch(layers_model *m, layers_buffers *b, const layers_targets *t, layers_loss *loss,
                                    deepstruc_diag *diag)
{
    if (t->n_rows == 0 || t->n_rows > b->max_rows)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a batch of %zu rows where %zu fit", t->n_rows, b->max_rows);
    *loss = (layers_loss){0};
    layers_forward(m, b, t->n_rows);
    row_losses(m, b, t, loss);
    loss->total = OF_SITES * loss->sites + OF_SEQUENCE * loss->sequence + OF_FACTS * (loss->facts + loss->scale);
    if (!isfinite(loss->total))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the loss is no longer finite");
    backward(m, b, t->n_rows);
    return DEEPSTRUC_OK;
}

void layers_score(const layers_model *m, const layers_buffers *b, size_t i, double score[LAYERS_SEQUENCES])
{
    for (size_t s = 0; s < LAYERS_SEQUENCES; s++) {
        double number[LAYERS_NUMBERS], off[LAYERS_NUMBERS], u[LAYERS_NUMBERS];
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            number[k] = (double)m->set->sequence[s].number[k];
        whiten(b->sequence + i * LAYERS_OUTPUTS, number, off, u);
        score[s] = 0;
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            score[s] -= u[k] * u[k] / 2;
    }
}
