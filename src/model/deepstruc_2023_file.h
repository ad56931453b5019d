/* Files of deepstruc-2023: architecture as JSON, weights as safetensors. */
#ifndef MODEL_DEEPSTRUC_2023_FILE_H
#define MODEL_DEEPSTRUC_2023_FILE_H

#include <jansson.h>

#include "model/deepstruc_2023.h"
#include "nn/safetensors.h"

/* What turns the network's numbers into Å; stored with the weights. */
typedef struct {
    double rmin, rstep; /* Å: first point and step of the PDF it reads */
    double extent[3];   /* Å: largest x, y, z of the training set; coordinates are divided by them */
} deepstruc_2023_scale;

/* "deepstruc-2023", "deepstruc-2023-published", "plain-cvae" or the path of a JSON file such as
 * {"name": "deepstruc-2023", "latent": 2, "published_start": false, "published_variance": false, "prior_weight": 1}
 * (name "plain-cvae": without the graph); what it leaves out is as in the repaired network. */
deepstruc_status deepstruc_2023_describe(deepstruc_2023_settings *out, const char *arch, deepstruc_diag *diag);

/* Settings and scale as one line of JSON, for a file's metadata; NULL when out of memory; free() frees it. */
char *deepstruc_2023_json(const deepstruc_2023_settings *settings, const deepstruc_2023_scale *scale);

#ifndef NN_DOUBLE
/* `facts` says how it was trained. */
deepstruc_status deepstruc_2023_save(const deepstruc_2023 *model, const deepstruc_2023_scale *scale, const char *facts,
                                     const char *path, bool force, deepstruc_diag *diag);
/* For solving: batches of at most max_batch PDFs. */
deepstruc_status deepstruc_2023_load(deepstruc_2023 **out, deepstruc_2023_scale *scale, const char *path,
                                     size_t max_batch, deepstruc_diag *diag);
#endif

#endif
