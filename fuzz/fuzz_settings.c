/* Any bytes as a settings file and as an instrument file: values within their rows, or a diagnostic; never a crash. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include <deepstruc/calibrate.h>
#include <deepstruc/settings.h>
#include <deepstruc/solve.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default(), before = settings;
    const deepstruc_settings_part parts[] = {
        {deepstruc_solve_settings_fields, &settings}, {deepstruc_refine_settings_fields, &settings.refine}, {0}};
    deepstruc_settings_file *file = NULL;
    deepstruc_instrument instrument = {.qdamp = -1};
    deepstruc_diag diag;
    if (deepstruc_settings_parse(&file, parts, (const char *)bytes, size, "fuzz.json", &diag) == DEEPSTRUC_OK) {
        promise(deepstruc_fields_check(deepstruc_solve_settings_fields, &settings, NULL) == DEEPSTRUC_OK);
        promise(deepstruc_fields_check(deepstruc_refine_settings_fields, &settings.refine, NULL) == DEEPSTRUC_OK);
        char *text = deepstruc_settings_text(parts); /* reads as the text that the file owns */
        free(text);
    } else {
        promise(file == NULL && diag.message[0] && !strchr(diag.message, '\n'));
        promise(settings.max_atoms == before.max_atoms && settings.refine.fit_rmin == before.refine.fit_rmin);
    }
    deepstruc_settings_destroy(file);
    if (deepstruc_instrument_parse(&instrument, (const char *)bytes, size, "fuzz.json", &diag) == DEEPSTRUC_OK)
        promise(instrument.qdamp >= 0 && instrument.qdamp <= 0.5 && !(instrument.qbroad < 0));
    else
        promise(instrument.qdamp == -1 && diag.message[0] && !strchr(diag.message, '\n'));
    return 0;
}
