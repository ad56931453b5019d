/* Any bytes as a pickle: data to look at or a diagnostic, never a crash, and nothing called. */
#include <stdlib.h>

#include "project/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    pickle *p = NULL;
    deepstruc_diag diag;
    if (pickle_read(&p, (const char *)bytes, size, "fuzz", &diag) != DEEPSTRUC_OK) {
        if (p || !diag.message[0])
            abort();
        return 0;
    }
    char text[8];
    uint32_t cursor = 0;
    pickle_value key, value, root = pickle_root(p);
    pickle_number(p, root);
    pickle_number(p, pickle_item(p, root, 1));
    while (pickle_entry(p, root, &cursor, &key, &value)) {
        pickle_text(p, key, text, sizeof text);
        pickle_find(p, value, "formula");
    }
    pickle_destroy(p);
    return 0;
}
