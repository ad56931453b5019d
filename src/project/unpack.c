/* A project of PDFgui's as a folder of files. Docs: docs/formats.md. */
#include <deepstruc/project.h>

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <deepstruc/pdf.h>
#include <deepstruc/refine.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "project/pdfgui.h"
#include "project/settings.h"

enum { MAX_PATH = 4096 + 512, LONGEST_STEM = 80, NAME_SIZE = LONGEST_STEM + 24 };

typedef struct {
    const pdfgui_project *project;
    const char *root;       /* the folder that is filled */
    char folder[NAME_SIZE]; /* of the current fit, below root */
    const pdfgui_fit *fit;
    json_t *taken; /* {kind: names of its files in that folder} */
    deepstruc_notes *notes;
    deepstruc_diag *diag;
} unpacking;

/* ---- names ---- */

/* A name that any file system takes, whatever the project's author called it. None ends as the refined structures'
 * files do, "a.refined", so that it is not taken for the other state of "a". */
static void plain_name(char out[LONGEST_STEM], const char *name)
{
    static const char refined[] = ".refined";
    text_copy(out, LONGEST_STEM, name);
    for (char *c = out; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            *c = '-';
    if (out[0] == '.')
        out[0] = '-';
    if (!out[0])
        text_copy(out, LONGEST_STEM, "unnamed");
    size_t length = strlen(out);
    if (length >= sizeof refined && text_equal_nocase(out + length - (sizeof refined - 1), refined))
        out[length - (sizeof refined - 1)] = '-';
}

/* A plain name that is not in `taken`, {name in lower case: number of the last one made from it}, since upper case
 * counts as lower case in many file systems; names that are told apart by a number. False: out of memory. */
static bool new_name(json_t *taken, char out[NAME_SIZE], const char *name)
{
    char key[NAME_SIZE], numbered[NAME_SIZE];
    plain_name(out, name);
    text_copy(key, sizeof key, out);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    json_int_t n = json_integer_value(json_object_get(taken, key)); /* 0: nobody has it */
    if (n > 0) {
        do
            snprintf(numbered, sizeof numbered, "%.*s-%lld", LONGEST_STEM, key, (long long)++n);
        while (json_object_get(taken, numbered));
        text_append(out, NAME_SIZE, "-%lld", (long long)n);
        if (json_object_set_new(taken, numbered, json_integer(1)) != 0)
            return false;
    }
    return json_object_set_new(taken, key, json_integer(n > 0 ? n : 1)) == 0;
}

/* ROOT/FIT/NAME.ENDING; what project.json calls it, FIT/NAME.ENDING, stands behind the root. */
static const char *file_path(const unpacking *u, char out[MAX_PATH], const char *name, const char *ending)
{
    snprintf(out, MAX_PATH, "%s/%s/%s%s", u->root, u->folder, name, ending);
    return out + strlen(u->root) + 1;
}

static json_t *text_or_null(const char *text)
{
    json_t *string = json_string(text);
    return string ? string : json_null(); /* not UTF-8 */
}

/* ---- parts ---- */

static deepstruc_status write_member(const unpacking *u, const archive_member *member, const char *name,
                                     const char *ending, json_t *into, const char *key)
{
    char path[MAX_PATH];
    const char *shown = file_path(u, path, name, ending);
    json_object_set_new(into, key, text_or_null(shown));
    return file_write(path, member->bytes, member->size, false, u->diag);
}

/* As .xyz, too, where this program can treat it. */
static deepstruc_status write_xyz(const unpacking *u, const pdfgui_part *part, const char *name, json_t *into)
{
    char path[MAX_PATH];
    const char *shown = file_path(u, path, name, ".xyz");
    const archive_member *member = part->refined ? part->refined : part->initial;
    deepstruc_cluster *cluster;
    deepstruc_diag why;
    deepstruc_status status = deepstruc_cluster_parse_stru(&cluster, member->bytes, member->size, "", &why);
    if (status == DEEPSTRUC_NO_MEMORY)
        return diag_no_memory(u->diag);
    if (status != DEEPSTRUC_OK)
        return notes_add(u->notes, "%s: only as .stru: %s", shown, why.message);
    status = deepstruc_cluster_write_xyz(cluster, path, NULL, false, u->diag);
    deepstruc_cluster_destroy(cluster);
    json_object_set_new(into, "xyz", text_or_null(shown));
    return status;
}

static deepstruc_status unpack_phase(const unpacking *u, const pdfgui_part *part, const char *name, json_t *into)
{
    deepstruc_status status = DEEPSTRUC_OK;
    if (part->initial)
        status = write_member(u, part->initial, name, ".stru", into, "file");
    if (status == DEEPSTRUC_OK && part->refined)
        status = write_member(u, part->refined, name, ".refined.stru", into, "refined");
    if (status == DEEPSTRUC_OK && (part->refined || part->initial))
        status = write_xyz(u, part, name, into);
    if (part->pairs)
        json_object_set_new(into, "pairs", text_or_null(part->pairs->bytes));
    return status;
}

/* The settings of `solve` and `refine` that the data set has, as a settings file. */
static deepstruc_status write_settings(const unpacking *u, const json_t *settings, const char *name, json_t *into)
{
    char path[MAX_PATH];
    const char *shown = file_path(u, path, name, ".json");
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, false, u->diag);
    if (status != DEEPSTRUC_OK)
        return status;
    json_dumpf(settings, writer.stream, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    fputc('\n', writer.stream);
    json_object_set_new(into, "settings", text_or_null(shown));
    return file_writer_commit(&writer, u->diag);
}

static deepstruc_status unpack_data(const unpacking *u, const pdfgui_part *part, const char *name, json_t *into)
{
    char path[MAX_PATH];
    const char *shown = file_path(u, path, name, ".gr");
    deepstruc_pdf *pdf;
    deepstruc_diag why;
    if (!part->observed)
        return DEEPSTRUC_OK;
    deepstruc_status status = deepstruc_pdf_parse(&pdf, part->observed->bytes, part->observed->size, "", &why);
    if (status == DEEPSTRUC_NO_MEMORY)
        return diag_no_memory(u->diag);
    if (status != DEEPSTRUC_OK)
        return notes_add(u->notes, "%s: left out: %s", shown, why.message);
    if (!(pdf->qdamp > PROJECT_QDAMP_UNSET))
        pdf->qdamp = NAN;
    json_object_set_new(into, "file", text_or_null(shown));
    if (pdf->radiation)
        json_object_set_new(into, "radiation", json_string(pdf->radiation == 'n' ? "neutrons" : "X-rays"));
    json_t *settings = project_settings_of(into, pdf);
    status = settings ? deepstruc_pdf_write(pdf, path, false, u->diag) : diag_no_memory(u->diag);
    if (status == DEEPSTRUC_OK)
        status = write_settings(u, settings, name, into);
    json_decref(settings);
    deepstruc_pdf_destroy(pdf);
    return status;
}

/* What a pickle says, into `into`; one that cannot be read is a note. */
static deepstruc_status add_pickle(const unpacking *u, const archive_member *member, const char *name,
                                   void (*add)(json_t *into, const pickle *p), json_t *into)
{
    pickle *p;
    deepstruc_diag why;
    if (!member)
        return DEEPSTRUC_OK;
    deepstruc_status status = pickle_read(&p, member->bytes, member->size, "", &why);
    if (status == DEEPSTRUC_NO_MEMORY)
        return diag_no_memory(u->diag);
    if (status != DEEPSTRUC_OK)
        return notes_add(u->notes, "%s/%s: %s is left out: it %s", u->folder, name,
                         strrchr(member->name, '/') ? strrchr(member->name, '/') + 1 : member->name, why.message);
    add(into, p);
    pickle_destroy(p);
    return DEEPSTRUC_OK;
}

static deepstruc_status unpack_part(const unpacking *u, const pdfgui_part *part, json_t *fit)
{
    static const char *const lists[PDFGUI_N_PARTS] = {"phases", "datasets", "calculations"};
    char name[NAME_SIZE];
    if (!new_name(json_object_get(u->taken, lists[part->kind]), name, part->name))
        return diag_no_memory(u->diag);
    json_t *into = json_object();
    json_object_set_new(into, "name", text_or_null(part->name));
    json_array_append_new(json_object_get(fit, lists[part->kind]), into);
    deepstruc_status status = add_pickle(u, part->calculated, name, project_add_curve, into);
    if (status == DEEPSTRUC_OK)
        status = add_pickle(u, part->constraints, name, project_add_constraints, into);
    if (status == DEEPSTRUC_OK && part->kind == PDFGUI_PHASE)
        status = unpack_phase(u, part, name, into);
    else if (status == DEEPSTRUC_OK && part->kind == PDFGUI_DATA)
        status = unpack_data(u, part, name, into);
    return status;
}

/* ---- the whole ---- */

static deepstruc_status unpack_fit(unpacking *u, json_t *fits)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/%s", u->root, u->folder);
    if (mkdir(path, 0777) != 0)
        return diag_fail_at(u->diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be made: %s", strerror(errno));
    json_t *fit = json_pack("{s:o, s:s, s:[], s:[], s:[]}", "name", text_or_null(u->fit->name), "folder", u->folder,
                            "phases", "datasets", "calculations");
    if (!fit)
        return diag_no_memory(u->diag);
    json_array_append_new(fits, fit);
    deepstruc_status status = add_pickle(u, u->fit->result, u->fit->name, project_add_result, fit);
    if (status == DEEPSTRUC_OK)
        status = add_pickle(u, u->fit->parameters, u->fit->name, project_add_parameters, fit);
    for (size_t i = 0; i < u->fit->n_parts && status == DEEPSTRUC_OK; i++)
        status = unpack_part(u, &u->fit->part[i], fit);
    return status;
}

static deepstruc_status write_index(const char *root, const json_t *index, deepstruc_diag *diag)
{
    char path[MAX_PATH];
    file_writer writer;
    snprintf(path, sizeof path, "%s/project.json", root);
    deepstruc_status status = file_writer_open(&writer, path, false, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    json_dumpf(index, writer.stream, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    fputc('\n', writer.stream);
    return file_writer_commit(&writer, diag);
}

static deepstruc_status unpack_all(const pdfgui_project *project, const char *path, const char *root,
                                   deepstruc_notes *notes, deepstruc_diag *diag)
{
    json_t *index = json_pack("{s:s, s:s, s:o, s:[]}", "program", "PDFgui", "version", deepstruc_version(), "file",
                              text_or_null(text_basename(path)), "fits");
    json_t *folders = json_pack("{s:i}", "project.json", 1); /* that is the index */
    deepstruc_status status = index ? DEEPSTRUC_OK : diag_no_memory(diag);
    unpacking u = {.project = project, .root = root, .notes = notes, .diag = diag};
    for (size_t i = 0; i < project->n_fits && status == DEEPSTRUC_OK; i++) {
        u.fit = &project->fit[i];
        u.taken = json_pack("{s:{}, s:{}, s:{}}", "phases", "datasets", "calculations");
        if (u.taken && new_name(folders, u.folder, u.fit->name))
            status = unpack_fit(&u, json_object_get(index, "fits"));
        else
            status = diag_no_memory(diag);
        json_decref(u.taken);
    }
    if (status == DEEPSTRUC_OK)
        status = write_index(root, index, diag);
    json_decref(folders);
    json_decref(index);
    return status;
}

deepstruc_status deepstruc_project_unpack(const char *path, const char *folder, deepstruc_notes *notes,
                                          deepstruc_diag *diag)
{
    archive_members members = {0};
    pdfgui_project project = {0};
    file_folder out = {0};
    deepstruc_status status = archive_read_members(&members, path, diag);
    if (status == DEEPSTRUC_OK)
        status = pdfgui_sort(&project, &members, path, diag);
    if (status == DEEPSTRUC_OK)
        status = file_folder_open(&out, folder, false, diag);
    if (status == DEEPSTRUC_OK)
        status = unpack_all(&project, path, out.temporary, notes, diag);
    if (status == DEEPSTRUC_NO_MEMORY)
        diag_no_memory(diag); /* a note was in the way */
    if (status == DEEPSTRUC_OK)
        status = file_folder_commit(&out, diag);
    else
        file_folder_abandon(&out);
    pdfgui_clear(&project);
    archive_clear(&members);
    return status;
}
