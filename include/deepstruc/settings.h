/* Settings files: one JSON object, its keys the names of tables of settings. */
#ifndef DEEPSTRUC_SETTINGS_H
#define DEEPSTRUC_SETTINGS_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A table and the struct it describes. An array of them ends with fields = NULL. */
typedef struct {
    const deepstruc_field *fields;
    void *settings;
} deepstruc_settings_part;

/* Holds the text that a file's settings point to; destroy it after the structs' last use. */
typedef struct deepstruc_settings_file deepstruc_settings_file;

#define DEEPSTRUC_MAX_SETTINGS_FILE (1 << 20) /* bytes */

/* Fills the parts from a file; keys that it does not name stay as they are, null means "not given". BAD_INPUT, with
 * nothing changed, for what is no JSON object, a key that no part has, a value of the wrong kind or outside its range.
 */
deepstruc_status deepstruc_settings_read(deepstruc_settings_file **out, const deepstruc_settings_part *parts,
                                         const char *path, deepstruc_diag *diag);
/* The same from memory; `name` stands in diagnostics. */
deepstruc_status deepstruc_settings_parse(deepstruc_settings_file **out, const deepstruc_settings_part *parts,
                                          const char *text, size_t size, const char *name, deepstruc_diag *diag);
void deepstruc_settings_destroy(deepstruc_settings_file *file);

/* Every setting of the parts as such a file, in their order; free() frees it. NULL when out of memory. */
char *deepstruc_settings_text(const deepstruc_settings_part *parts);

#ifdef __cplusplus
}
#endif
#endif
