/* The run of a reproduction: which parts there are, and that a finished one is not computed again. */
#include "study/reproduce.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

deepstruc_reproduce_settings deepstruc_reproduce_settings_default(void)
{
    return (deepstruc_reproduce_settings){0};
}

#define AT(field) offsetof(deepstruc_reproduce_settings, field)
const deepstruc_field deepstruc_reproduce_settings_fields[] = {
    {"model", DEEPSTRUC_FIELD_TEXT, AT(model), 0, 0, true, "MODEL", "name or file of the default model"},
    {"tree", DEEPSTRUC_FIELD_TEXT, AT(tree), 0, 0, true, "TREE", "name or file of the tree classifier"},
    {"plain-cvae", DEEPSTRUC_FIELD_TEXT, AT(plain), 0, 0, true, "MODEL", "name or file of the plain CVAE"},
    {"deepstruc-2023", DEEPSTRUC_FIELD_TEXT, AT(network), 0, 0, true, "MODEL",
     "name or file of a trained deepstruc-2023"},
    {"stacking-model", DEEPSTRUC_FIELD_TEXT, AT(stackings), 0, 0, true, "MODEL",
     "name or file of the model of stackings"},
    {"data", DEEPSTRUC_FIELD_TEXT, AT(data), 0, 0, true, "DIR", "folder of the published measurements"},
    {"limit", DEEPSTRUC_FIELD_LONG, AT(limit), 0, 1e6, false, "N", "cases per protocol (0: all)"},
    {"quick", DEEPSTRUC_FIELD_FLAG, AT(quick), 0, 0, false, NULL, "a few cases of everything, to see that it works"},
    {0}};
#undef AT

const reproduce_part reproduce_parts[] = {
    {"types", "type histogram of the published set", reproduce_types, draw_types},
    {"pdfs", "Fig. 1b: the seven types and their PDFs", reproduce_pdfs, draw_pdfs},
    {"fit", "Fig. 1c: a PDF and that of its decoded structure", reproduce_fit, draw_fit},
    {"map", "Fig. 2: the latent map", reproduce_map, draw_map},
    {"paper", "Fig. 3: reconstruction of the published test split", reproduce_paper, draw_paper},
    {"shapes", "held-out shapes", reproduce_shapes, NULL},
    {"large", "Fig. 4: sizes beyond the training set", reproduce_large, draw_large},
    {"stacking", "stackings in unknown sequences", reproduce_stacking, NULL},
    {"stacking-random", "stackings, random split", reproduce_stacking_random, NULL},
    {"stacking-map", "latent map of the stackings", reproduce_stacking_map, draw_stacking_map},
    {"lattice", "Fig. S8: robustness over lattice change", reproduce_lattice, draw_lattice},
    {"experiments", "Fig. 5: the published measurements", reproduce_experiments, draw_experiments},
    {0}};

#define MAX_MODEL ((size_t)1 << 30)

/* ---- what was computed before --------------------------------------------------------------------------------------
 */

/* A model is known by its bytes: one that was copied or checked out again is the same. A file that cannot be read fails
 * later, where it is used. */
static void add_file(char *out, size_t size, const char *what, const char *path)
{
    char *bytes = NULL;
    size_t n = 0;
    if (!path || file_read(&bytes, &n, path, MAX_MODEL, NULL) != DEEPSTRUC_OK)
        text_append(out, size, "; no %s", what);
    else
        text_append(out, size, "; %s %016llx", what, (unsigned long long)hash_bytes(bytes, n));
    free(bytes);
}

/* Everything that a part's numbers depend on. */
static void fingerprint(char *out, size_t size, const deepstruc_reproduce_settings *s)
{
    text_copy(out, size, deepstruc_version());
    text_append(out, size, "; seed %ld; limit %ld%s", s->seed, s->limit, s->quick ? "; quick" : "");
    add_file(out, size, "model", s->model);
    add_file(out, size, "tree", s->tree);
    add_file(out, size, "plain-cvae", s->plain);
    add_file(out, size, "deepstruc-2023", s->network);
    add_file(out, size, "stacking-model", s->stackings);
    text_append(out, size, "; data %s", s->data ? s->data : "missing");
}

static json_t *stored(const char *path, const char *made_with)
{
    json_t *part = json_load_file(path, 0, NULL);
    const char *was = json_string_value(json_object_get(part, "made_with"));
    if (was && strcmp(was, made_with) == 0)
        return part;
    json_decref(part);
    return NULL;
}

static deepstruc_status store(json_t *part, const char *path, const char *made_with, deepstruc_diag *diag)
{
    json_object_set_new(part, "made_with", json_string(made_with));
    char *text = json_dumps(part, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(7));
    deepstruc_status status = text ? file_write(path, text, strlen(text), true, diag) : diag_no_memory(diag);
    free(text);
    return status;
}

/* ---- the folder ----------------------------------------------------------------------------------------------------
 */

static deepstruc_status make_folder(const char *path, deepstruc_diag *diag)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be made: %s", strerror(errno));
    return DEEPSTRUC_OK;
}

/* A new folder, or one that an earlier call has made: it holds data/. */
static deepstruc_status open_folder(const char *dir, deepstruc_diag *diag)
{
    char data[4200];
    snprintf(data, sizeof data, "%s/data", dir);
    if (access(dir, F_OK) == 0 && access(data, F_OK) != 0)
        return diag_fail_at(diag, DEEPSTRUC_EXISTS, dir, 0,
                            "exists already and is no reproduction to complete; choose another folder");
    deepstruc_status status = make_folder(dir, diag);
    return status == DEEPSTRUC_OK ? make_folder(data, diag) : status;
}

static deepstruc_status run_part(json_t *all, const reproduce_part *part, const reproduction *r, const char *made_with,
                                 bool force, deepstruc_diag *diag)
{
    char path[4200];
    deepstruc_status status = DEEPSTRUC_OK;
    snprintf(path, sizeof path, "%s/data/%s.json", r->dir, part->name);
    json_t *data = force ? NULL : stored(path, made_with);
    if (!data) {
        status = part->compute(&data, r, diag);
        if (status == DEEPSTRUC_OK)
            status = store(data, path, made_with, diag);
    }
    if (status == DEEPSTRUC_OK && part->draw && !json_object_get(data, "missing"))
        status = part->draw(data, r, diag);
    if (status == DEEPSTRUC_OK)
        json_object_set_new(all, part->name, data);
    else
        json_decref(data);
    return status;
}

deepstruc_status deepstruc_reproduce(const char *dir, const deepstruc_reproduce_settings *settings, bool force,
                                     const deepstruc_progress *progress, deepstruc_diag *diag)
{
    char made_with[1024];
    reproduction r = {.dir = dir, .settings = settings, .evaluate = deepstruc_evaluate_settings_default()};
    deepstruc_status status = deepstruc_fields_check(deepstruc_reproduce_settings_fields, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = open_folder(dir, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    r.evaluate.model = settings->model;
    r.evaluate.tree = settings->tree;
    r.evaluate.plain = settings->plain;
    r.evaluate.network = settings->network;
    r.evaluate.stackings = settings->stackings;
    r.evaluate.data = settings->data;
    r.evaluate.seed = settings->seed;
    r.evaluate.limit = settings->quick ? 2 : settings->limit;
    r.progress = progress;
    fingerprint(made_with, sizeof made_with, settings);
    json_t *all = json_object();
    for (const reproduce_part *part = reproduce_parts; part->name && status == DEEPSTRUC_OK; part++) {
        if (progress && progress->report)
            progress->report(progress->user, part->what, 0);
        status = run_part(all, part, &r, made_with, force, diag);
        if (status == DEEPSTRUC_OK && progress && progress->cancelled && progress->cancelled(progress->user))
            status = diag_fail(diag, DEEPSTRUC_CANCELLED, "stopped; the same command goes on");
    }
    if (status == DEEPSTRUC_OK)
        status = reproduce_table(all, &r, diag);
    json_decref(all);
    return status;
}
