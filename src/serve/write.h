/* Files that appear under their name only when complete. */
#ifndef SERVE_WRITE_H
#define SERVE_WRITE_H

#include <deepstruc/deepstruc.h>

deepstruc_status write_file(const char *path, const void *bytes, size_t size, deepstruc_diag *diag);

#endif
