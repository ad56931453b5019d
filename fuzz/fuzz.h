/* What fuzzers share: promises, and a folder in memory for parsers that read by name. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static inline void promise(int kept)
{
    if (!kept)
        abort();
}

static char fuzz_made[128];

static inline void fuzz_remove(void)
{
    char command[160];
    snprintf(command, sizeof command, "rm -rf %s", fuzz_made);
    promise(!fuzz_made[0] || system(command) == 0);
}

/* Makes an empty folder in memory, which goes with the process and with the next one that is made. */
static inline const char *fuzz_folder(void)
{
    if (fuzz_made[0])
        fuzz_remove();
    else
        atexit(fuzz_remove);
    snprintf(fuzz_made, sizeof fuzz_made, "%s/deepstruc-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    promise(mkdtemp(fuzz_made) != NULL);
    return fuzz_made;
}

static inline void fuzz_write(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    promise(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

#endif
