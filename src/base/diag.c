#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const status_texts[] = {
#define X(name, text) text,
    DEEPSTRUC_STATUS_LIST(X)
#undef X
};

const char *deepstruc_status_text(deepstruc_status status)
{
    size_t n = sizeof status_texts / sizeof *status_texts;
    return (size_t)status < n ? status_texts[status] : "unknown status";
}

static deepstruc_status fill(deepstruc_diag *diag, deepstruc_status status, const char *file, long line,
                             const char *format, va_list args)
{
    if (!diag)
        return status;
    *diag = (deepstruc_diag){.status = status, .line = line};
    text_copy(diag->file, sizeof diag->file, file ? file : "");
    vsnprintf(diag->message, sizeof diag->message, format, args);
    text_make_line(diag->message);
    return status;
}

deepstruc_status diag_fail(deepstruc_diag *diag, deepstruc_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(diag, status, NULL, 0, format, args);
    va_end(args);
    return status;
}

deepstruc_status diag_fail_at(deepstruc_diag *diag, deepstruc_status status, const char *file, long line,
                              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(diag, status, file, line, format, args);
    va_end(args);
    return status;
}

deepstruc_status diag_no_memory(deepstruc_diag *diag)
{
    return diag_fail(diag, DEEPSTRUC_NO_MEMORY, "out of memory; close other programs or use a smaller problem");
}

void deepstruc_diag_text(const deepstruc_diag *diag, char *out, size_t size)
{
    const char *message = diag->message[0] ? diag->message : deepstruc_status_text(diag->status);
    if (diag->file[0] && diag->line > 0)
        snprintf(out, size, "%s:%ld: %s", diag->file, diag->line, message);
    else if (diag->file[0])
        snprintf(out, size, "%s: %s", diag->file, message);
    else
        snprintf(out, size, "%s", message);
}

static deepstruc_status notes_push(deepstruc_notes *notes, const char *text)
{
    char *copy = strdup(text);
    char **grown = copy ? realloc(notes->text, (notes->n + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(copy);
        return DEEPSTRUC_NO_MEMORY;
    }
    text_make_line(copy);
    notes->text = grown;
    notes->text[notes->n++] = copy;
    return DEEPSTRUC_OK;
}

deepstruc_status notes_add(deepstruc_notes *notes, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return notes_push(notes, text);
}

deepstruc_status notes_append(deepstruc_notes *to, const deepstruc_notes *from)
{
    for (size_t i = 0; i < from->n; i++) {
        deepstruc_status status = notes_push(to, from->text[i]);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

void notes_clear(deepstruc_notes *notes)
{
    for (size_t i = 0; i < notes->n; i++)
        free(notes->text[i]);
    free(notes->text);
    *notes = (deepstruc_notes){0};
}
