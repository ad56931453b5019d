/* The weight file's reader: any bytes are either refused or give tensors whose every number may be read. */
#include <stdint.h>

#include "nn/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    safetensors *file;
    deepstruc_diag diag;
    if (safetensors_parse(&file, bytes, size, "fuzz", &diag) != DEEPSTRUC_OK)
        return 0;
    volatile float sum = 0;
    for (size_t i = 0; i < safetensors_count(file); i++)
        for (size_t k = 0; k < safetensors_at(file, i)->n; k++)
            sum += safetensors_at(file, i)->value[k];
    (void)safetensors_metadata(file, "format");
    safetensors_destroy(file);
    return 0;
}
