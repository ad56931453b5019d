/* The latent map: a cloud of structures around a PDF, and structures sampled and fitted where one points. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/report.h>

#include "serve/limits.h"
#include "serve/request.h"
#include "serve/result.h"
#include "serve/settings.h"

/* A job's PDF with the settings that took effect, and what is to be drawn for it. */
typedef struct {
    store_input input;
    json_t *given;
    deepstruc_pdf *pdf;
    deepstruc_solve_settings settings;
    deepstruc_latent_draw draw;
    double place[LIMIT_SAMPLES][2];
} question;

static void question_clear(question *q)
{
    store_input_clear(&q->input);
    json_decref(q->given);
    deepstruc_pdf_destroy(q->pdf);
}

static void take(const json_t *input, const char *name, double *to)
{
    json_t *value = json_object_get(input, name);
    if (json_is_number(value))
        *to = json_number_value(value);
}

/* solve may have tuned what nobody gave: the samples are fitted with the same. */
static bool question_open(request *r, question *q)
{
    deepstruc_diag diag;
    json_t *result = result_read(&r->server->data, r->id), *used = json_object_get(result, "input");
    deepstruc_status status = store_read_input(r->server->jobs, r->id, &q->input, &diag);
    if (status == DEEPSTRUC_OK) {
        q->given = json_loads(q->input.settings, 0, NULL);
        status = settings_apply(&q->settings, q->given, &diag);
    }
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_parse(&q->pdf, q->input.text, q->input.size, q->input.name, &diag);
    if (status != DEEPSTRUC_OK)
        reply_diag(r, status, &diag);
    take(used, "qmin", &q->settings.refine.qmin);
    take(used, "qmax", &q->settings.refine.qmax);
    take(used, "qdamp", &q->settings.refine.qdamp);
    json_decref(result);
    q->draw.max_atoms = (size_t)q->settings.max_atoms;
    return status == DEEPSTRUC_OK;
}

static bool can_sample(request *r)
{
    store_state state;
    if (!r->server->model)
        reply_error(r, 501, "this server has no generative model");
    else if (!store_state_of(r->server->jobs, r->id, &state))
        reply_error(r, 404, "there is no job %ld", r->id);
    else if (state != STORE_DONE)
        reply_error(r, 409, "job %ld has no result", r->id);
    return !r->response;
}

static bool take_focus(request *r, const char *name, deepstruc_type *focus)
{
    *focus = name ? deepstruc_type_from_name(name) : DEEPSTRUC_TYPE_UNKNOWN;
    if (name && *name && *focus == DEEPSTRUC_TYPE_UNKNOWN)
        reply_error(r, 400, "focus wants a type of structure, as fcc or decahedron");
    return !r->response;
}

static bool sample(request *r, const question *q, deepstruc_latent_samples **samples)
{
    deepstruc_diag diag;
    deepstruc_status status =
        deepstruc_latent_sample_at(samples, r->server->model, q->pdf, &q->settings.refine, &q->draw, &diag);
    if (status != DEEPSTRUC_OK)
        reply_diag(r, status, &diag);
    return status == DEEPSTRUC_OK;
}

/* ---- the cloud -------------------------------------------------------------------------------------------------- */

static json_t *rounded(double value)
{
    return json_real(round(value * 1e4) / 1e4);
}

/* One point per sample. */
static json_t *cloud_json(const deepstruc_latent_samples *samples)
{
    json_t *x = json_array(), *y = json_array(), *type = json_array(), *n_atoms = json_array();
    for (size_t i = 0; i < samples->n_samples; i++) {
        const deepstruc_latent_sample *from = &samples->sample[i];
        const deepstruc_cluster *cluster = samples->structure[from->i_structure];
        json_array_append_new(x, rounded(from->place[0]));
        json_array_append_new(y, rounded(from->place[1]));
        json_array_append_new(type, json_integer(cluster->type));
        json_array_append_new(n_atoms, json_integer((json_int_t)cluster->n_atoms));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:I}", "x", x, "y", y, "type", type, "n", n_atoms, "structures",
                     (json_int_t)samples->n_structures);
}

static void make_cloud(request *r)
{
    question q = {0};
    double n_samples, sigma;
    deepstruc_type focus;
    deepstruc_latent_samples *samples = NULL;
    if (request_number(r, "n", 1, LIMIT_CLOUD, 4000, &n_samples) && request_number(r, "sigma", 0, 20, 3, &sigma) &&
        take_focus(r, request_query(r, "focus"), &focus) && question_open(r, &q)) {
        q.draw.n_samples = (size_t)n_samples;
        q.draw.sigma = sigma;
        q.draw.focus = focus;
        if (sample(r, &q, &samples))
            reply_json(r, 200, cloud_json(samples));
    }
    deepstruc_latent_samples_destroy(samples);
    question_clear(&q);
}

void answer_map(request *r)
{
    if (can_sample(r))
        request_later(r, make_cloud);
}

/* ---- samples ---------------------------------------------------------------------------------------------------- */

static bool read_places(request *r, question *q, const json_t *places)
{
    size_t i;
    json_t *place;
    if (places && (!json_is_array(places) || json_array_size(places) > LIMIT_SAMPLES)) {
        reply_error(r, 400, "places wants a list of at most %d pairs of numbers", LIMIT_SAMPLES);
        return false;
    }
    json_array_foreach((json_t *)places, i, place)
    {
        json_t *x = json_array_get(place, 0), *y = json_array_get(place, 1);
        if (json_array_size(place) != 2 || !json_is_number(x) || !json_is_number(y)) {
            reply_error(r, 400, "place %zu is no pair of numbers", i + 1);
            return false;
        }
        q->place[i][0] = json_number_value(x);
        q->place[i][1] = json_number_value(y);
    }
    q->draw.place = &q->place[0][0];
    q->draw.n_places = json_array_size(places);
    return true;
}

static bool read_integer(request *r, const json_t *asked, const char *name, long min, long max, long otherwise,
                         long *out)
{
    json_t *value = json_object_get(asked, name);
    *out = value ? (long)json_integer_value(value) : otherwise;
    if ((value && !json_is_integer(value)) || *out < min || *out > max)
        reply_error(r, 400, "%s wants a whole number from %ld to %ld", name, min, max);
    return !r->response;
}

static bool read_question(request *r, question *q, const json_t *asked)
{
    json_t *sigma = json_object_get(asked, "sigma");
    long n, seed;
    if (!json_is_object(asked)) {
        reply_error(r, 400, "the body is no JSON object");
        return false;
    }
    if (sigma && !json_is_number(sigma)) {
        reply_error(r, 400, "sigma wants a number");
        return false;
    }
    if (!read_places(r, q, json_object_get(asked, "places")) ||
        !read_integer(r, asked, "n", 1, LIMIT_SAMPLES, LIMIT_SAMPLES / 2, &n) ||
        !read_integer(r, asked, "seed", 0, 1L << 50, 0, &seed) ||
        !take_focus(r, json_string_value(json_object_get(asked, "focus")), &q->draw.focus))
        return false;
    q->draw.n_samples = (size_t)n;
    q->draw.seed = (uint64_t)seed;
    q->draw.sigma = sigma ? json_number_value(sigma) : 3;
    return true;
}

/* Where each structure was found first, by its name: the fit ranks them anew. */
static json_t *places_json(const deepstruc_latent_samples *samples)
{
    json_t *places = json_object();
    for (size_t i = samples->n_samples; i-- > 0;) {
        const deepstruc_latent_sample *from = &samples->sample[i];
        json_object_set_new(places, samples->structure[from->i_structure]->name,
                            json_pack("[o, o]", rounded(from->place[0]), rounded(from->place[1])));
    }
    return places;
}

/* Fits what was sampled and answers with what the page draws from. */
static void reply_fitted(request *r, const question *q, const deepstruc_latent_samples *samples)
{
    deepstruc_solution *solution = NULL;
    deepstruc_diag diag;
    char *data = NULL;
    deepstruc_status status =
        deepstruc_solve_given(&solution, q->pdf, (const deepstruc_cluster *const *)samples->structure,
                              samples->n_structures, &q->settings, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_report_data(&data, solution, q->pdf, &diag);
    if (status == DEEPSTRUC_OK)
        reply_json(r, 200, json_pack("{s:o, s:o}", "data", json_loads(data, 0, NULL), "places", places_json(samples)));
    else
        reply_diag(r, status, &diag);
    free(data);
    deepstruc_solution_destroy(solution);
}

static void make_samples(request *r)
{
    question q = {0};
    deepstruc_latent_samples *samples = NULL;
    json_error_t error;
    json_t *asked = json_loads(r->json, JSON_REJECT_DUPLICATES, &error);
    if (!asked)
        reply_error(r, 400, "the body is no JSON: line %d: %s", error.line, error.text);
    else if (read_question(r, &q, asked) && question_open(r, &q) && sample(r, &q, &samples)) {
        if (samples->n_structures == 0)
            reply_json(r, 200, json_pack("{s:n, s:{}}", "data", "places"));
        else
            reply_fitted(r, &q, samples);
    }
    deepstruc_latent_samples_destroy(samples);
    question_clear(&q);
    json_decref(asked);
}

void answer_samples(request *r)
{
    if (can_sample(r))
        request_later(r, make_samples);
}
