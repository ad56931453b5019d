#include "serve/form.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/limits.h"
#include "serve/settings.h"

static bool wrong(form *f, deepstruc_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    f->status = status;
    vsnprintf(f->message, sizeof f->message, format, args);
    va_end(args);
    return false;
}

/* The last part of a path of any system; characters that are none, or that are not UTF-8, become "_". */
static char *clean_name(const char *given)
{
    const char *name = given;
    for (const char *c = given; *c; c++)
        if (*c == '/' || *c == '\\')
            name = c + 1;
    char *clean = malloc(LIMIT_NAME + 1);
    if (!clean)
        return NULL;
    snprintf(clean, LIMIT_NAME + 1, "%s", *name ? name : "unnamed.gr");
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f || *c == '"')
            *c = '_';
    json_t *text = json_string(clean);
    for (char *c = clean; !text && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '_';
    json_decref(text);
    return clean;
}

static bool begin_file(form *f, const char *name)
{
    if (f->n_files == LIMIT_FILES)
        return wrong(f, DEEPSTRUC_TOO_LARGE, "more than %d files at once", LIMIT_FILES);
    form_file *grown = realloc(f->file, (f->n_files + 1) * sizeof *grown);
    if (!grown)
        return wrong(f, DEEPSTRUC_NO_MEMORY, "out of memory");
    f->file = grown;
    f->file[f->n_files] = (form_file){.name = clean_name(name)};
    if (!f->file[f->n_files].name)
        return wrong(f, DEEPSTRUC_NO_MEMORY, "out of memory");
    f->n_files++;
    return true;
}

static bool add_to_file(form *f, const char *bytes, size_t size)
{
    form_file *file = &f->file[f->n_files - 1];
    if (size > LIMIT_FILE_BYTES - file->size)
        return wrong(f, DEEPSTRUC_TOO_LARGE, "%s is larger than %d MiB", file->name, LIMIT_FILE_BYTES >> 20);
    if (file->size + size + 1 > file->capacity) {
        size_t capacity = 2 * (file->size + size) + 1;
        char *grown = realloc(file->text, capacity);
        if (!grown)
            return wrong(f, DEEPSTRUC_NO_MEMORY, "out of memory");
        file->text = grown;
        file->capacity = capacity;
    }
    if (size > 0)
        memcpy(file->text + file->size, bytes, size);
    file->size += size;
    file->text[file->size] = '\0';
    return true;
}

/* A field arrives whole or in pieces; an empty one counts as not given. */
static bool add_to_field(form *f, const char *key, const char *bytes, size_t offset, size_t size)
{
    char joined[LIMIT_FIELD_BYTES + 1];
    if (!f->fields && !(f->fields = json_object()))
        return wrong(f, DEEPSTRUC_NO_MEMORY, "out of memory");
    if (!settings_known(key))
        return wrong(f, DEEPSTRUC_BAD_ARGUMENT, "there is no setting '%.40s'", key);
    const char *before = offset > 0 ? json_string_value(json_object_get(f->fields, key)) : NULL;
    if (offset + size > LIMIT_FIELD_BYTES || ++f->n_fields > LIMIT_FIELDS)
        return wrong(f, DEEPSTRUC_TOO_LARGE, "too many or too long fields");
    int n = snprintf(joined, sizeof joined, "%s%.*s", before ? before : "", (int)size, bytes ? bytes : "");
    if (n == 0)
        return true;
    json_t *text = json_stringn(joined, (size_t)n);
    if (!text)
        return wrong(f, DEEPSTRUC_BAD_INPUT, "the field '%s' is not UTF-8", key);
    return json_object_set_new(f->fields, key, text) == 0 || wrong(f, DEEPSTRUC_NO_MEMORY, "out of memory");
}

bool form_add(form *f, const char *key, const char *file_name, const char *bytes, size_t offset, size_t size)
{
    if (f->status != DEEPSTRUC_OK)
        return false;
    if (!file_name)
        return add_to_field(f, key ? key : "", bytes, offset, size);
    if (offset == 0 && !begin_file(f, file_name))
        return false;
    return add_to_file(f, bytes, size);
}

void form_clear(form *f)
{
    for (size_t i = 0; i < f->n_files; i++) {
        free(f->file[i].name);
        free(f->file[i].text);
    }
    free(f->file);
    json_decref(f->fields);
    *f = (form){0};
}
