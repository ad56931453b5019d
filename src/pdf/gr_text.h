/* A .gr file as lines: what each of them is. */
#ifndef PDF_GR_TEXT_H
#define PDF_GR_TEXT_H

#include <deepstruc/pdf.h>

enum {
    GR_MAX_COLUMNS = 16,    /* numbers of a row that are looked at; rows may be longer */
    GR_MAX_FILE = 64 << 20, /* bytes: a million points of five long columns */
    GR_MAX_LINES = 1 << 21, /* the points and a long header */
};

typedef enum {
    GR_BLANK,
    GR_COMMENT, /* '#', '%', '!' or ';' comes first */
    GR_TEXT,
    GR_ROW /* numbers and nothing else */
} gr_kind;

typedef struct {
    const char *text; /* terminated */
    gr_kind kind;
    int n_columns; /* of a row */
    double first;  /* number of a row */
} gr_line;

typedef struct {
    gr_line *line;
    size_t n, capacity;
    const char *name; /* of the file, in diagnostics */
} gr_text;

/* Cuts `bytes` (terminated, changed in place, to live as long as `out`) into lines: LF, CRLF or CR end one.
 * BAD_INPUT for an empty or binary file, TOO_LARGE above GR_MAX_LINES. */
deepstruc_status gr_text_split(gr_text *out, char *bytes, size_t size, const char *name, deepstruc_diag *diag);
void gr_text_clear(gr_text *text);

/* The numbers of a line into `out` and how many there are (only the first GR_MAX_COLUMNS are stored); 0 unless the line
 * is numbers and nothing else. Blanks, tabs, commas, semicolons and quotes separate; "0,5 1,5" has decimal commas. */
int gr_numbers(const char *line, double out[GR_MAX_COLUMNS]);
/* The first word of a line into `out`, cut to its size. */
void gr_first_word(const char *line, char *out, size_t size);

#endif
