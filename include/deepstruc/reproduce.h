/* Reproduce: the published work's tables and figures made again, ours beside theirs. */
#ifndef DEEPSTRUC_REPRODUCE_H
#define DEEPSTRUC_REPRODUCE_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *model, *tree, *plain, *network; /* files: default model, tree classifier, plain CVAE, deepstruc-2023;
                                                   what is NULL is missing in tables and figures */
    const char *stackings;                      /* the model of stackings, or NULL */
    const char *data;                           /* folder of the published measurements; NULL: missing */
    long limit;                                 /* cases per protocol; 0: all */
    bool quick;                                 /* a few cases of everything: to see that it works */
    long seed;
} deepstruc_reproduce_settings;

deepstruc_reproduce_settings deepstruc_reproduce_settings_default(void);
extern const deepstruc_field deepstruc_reproduce_settings_fields[];

/* Makes or completes the folder `dir`: data/PART.json of what was computed, figures as SVG and PNG, table.md,
 * table.html and table.json. A part whose file is there, made with the same settings, program and models, is not
 * computed again; with `force` all are. EXISTS for a folder that holds something else. */
deepstruc_status deepstruc_reproduce(const char *dir, const deepstruc_reproduce_settings *settings, bool force,
                                     const deepstruc_progress *progress, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
