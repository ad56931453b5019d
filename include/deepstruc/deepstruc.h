/* deepstruc: the atomic structure of metallic nanoparticles from pair distribution functions.
 *
 * What every other public header builds on: status codes, diagnostics, tables of settings, progress.
 *
 * Units throughout the library unless a name says otherwise: r in Å, Q in 1/Å, G(r) in 1/Å², Biso in Å².
 *
 * Conventions of every fallible function:
 *  - it returns a deepstruc_status and, when that is not DEEPSTRUC_OK, fills the caller's deepstruc_diag (NULL: not
 * wanted);
 *  - its outputs are untouched unless it returns DEEPSTRUC_OK;
 *  - `create(T **out, ...)` allocates, `destroy(T *)` frees and accepts NULL.
 * The library never prints, exits, aborts or reads the environment.
 */
#ifndef DEEPSTRUC_H
#define DEEPSTRUC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- status and diagnostics ---------------------------------------------------------------------------------- */

#define DEEPSTRUC_STATUS_LIST(X)                                                                                       \
    X(OK, "no error")                                                                                                  \
    X(BAD_ARGUMENT, "an argument is outside its range")                                                                \
    X(BAD_INPUT, "the content of an input file cannot be used")                                                        \
    X(CANNOT_READ, "a file cannot be read")                                                                            \
    X(CANNOT_WRITE, "a file cannot be written")                                                                        \
    X(EXISTS, "the output exists already")                                                                             \
    X(TOO_LARGE, "a size exceeds its cap")                                                                             \
    X(NO_MEMORY, "out of memory")                                                                                      \
    X(NUMERIC, "a computation left the finite numbers")                                                                \
    X(UNAVAILABLE, "a feature is missing in this build or installation")                                               \
    X(CANCELLED, "cancelled")                                                                                          \
    X(RANK_LOST, "a process of the job does not answer")

typedef enum {
#define X(name, text) DEEPSTRUC_##name,
    DEEPSTRUC_STATUS_LIST(X)
#undef X
} deepstruc_status;

/* The fixed English text of a status. */
const char *deepstruc_status_text(deepstruc_status status);

/* Where and why a call failed. `message` says what is wrong and how to mend it, in one line without a newline. */
typedef struct {
    deepstruc_status status;
    char file[256]; /* "" when no file is concerned */
    long line;      /* 1-based line in `file`; 0 when none */
    char message[512];
} deepstruc_diag;

/* "file:line: message" (or "file: message", or "message") into `out`, always terminated. */
void deepstruc_diag_text(const deepstruc_diag *diag, char *out, size_t size);

/* "0.1.0"; and one line of build facts: compiler, matrix-product back end. (Pair kernels: deepstruc_engine_kernels.) */
const char *deepstruc_version(void);
const char *deepstruc_build_facts(void);

/* The file of a model into `out`: a path as it is; a name (NULL: "default") in the models folder that was installed
 * with the library or program, wherever the whole was put. UNAVAILABLE when it is not there. */
deepstruc_status deepstruc_model_find(char *out, size_t size, const char *name, deepstruc_diag *diag);

/* ---- tables of settings -------------------------------------------------------------------------------------- */

/* One row per field of a settings struct: the range check, the command line's help, `--print-settings` and the fuzzers
 * all read the same table. A table ends with a row whose name is NULL. */
typedef enum {
    DEEPSTRUC_FIELD_DOUBLE, /* double; NaN means "not given" where the row says `optional` */
    DEEPSTRUC_FIELD_LONG,   /* long */
    DEEPSTRUC_FIELD_FLAG,   /* bool; no value on the command line */
    DEEPSTRUC_FIELD_TEXT    /* const char *; NULL means "not given"; the struct does not own the text */
} deepstruc_field_kind;

typedef struct {
    const char *name; /* as on the command line without "--", and as in settings files */
    deepstruc_field_kind kind;
    size_t offset;   /* of the field in its struct */
    double min, max; /* inclusive range of a number; both 0: any finite number */
    bool optional;   /* a double that may be NaN ("not given") */
    const char *metavar, *help;
} deepstruc_field;

/* DEEPSTRUC_BAD_ARGUMENT, naming field, value and range, unless every field of `settings` is within its row. */
deepstruc_status deepstruc_fields_check(const deepstruc_field *fields, const void *settings, deepstruc_diag *diag);

/* ---- progress ------------------------------------------------------------------------------------------------ */

/* Callbacks of a long call. `report` hears the stage and the fraction done in [0, 1], from the calling thread only;
 * `cancelled` is asked between pieces of work, from the calling thread only, and ends the call with
 * DEEPSTRUC_CANCELLED when it answers true. `ranks` share the call's work (ranks.h). Any of them may be NULL, and so
 * may the pointer to the struct. */
typedef struct deepstruc_ranks deepstruc_ranks;
typedef struct {
    void (*report)(void *user, const char *stage, double fraction);
    bool (*cancelled)(void *user);
    void *user;
    deepstruc_ranks *ranks;
} deepstruc_progress;

/* ---- notes --------------------------------------------------------------------------------------------------- */

/* What was assumed or noticed on the way, in the order of noticing; owned by the struct that holds it. */
typedef struct {
    size_t n;
    char **text;
} deepstruc_notes;

#ifdef __cplusplus
}
#endif
#endif
