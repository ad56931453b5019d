/* Where shipped models are. */
#ifndef MODEL_FIND_H
#define MODEL_FIND_H

#include <deepstruc/deepstruc.h>

/* The path of a model given by file or by name (NULL: "default"): NAME itself, NAME.safetensors in `models` beside the
 * program's share folder, or in the source tree the program was built in. UNAVAILABLE, naming what was tried. */
deepstruc_status model_find(char *path, size_t size, const char *name, deepstruc_diag *diag);

#endif
