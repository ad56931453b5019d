/* Filling diagnostics. Each function returns the status it stored, so that a failure is one `return`. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <deepstruc/deepstruc.h>

deepstruc_status diag_fail(deepstruc_diag *diag, deepstruc_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* With the file (and its 1-based line; 0 for none) that is concerned. */
deepstruc_status diag_fail_at(deepstruc_diag *diag, deepstruc_status status, const char *file, long line,
                              const char *format, ...) __attribute__((format(printf, 5, 6)));

deepstruc_status diag_no_memory(deepstruc_diag *diag);

/* Appends a formatted line to `notes`; DEEPSTRUC_NO_MEMORY leaves them as they were. */
deepstruc_status notes_add(deepstruc_notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Copies every note of `from` behind those of `to`. */
deepstruc_status notes_append(deepstruc_notes *to, const deepstruc_notes *from);
void notes_clear(deepstruc_notes *notes);

#endif
