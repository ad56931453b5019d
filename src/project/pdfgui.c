#include "project/pdfgui.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

enum { DEEPEST = 5 }; /* PROJECT/FIT/dataset/NAME/obs */

/* "La%2BMn+1" is "La+Mn 1": names are quoted as in an address. */
static void unquote(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++) {
        char digits[3] = {text[0] == '%' ? text[1] : '\0'};
        digits[1] = digits[0] ? text[2] : '\0';
        bool quoted = isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1]);
        char c = quoted ? (char)strtol(digits, NULL, 16) : *text == '+' ? ' ' : *text;
        if (c)
            out[n++] = c;
        text += quoted ? 2 : 0;
    }
    out[n] = '\0';
}

/* NULL: out of memory. */
static pdfgui_fit *fit_of(pdfgui_project *project, const char *folder)
{
    for (size_t i = 0; i < project->n_fits; i++)
        if (strcmp(project->fit[i].folder, folder) == 0)
            return &project->fit[i];
    if (!MEMORY_GROW(&project->fit, &project->capacity, project->n_fits + 1))
        return NULL;
    pdfgui_fit *fit = &project->fit[project->n_fits++];
    *fit = (pdfgui_fit){0};
    text_copy(fit->folder, sizeof fit->folder, folder);
    unquote(fit->name, sizeof fit->name, folder);
    return fit;
}

static pdfgui_part *part_of(pdfgui_fit *fit, pdfgui_kind kind, const char *folder)
{
    for (size_t i = 0; i < fit->n_parts; i++)
        if (fit->part[i].kind == kind && strcmp(fit->part[i].folder, folder) == 0)
            return &fit->part[i];
    if (!MEMORY_GROW(&fit->part, &fit->capacity, fit->n_parts + 1))
        return NULL;
    pdfgui_part *part = &fit->part[fit->n_parts++];
    *part = (pdfgui_part){.kind = kind};
    text_copy(part->folder, sizeof part->folder, folder);
    unquote(part->name, sizeof part->name, folder);
    return part;
}

/* Where a member of that name belongs in a part; NULL: nowhere. */
static const archive_member **place_of(pdfgui_part *part, const char *name)
{
    const struct {
        const char *name;
        const archive_member **place;
    } known[] = {{"initial", &part->initial},     {"refined", &part->refined},   {"obs", &part->observed},
                 {"calc", &part->calculated},     {"config", &part->calculated}, {"constraints", &part->constraints},
                 {"selected_pairs", &part->pairs}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].place;
    return NULL;
}

static bool sort_member(pdfgui_project *project, const archive_member *member)
{
    static const char *const kinds[PDFGUI_N_PARTS] = {"structure", "dataset", "calculation"};
    char copy[512], *piece[DEEPEST + 1] = {NULL};
    int n = 0;
    text_copy(copy, sizeof copy, member->name);
    for (char *rest = copy, *next; n <= DEEPEST && (next = strsep(&rest, "/"));)
        piece[n++] = next;
    if (n == 3) {
        bool parameters = strcmp(piece[2], "parameters") == 0, result = strcmp(piece[2], "result") == 0;
        pdfgui_fit *fit = parameters || result ? fit_of(project, piece[1]) : NULL;
        if (fit)
            *(parameters ? &fit->parameters : &fit->result) = member;
        return fit || !(parameters || result);
    }
    for (int kind = 0; n == DEEPEST && kind < PDFGUI_N_PARTS; kind++) {
        if (strcmp(piece[2], kinds[kind]) != 0)
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
    for (size_t i = 0; i < project->n_fits; i++)
        free(project->fit[i].part);
    free(project->fit);
    *project = (pdfgui_project){0};
}
