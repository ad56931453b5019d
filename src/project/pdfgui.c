#include "project/pdfgui.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

enum { DEEPEST = 5 }; /* PROJECT/FIT/dataset/NAME/obs */

/* The pieces of a name between its slashes; DEEPEST + 1 when there are more of them. */
static int split(pdfgui_folder piece[DEEPEST], const char *name)
{
    for (int n = 0; n < DEEPEST; n++) {
        piece[n] = (pdfgui_folder){name, strcspn(name, "/")};
        name += piece[n].length;
        if (!*name)
            return n + 1;
        name++;
    }
    return DEEPEST + 1;
}

static bool same(pdfgui_folder a, pdfgui_folder b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool is(pdfgui_folder piece, const char *text)
{
    return same(piece, (pdfgui_folder){text, strlen(text)});
}

/* "La%2BMn+1" is "La+Mn 1": names are quoted as in an address. NULL: out of memory. */
static char *unquoted(pdfgui_folder folder)
{
    char *name = strndup(folder.text, folder.length);
    size_t n = 0;
    for (const char *at = name; name && *at; at++) {
        char digits[3] = {at[0] == '%' ? at[1] : '\0'};
        digits[1] = digits[0] ? at[2] : '\0';
        bool quoted = isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]);
        char c = quoted ? (char)strtol(digits, NULL, 16) : *at == '+' ? ' ' : *at;
        if (c)
            name[n++] = c;
        at += quoted ? 2 : 0;
    }
    if (name)
        name[n] = '\0';
    return name;
}

/* NULL: out of memory. */
static pdfgui_fit *fit_of(pdfgui_project *project, pdfgui_folder folder)
{
    for (size_t i = 0; i < project->n_fits; i++)
        if (same(project->fit[i].folder, folder))
            return &project->fit[i];
    if (!MEMORY_GROW(&project->fit, &project->capacity, project->n_fits + 1))
        return NULL;
    pdfgui_fit *fit = &project->fit[project->n_fits];
    *fit = (pdfgui_fit){.folder = folder, .name = unquoted(folder)};
    project->n_fits += fit->name != NULL;
    return fit->name ? fit : NULL;
}

static pdfgui_part *part_of(pdfgui_fit *fit, pdfgui_kind kind, pdfgui_folder folder)
{
    for (size_t i = 0; i < fit->n_parts; i++)
        if (fit->part[i].kind == kind && same(fit->part[i].folder, folder))
            return &fit->part[i];
    if (!MEMORY_GROW(&fit->part, &fit->capacity, fit->n_parts + 1))
        return NULL;
    pdfgui_part *part = &fit->part[fit->n_parts];
    *part = (pdfgui_part){.kind = kind, .folder = folder, .name = unquoted(folder)};
    fit->n_parts += part->name != NULL;
    return part->name ? part : NULL;
}

/* Where a member of that name belongs in a part; NULL: nowhere. */
static const archive_member **place_of(pdfgui_part *part, pdfgui_folder name)
{
    const struct {
        const char *name;
        const archive_member **place;
    } known[] = {{"initial", &part->initial},     {"refined", &part->refined},   {"obs", &part->observed},
                 {"calc", &part->calculated},     {"config", &part->calculated}, {"constraints", &part->constraints},
                 {"selected_pairs", &part->pairs}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is(name, known[i].name))
            return known[i].place;
    return NULL;
}

static bool sort_member(pdfgui_project *project, const archive_member *member)
{
    static const char *const kinds[PDFGUI_N_PARTS] = {"structure", "dataset", "calculation"};
    pdfgui_folder piece[DEEPEST];
    int n = split(piece, member->name);
    if (n == 3) {
        bool parameters = is(piece[2], "parameters"), result = is(piece[2], "result");
        pdfgui_fit *fit = parameters || result ? fit_of(project, piece[1]) : NULL;
        if (fit)
            *(parameters ? &fit->parameters : &fit->result) = member;
        return fit || !(parameters || result);
    }
    for (int kind = 0; n == DEEPEST && kind < PDFGUI_N_PARTS; kind++) {
        if (!is(piece[2], kinds[kind]))
            continue;
        pdfgui_fit *fit = fit_of(project, piece[1]);
        pdfgui_part *part = fit ? part_of(fit, (pdfgui_kind)kind, piece[3]) : NULL;
        if (!part)
            return false;
        const archive_member **place = place_of(part, piece[4]);
        if (place)
            *place = member;
    }
    return true;
}

deepstruc_status pdfgui_sort(pdfgui_project *out, const archive_members *members, const char *path,
                             deepstruc_diag *diag)
{
    pdfgui_project project = {0};
    bool useful = false;
    for (size_t i = 0; i < members->n; i++)
        if (!sort_member(&project, &members->member[i])) {
            pdfgui_clear(&project);
            return diag_no_memory(diag);
        }
    for (size_t i = 0; i < project.n_fits; i++)
        for (size_t k = 0; k < project.fit[i].n_parts; k++)
            useful |= project.fit[i].part[k].initial || project.fit[i].part[k].observed;
    if (!useful) {
        pdfgui_clear(&project);
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "is an archive without structures or data of PDFgui; is it a project of PDFgui's?");
    }
    *out = project;
    return DEEPSTRUC_OK;
}

void pdfgui_clear(pdfgui_project *project)
{
    for (size_t i = 0; i < project->n_fits; i++) {
        pdfgui_fit *fit = &project->fit[i];
        for (size_t k = 0; k < fit->n_parts; k++)
            free(fit->part[k].name);
        free(fit->part);
        free(fit->name);
    }
    free(project->fit);
    *project = (pdfgui_project){0};
}
