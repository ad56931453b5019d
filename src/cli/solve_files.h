/* Files of a solve: one, or a batch with one progress display, a summary and an overview. */
#ifndef CLI_SOLVE_FILES_H
#define CLI_SOLVE_FILES_H

#include <deepstruc/solve.h>

#include "cli/cli.h"

/* "a/b/Au144.gr" gives "Au144"; standard input gives "stdin". */
void solve_stem(const char *path, char *out, size_t size);

/* Solves one file into `dir`. The solution is the caller's. */
deepstruc_status solve_one_file(deepstruc_solution **out, const char *path, const char *dir, bool force,
                                const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                deepstruc_diag *diag);

/* Each operand into DIR/STEM, with summary.csv and overview.html. A file that fails is named there and does not stop
 * the rest; `resume` keeps the folders that an earlier run finished. Answers the exit code. */
int solve_batch(const cli_call *call, const deepstruc_solve_settings *settings, bool resume);

#endif
