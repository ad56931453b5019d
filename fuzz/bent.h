/* Weight files of a network that is right, bent as a script of bytes says: what a file says of itself, and its tables
 * and numbers. The files are whole safetensors, sum and all: other bytes are fuzz_safetensors' matter. */
#ifndef FUZZ_BENT_H
#define FUZZ_BENT_H

#include "fuzz.h"

#include <string.h>

#include "nn/safetensors.h"

enum { BENT_TEXT = 256, BENT_ROOM = 1 << 12 };

typedef struct {
    const uint8_t *next;
    size_t left;
} bent_script;

static inline unsigned bent_take(bent_script *s)
{
    if (s->left == 0)
        return 0;
    s->left--;
    return *s->next++;
}

static inline float bent_number(bent_script *s)
{
    uint8_t bytes[4];
    float number;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)bent_take(s);
    memcpy(&number, bytes, sizeof number);
    return number;
}

typedef struct {
    const char *key, *text;
} bent_word;

/* A table that stands beside the network's tensors; `value` has room for BENT_ROOM numbers. */
typedef struct {
    const char *name;
    size_t shape[2];
    float *value;
} bent_table;

/* One byte says what becomes of a word: 0 nothing, 1 it is missing, n another text of n - 2 bytes. */
static inline void bent_add_word(safetensors_writer *writer, const bent_word *word, bent_script *s)
{
    char text[BENT_TEXT] = "";
    unsigned what = bent_take(s);
    for (size_t i = 0; what > 1 && i < what - 2; i++)
        text[i] = (char)bent_take(s);
    if (what != 1)
        safetensors_add_metadata(writer, word->key, what ? text : word->text);
}

/* One byte says what becomes of a table: bit 0 other numbers from some place on, bit 1 another shape, bit 2 it is
 * missing, bit 3 one number of its own. */
static inline void bent_add_table(safetensors_writer *writer, const bent_table *good, bent_script *s)
{
    bent_table table = *good;
    unsigned what = bent_take(s);
    size_t n_dims = 2, shape[4] = {good->shape[0], good->shape[1], 1, 1};
    if (what & 1) {
        size_t at = bent_take(s) * 4, n = bent_take(s);
        for (size_t i = 0; i < n && at + i < BENT_ROOM && s->left > 0; i++)
            table.value[at + i] = bent_number(s);
    }
    if (what & 2) {
        n_dims = bent_take(s) % 5;
        for (size_t d = 0; d < n_dims; d++)
            shape[d] = bent_take(s) % 20;
    }
    size_t n = 1;
    for (size_t d = 0; d < n_dims; d++)
        n *= shape[d];
    if (what & 8)
        table.value[bent_take(s)] = bent_number(s);
    if (!(what & 4) && n <= BENT_ROOM)
        safetensors_add(writer, table.name, shape, n_dims, table.value);
}

/* Numbers of the network: while there is more of the script, one tensor gets one number, or is one number throughout.
 */
static inline void bent_change(nn_params *params, bent_script *s)
{
    while (s->left > 4) {
        const nn_tensor *tensor = &params->tensor[bent_take(s) % params->n_tensors];
        size_t at = bent_take(s);
        float number = bent_number(s);
        for (size_t i = 0; i < tensor->n; i++)
            if (at == UINT8_MAX || i == at % tensor->n)
                params->value[tensor->offset + i] = number;
    }
}

/* A copy of the network's numbers as they should be. */
static inline float *bent_keep(const nn_params *params)
{
    float *start = malloc(params->n_values * sizeof *start);
    promise(start != NULL);
    memcpy(start, params->value, params->n_values * sizeof *start);
    return start;
}

/* A whole file of words, tables and the network that began as `start`. */
typedef struct {
    const bent_word *word;
    size_t n_words;
    const bent_table *table;
    size_t n_tables;
    nn_params *params;
    const float *start;
} bent_file;

/* Words that are not UTF-8 are refused: nothing is there then. */
static inline void bent_write(const bent_file *file, const char *path, bent_script *s)
{
    safetensors_writer *writer = safetensors_writer_create();
    for (size_t i = 0; i < file->n_words; i++)
        bent_add_word(writer, &file->word[i], s);
    for (size_t i = 0; i < file->n_tables; i++)
        bent_add_table(writer, &file->table[i], s);
    memcpy(file->params->value, file->start, file->params->n_values * sizeof *file->start);
    bent_change(file->params, s);
    safetensors_add_params(writer, file->params, "", file->params->value);
    unlink(path);
    safetensors_write(writer, path, true, NULL);
    safetensors_writer_destroy(writer);
}

#endif
