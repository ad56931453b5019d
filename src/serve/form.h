/* What a form brought: files, and fields as a JSON object of texts. */
#ifndef SERVE_FORM_H
#define SERVE_FORM_H

#include <jansson.h>

#include <deepstruc/deepstruc.h>

typedef struct {
    char *name; /* without folders and control characters */
    char *text;
    size_t size, capacity;
} form_file;

typedef struct {
    size_t n_files, n_fields;
    form_file *file;
    json_t *fields;
    deepstruc_status status; /* not OK: what was wrong */
    char message[200];
} form;

/* Adds a piece of a part: one that has a file name at `offset` 0 begins a file. False once something is wrong. */
bool form_add(form *f, const char *key, const char *file_name, const char *bytes, size_t offset, size_t size);
void form_clear(form *f);

#endif
