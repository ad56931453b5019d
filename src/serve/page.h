/* The page, as built from web/ into the program; no files in a build without Node. */
#ifndef SERVE_PAGE_H
#define SERVE_PAGE_H

#include <stddef.h>

typedef struct {
    const char *name, *type; /* "index.html"; "text/html; charset=utf-8" */
    const unsigned char *bytes;
    size_t size; /* gzipped */
} page_file;

extern const page_file page_files[]; /* ends with a NULL name */

#endif
