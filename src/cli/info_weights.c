/* A weight file's header: 8 bytes of length, then JSON (github.com/huggingface/safetensors). The numbers stay unread.
 */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/info.h"

enum { MAX_HEADER = 1 << 24, MAX_TEXT = 201 };

static int fail(const char *path, const char *message)
{
    deepstruc_diag diag = {.status = DEEPSTRUC_BAD_INPUT};
    snprintf(diag.file, sizeof diag.file, "%s", path);
    snprintf(diag.message, sizeof diag.message, "%s", message);
    return cli_fail(&diag);
}

static json_t *read_header(FILE *file)
{
    unsigned char length[8];
    uint64_t n = 0;
    if (fread(length, 1, sizeof length, file) != sizeof length)
        return NULL;
    for (int i = 8; i-- > 0;)
        n = n << 8 | length[i];
    char *text = n > 1 && n <= MAX_HEADER ? malloc(n) : NULL;
    json_t *header = text && fread(text, 1, n, file) == n ? json_loadb(text, n, 0, NULL) : NULL;
    free(text);
    return header;
}

static double numbers_of(const json_t *tensor)
{
    double n = 1;
    size_t i;
    json_t *extent;
    json_array_foreach(json_object_get(tensor, "shape"), i, extent) n *= json_number_value(extent);
    return n;
}

/* Without control characters, which a terminal would obey. */
static const char *plain(char out[MAX_TEXT], const char *text)
{
    snprintf(out, MAX_TEXT, "%s", text);
    for (char *c = out; *c; c++)
        *c = iscntrl((unsigned char)*c) ? ' ' : *c;
    return out;
}

int info_weights(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(path, strerror(errno));
    json_t *header = read_header(file), *value;
    fclose(file);
    if (!json_is_object(header)) {
        json_decref(header);
        return fail(path, "is no .safetensors file: its header is not JSON; copy or train it again");
    }
    const char *key;
    char name[MAX_TEXT], text[MAX_TEXT];
    double numbers = 0;
    size_t tensors = 0;
    printf("%-12s%s\n", "file", path);
    json_object_foreach(header, key, value) if (strcmp(key, "__metadata__") != 0)
    {
        tensors++;
        numbers += numbers_of(value);
    }
    printf("%-12sweights: %zu tensors, %.0f numbers\n", "content", tensors, numbers);
    json_object_foreach(json_object_get(header, "__metadata__"), key, value) if (json_is_string(value))
        printf("%-12s%s\n", plain(name, key), plain(text, json_string_value(value)));
    json_decref(header);
    return CLI_OK;
}
