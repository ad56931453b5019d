/* Structure files made of words: separated by blanks, in PDFfit's .stru also by commas; quoted in CIF. */
#ifndef CLUSTER_WORDS_H
#define CLUSTER_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 95 };

typedef struct {
    const char *begin, *at, *end, *name; /* the text, and the file's name for diagnostics */
    long line;
    bool cif;
    char word[WORDS_MAX + 1]; /* the word read last, cut to size */
    bool begins_line, quoted;
} words;

/* The next word into w->word; false behind the last. */
bool words_next(words *w);
/* The current word as a number, in CIF perhaps with its standard deviation: 3.5238(8). */
bool words_number(const words *w, double *out);
bool words_next_number(words *w, double *out);
/* What is left of the line, quotes taken out. */
void words_rest_of_line(words *w, char *out, size_t size);

#endif
