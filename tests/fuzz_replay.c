/* Runs one fuzzer's entry point over every file of its corpus folder; fails on an empty folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MAX_SEED = 1 << 22 };

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 1;
    }
    int n_files = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (!file)
            continue;
        uint8_t *bytes = malloc(MAX_SEED);
        size_t size = bytes ? fread(bytes, 1, MAX_SEED, file) : 0;
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
        n_files++;
    }
    closedir(folder);
    printf("%d files replayed\n", n_files);
    return n_files == 0;
}
