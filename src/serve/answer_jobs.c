/* Jobs: looking at files, queueing, watching, stopping, forgetting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "serve/limits.h"
#include "serve/request.h"
#include "serve/settings.h"

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
    json_t *value = *text ? json_string(text) : NULL;
    return value ? value : json_null();
}

/* ---- what there is --------------------------------------------------------------------------------------------------
 */

static void add_fields(json_t *array, const deepstruc_field *fields, const void *defaults)
{
    static const char *const kinds[] = {[DEEPSTRUC_FIELD_DOUBLE] = "number",
                                        [DEEPSTRUC_FIELD_LONG] = "integer",
                                        [DEEPSTRUC_FIELD_FLAG] = "flag",
                                        [DEEPSTRUC_FIELD_TEXT] = "text"};
    for (; fields->name; fields++) {
        if (!settings_known(fields->name))
            continue;
        const char *at = (const char *)defaults + fields->offset;
        const char *const *text = (const char *const *)at;
        json_t *value = fields->kind == DEEPSTRUC_FIELD_LONG   ? json_integer(*(const long *)at)
                        : fields->kind == DEEPSTRUC_FIELD_TEXT ? text_or_null(*text ? *text : "")
                                                               : number_or_null(*(const double *)at);
        json_array_append_new(array, json_pack("{s:s, s:s, s:f, s:f, s:s, s:o}", "name", fields->name, "kind",
                                               kinds[fields->kind], "min", fields->min, "max", fields->max, "help",
                                               fields->help, "default", value));
    }
}

void answer_about(request *r)
{
    deepstruc_solve_settings defaults = deepstruc_solve_settings_default();
    json_t *fields = json_array();
    add_fields(fields, deepstruc_solve_settings_fields, &defaults);
    add_fields(fields, deepstruc_refine_settings_fields, &defaults.refine);
    reply_json(r, 200,
               json_pack("{s:s, s:b, s:o, s:{s:i, s:i, s:i, s:i, s:i}}", "version", deepstruc_version(), "model",
                         r->server->model != NULL, "settings", fields, "limits", "file_bytes", LIMIT_FILE_BYTES,
                         "files", LIMIT_FILES, "queue", LIMIT_QUEUE, "samples", LIMIT_SAMPLES, "map_points",
                         LIMIT_CLOUD));
}

/* ---- a file before it is solved --------------------------------------------------------------------------------- */

static json_t *notes_json(const deepstruc_notes *notes, json_t *array)
{
    for (size_t i = 0; i < notes->n; i++)
        json_array_append_new(array, text_or_null(notes->text[i]));
    return array;
}

/* G on the fit's grid: a picture to know the file by. */
static json_t *curve_json(const deepstruc_target *target)
{
    json_t *g = json_array();
    for (size_t i = 0; i < target->n; i++)
        json_array_append_new(g, number_or_null(round(target->g[i] * 1e4) / 1e4));
    return json_pack("{s:f, s:f, s:o}", "rmin", target->rmin, "rstep", target->rstep, "g", g);
}

static json_t *pdf_json(const form_file *file, const deepstruc_pdf *pdf, const deepstruc_target *target)
{
    json_t *assumed = notes_json(&target->assumed, notes_json(&pdf->notes, json_array()));
    json_t *header = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "dialect", text_or_null(pdf->dialect),
                               "composition", text_or_null(pdf->composition), "element", text_or_null(pdf->element),
                               "qmin", number_or_null(pdf->qmin), "qmax", number_or_null(pdf->qmax), "qdamp",
                               number_or_null(pdf->qdamp), "qbroad", number_or_null(pdf->qbroad));
    json_t *used =
        json_pack("{s:f, s:f, s:f, s:f, s:f}", "qmin", target->qmin, "qmax", target->qmax, "qdamp", target->qdamp,
                  "fit-rmin", target->rmin, "fit-rmax", target->rmin + target->rstep * (double)(target->n - 1));
    return json_pack("{s:s, s:I, s:f, s:f, s:o, s:o, s:o, s:o}", "name", file->name, "points",
                     (json_int_t)pdf->n_points, "rmin", pdf->r[0], "rmax", pdf->r[pdf->n_points - 1], "header", header,
                     "used", used, "assumed", assumed, "curve", curve_json(target));
}

static json_t *inspect(const form_file *file, const deepstruc_refine_settings *settings)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    json_t *found;
    deepstruc_status status = deepstruc_pdf_parse(&pdf, file->text, file->size, file->name, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(&target, pdf, settings, &diag);
    if (status == DEEPSTRUC_OK) {
        found = pdf_json(file, pdf, target);
    } else {
        char text[1024];
        deepstruc_diag_text(&diag, text, sizeof text);
        found = json_pack("{s:s, s:o}", "name", file->name, "error", text_or_null(text));
    }
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    return found;
}

static bool read_settings(request *r, deepstruc_solve_settings *out)
{
    deepstruc_diag diag;
    if (!r->form.fields)
        r->form.fields = json_object();
    deepstruc_status status = settings_apply(out, r->form.fields, &diag);
    if (status != DEEPSTRUC_OK)
        reply_diag(r, status, &diag);
    return status == DEEPSTRUC_OK;
}

static void inspect_all(request *r)
{
    deepstruc_solve_settings settings;
    if (!read_settings(r, &settings))
        return;
    json_t *files = json_array();
    for (size_t i = 0; i < r->form.n_files; i++)
        json_array_append_new(files, inspect(&r->form.file[i], &settings.refine));
    reply_json(r, 200, json_pack("{s:o}", "files", files));
}

void answer_inspect(request *r)
{
    if (r->form.n_files == 0)
        reply_error(r, 400, "send a form with one or more files");
    else
        request_later(r, inspect_all);
}

/* ---- jobs ------------------------------------------------------------------------------------------------------- */

static json_t *with_progress(request *r, json_t *job)
{
    json_t *progress = worker_progress(r->server->solver, (long)json_integer_value(json_object_get(job, "id")));
    if (progress)
        json_object_set_new(job, "progress", progress);
    return job;
}

void answer_jobs(request *r)
{
    double before, limit;
    if (!request_number(r, "before", 0, 1e15, 0, &before) ||
        !request_number(r, "limit", 1, LIMIT_LIST, LIMIT_LIST, &limit))
        return;
    json_t *list = store_list(r->server->jobs, (long)before, (long)limit), *job;
    size_t i;
    json_array_foreach(list, i, job) with_progress(r, job);
    reply_json(r, 200, json_pack("{s:o}", "jobs", list));
}

void answer_job(request *r)
{
    json_t *job = store_job(r->server->jobs, r->id);
    if (job)
        reply_json(r, 200, with_progress(r, job));
    else
        reply_error(r, 404, "there is no job %ld", r->id);
}

/* A file that cannot be read is said now and not after the queue. */
static deepstruc_status check_file(const form_file *file, deepstruc_diag *diag)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_status status = deepstruc_pdf_parse(&pdf, file->text, file->size, file->name, diag);
    deepstruc_pdf_destroy(pdf);
    return status;
}

/* All files or none: the first that is bad refuses the request. */
static bool check_files(request *r)
{
    deepstruc_diag diag;
    if (r->form.n_files == 0)
        reply_error(r, 400, "send a form with one or more files");
    for (size_t i = 0; i < r->form.n_files && !r->response; i++) {
        deepstruc_status status = check_file(&r->form.file[i], &diag);
        if (status != DEEPSTRUC_OK)
            reply_diag(r, status, &diag);
    }
    return !r->response;
}

/* Queues an input, whose settings are the form's; the number, or 0 with the answer given. */
static long queue(request *r, store_input *input)
{
    deepstruc_diag diag;
    long id = 0;
    deepstruc_status status = DEEPSTRUC_NO_MEMORY;
    input->settings = json_dumps(r->form.fields, JSON_COMPACT);
    if (input->settings)
        status = store_add(r->server->jobs, input, &id, &diag);
    free(input->settings);
    input->settings = NULL;
    if (status == DEEPSTRUC_TOO_LARGE)
        reply_error(r, 503, "%s", diag.message);
    else if (status != DEEPSTRUC_OK)
        reply_diag(r, status, &diag);
    return id;
}

/* Files behind the last place of the queue are not taken; the answer lists those that were. */
void answer_new_jobs(request *r)
{
    deepstruc_solve_settings settings;
    if (!read_settings(r, &settings) || !check_files(r))
        return;
    json_t *added = json_array();
    for (size_t i = 0; i < r->form.n_files; i++) {
        form_file *file = &r->form.file[i];
        store_input input = {.name = file->name, .text = file->text, .size = file->size};
        long id = queue(r, &input);
        if (id == 0)
            break;
        json_array_append_new(added, json_integer(id));
    }
    worker_wake(r->server->solver);
    if (r->response && json_array_size(added) > 0) {
        MHD_destroy_response(r->response);
        r->response = NULL;
    }
    if (r->response)
        json_decref(added);
    else
        reply_json(
            r, 201,
            json_pack("{s:o, s:I}", "jobs", added, "refused", (json_int_t)(r->form.n_files - json_array_size(added))));
}

/* The same file once more, with the form's settings or, without any, those that it had. */
void answer_again(request *r)
{
    deepstruc_diag diag;
    deepstruc_solve_settings settings;
    store_input input;
    if (store_read_input(r->server->jobs, r->id, &input, &diag) != DEEPSTRUC_OK) {
        reply_error(r, 404, "there is no job %ld", r->id);
        return;
    }
    if (!r->form.fields)
        r->form.fields = json_loads(input.settings, 0, NULL);
    free(input.settings);
    input.settings = NULL;
    long id = read_settings(r, &settings) ? queue(r, &input) : 0;
    store_input_clear(&input);
    if (id == 0)
        return;
    worker_wake(r->server->solver);
    reply_json(r, 201, json_pack("{s:[I], s:i}", "jobs", (json_int_t)id, "refused", 0));
}

void answer_cancel(request *r)
{
    store_state state;
    if (!store_state_of(r->server->jobs, r->id, &state))
        reply_error(r, 404, "there is no job %ld", r->id);
    else if (store_cancel(r->server->jobs, r->id) || worker_cancel(r->server->solver, r->id))
        reply_json(r, 202, json_pack("{s:b}", "cancelled", true));
    else
        reply_error(r, 409, "job %ld neither waits nor runs", r->id);
}

void answer_delete(request *r)
{
    store_state state;
    if (!store_state_of(r->server->jobs, r->id, &state)) {
        reply_error(r, 404, "there is no job %ld", r->id);
    } else if (!store_delete(r->server->jobs, r->id)) {
        reply_error(r, 409, "job %ld waits or runs; cancel it first", r->id);
    } else {
        folder_drop_result(&r->server->data, r->id);
        reply_json(r, 200, json_pack("{s:b}", "deleted", true));
    }
}
