#include "propose/stackings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/layers_stream.h"
#include "model/layers_net.h"
#include "propose/generate_views.h"
#include "propose/shape_cluster.h"

struct stacking_reader {
    layers_set *set;
    layers_model *model;
};

deepstruc_status stacking_reader_create(stacking_reader **out, const char *model_path, deepstruc_diag *diag)
{
    stacking_reader *reader = memory_zeroed(1, sizeof *reader);
    if (!reader)
        return diag_no_memory(diag);
    deepstruc_status status = layers_set_create(&reader->set, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_load(&reader->model, reader->set, model_path, diag);
    if (status != DEEPSTRUC_OK) {
        stacking_reader_destroy(reader);
        return status;
    }
    *out = reader;
    return DEEPSTRUC_OK;
}

void stacking_reader_destroy(stacking_reader *reader)
{
    if (!reader)
        return;
    layers_model_destroy(reader->model);
    layers_set_destroy(reader->set);
    free(reader);
}

static void read_layers(const void *model, void *buffers, hypothesis *h, size_t n)
{
    layers_buffers *b = buffers;
    for (size_t i = 0; i < n; i++)
        memcpy(b->x + i * STREAM_INPUTS, h[i].x, sizeof h[i].x);
    layers_forward(model, b, n);
    for (size_t i = 0; i < n; i++)
        h[i].read = sites_read_row(b->facts + i * SITES_FACTS);
}

static deepstruc_status make_cluster(const layers_set *set, const layers_structure *from, double bond,
                                     deepstruc_cluster **out, deepstruc_diag *diag)
{
    char name[sizeof(*out)->name];
    snprintf(name, sizeof name, "layers %s, %zu atoms", set->sequence[from->sequence].letters, from->shape.n_atoms);
    return shape_cluster(out, &set->table, &from->shape, bond, name, diag);
}

/* What is asked for, and room for it. */
typedef struct {
    size_t n_each, n_bodies;
    layers_answer *answer;
    layers_structure *body;
} request;

static deepstruc_status add_answer(stacking_answers *to, const stacking_reader *reader, const hypothesis *h,
                                   const layers_structure *structure, double log_probability, deepstruc_diag *diag)
{
    enum { FEWEST_ATOMS = 5 };
    double bond = h->unit * exp(h->read.log_ratio);
    stacking_answer *answer = &to->answer[to->n];
    if (structure->shape.n_atoms < FEWEST_ATOMS)
        return DEEPSTRUC_OK;
    *answer = (stacking_answer){NULL, log_probability, h->read.log_atoms, h->read.log_atoms_sd};
    deepstruc_status status = make_cluster(reader->set, structure, bond, &answer->cluster, diag);
    to->n += status == DEEPSTRUC_OK;
    return status;
}

/* Row i of the buffers is conditioned on h. */
static deepstruc_status add_answers(stacking_answers *to, const stacking_reader *reader, const layers_buffers *b,
                                    const hypothesis *h, size_t i, request *ask, deepstruc_diag *diag)
{
    layers_answer likeliest;
    layers_read_likeliest(reader->model, b, i, &likeliest);
    deepstruc_status status = add_answer(to, reader, h, &likeliest.structure, likeliest.log_probability, diag);
    size_t n = layers_read(reader->model, b, i, ask->n_each, ask->answer);
    for (size_t k = 0; k < n && status == DEEPSTRUC_OK; k++) {
        const layers_answer *answer = &ask->answer[k];
        status = add_answer(to, reader, h, &answer->structure, answer->log_probability, diag);
        size_t n_bodies = ask->n_bodies > 0 ? layers_read_bodies(reader->model, b, i, answer->structure.sequence,
                                                                 ask->n_bodies, ask->body)
                                            : 0;
        for (size_t j = 0; j < n_bodies && status == DEEPSTRUC_OK; j++)
            status = add_answer(to, reader, h, &ask->body[j], answer->log_probability, diag);
    }
    return status;
}

deepstruc_status propose_stackings(stacking_answers **out, const stacking_reader *reader, const deepstruc_pdf *pdf,
                                   const stacking_instrument *instrument, size_t n_each, size_t n_bodies,
                                   deepstruc_diag *diag)
{
    generate_settings see = generate_settings_default();
    see.qmin = instrument->qmin;
    see.qmax = instrument->qmax;
    see.qdamp = instrument->qdamp;
    see.bond_min = LAYERS_BOND_MIN;
    see.bond_max = LAYERS_BOND_MAX;
    n_each = n_each < LAYERS_SEQUENCES ? n_each : LAYERS_SEQUENCES;
    stacking_answers *result = memory_zeroed(1, sizeof *result);
    hypothesis *h = memory_zeroed(GENERATE_LADDER, sizeof *h);
    request ask = {n_each, n_bodies, memory_zeroed(n_each + 1, sizeof *ask.answer),
                   memory_zeroed(n_bodies + 1, sizeof *ask.body)};
    layers_buffers *b = NULL;
    fine_pdf fine = {0};
    deepstruc_status status = result && h && ask.answer && ask.body
                                  ? layers_buffers_create(&b, reader->model, GENERATE_LADDER, false, diag)
                                  : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = generate_fine(&fine, pdf, see.qmax, diag);
    if (status == DEEPSTRUC_OK) {
        const hypothesis_reader by = {read_layers, reader->model, b};
        result->n_views = generate_hypotheses(&by, &fine, &see, h);
        result->answer = memory_zeroed(result->n_views * (1 + n_each * (1 + n_bodies)) + 1, sizeof *result->answer);
        status = result->answer ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    for (size_t i = 0; status == DEEPSTRUC_OK && i < result->n_views; i++)
        status = add_answers(result, reader, b, &h[i], i, &ask, diag);
    free(fine.g);
    free(ask.answer);
    free(ask.body);
    free(h);
    layers_buffers_destroy(b);
    if (status != DEEPSTRUC_OK) {
        stacking_answers_destroy(result);
        return status;
    }
    *out = result;
    return DEEPSTRUC_OK;
}

void stacking_answers_destroy(stacking_answers *answers)
{
    if (!answers)
        return;
    for (size_t i = 0; i < answers->n; i++)
        deepstruc_cluster_destroy(answers->answer[i].cluster);
    free(answers->answer);
    free(answers);
}
