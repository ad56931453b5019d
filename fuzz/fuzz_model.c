/* Any text as an architecture's description; and as what a model says of itself, beside the right tensors of a small
 * one. A network of the sizes that were asked for, or a diagnostic. */
#include "fuzz.h"

#include <string.h>

#include "model/deepstruc_2023_file.h"
#include "nn/safetensors.h"

enum { LARGEST = 1 << 14 };
/* Small, so that an input takes no time; the smallest that has every layer. */
static const size_t DIVISOR = 1024, POINTS = 40, ROWS = 20;

static char description[192], model_path[192];
static deepstruc_2023 *small;

static void prepare(void)
{
    deepstruc_2023_settings settings = deepstruc_2023_repaired();
    settings.divisor = DIVISOR;
    settings.n_points = POINTS;
    settings.n_atoms = ROWS;
    const char *folder = fuzz_folder();
    snprintf(description, sizeof description, "%s/arch.json", folder);
    snprintf(model_path, sizeof model_path, "%s/model", folder);
    promise(deepstruc_2023_create(&small, &settings, 0, 1, 0, 0, false, NULL) == DEEPSTRUC_OK);
}

static void write_model(const char *text)
{
    safetensors_writer *writer = safetensors_writer_create();
    safetensors_add_metadata(writer, "architecture", text);
    safetensors_add_params(writer, &small->params, "", small->params.value);
    safetensors_write(writer, model_path, true, NULL); /* text that is not UTF-8 is refused: the last file stays */
    safetensors_writer_destroy(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char text[LARGEST];
    deepstruc_diag diag;
    deepstruc_2023_settings settings;
    deepstruc_2023_scale scale;
    deepstruc_2023 *model = NULL;
    if (!small)
        prepare();
    if (size >= sizeof text)
        return 0;
    memcpy(text, bytes, size);
    text[size] = '\0';
    fuzz_write(description, bytes, size);
    deepstruc_status status = deepstruc_2023_describe(&settings, description, &diag);
    promise(status != DEEPSTRUC_OK || (settings.n_latent > 0 && settings.n_points > 0 && settings.n_atoms > 0));
    promise(status == DEEPSTRUC_OK || diag.message[0]);
    write_model(text);
    status = deepstruc_2023_load(&model, &scale, model_path, 1, &diag);
    promise(status == DEEPSTRUC_OK ? scale.rstep > 0 && model->params.n_values == small->params.n_values
                                   : model == NULL && diag.message[0]);
    deepstruc_2023_destroy(model);
    return 0;
}
