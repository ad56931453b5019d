/* Pairs of layers: numbers that describe which are alike, and the pairs of atoms that a PDF is made of. */
#include <string.h>

#include "dataset/layers.h"

void layers_describe(int n, const layers_alike alike, float number[LAYERS_NUMBERS])
{
    int at = 0;
    memset(number, 0, LAYERS_NUMBERS * sizeof *number);
    number[at++] = (float)n;
    for (int apart = 2; apart < LAYERS_MOST; apart++, at++)
        for (int i = 0; i + apart < n; i++)
            number[at] += alike[i][i + apart];
    /* The sums say what is left when all but one are known, from either end to the middle. */
    for (int apart = 2; apart < LAYERS_MOST; apart++)
        for (int i = 0; i + 1 < (LAYERS_MOST + 1 - apart) / 2; i++, at++)
            if (i + apart < n)
                number[at] = (float)(alike[i][i + apart] + alike[n - 1 - i - apart][n - 1 - i]);
}

/* ---- layers that are alike at will ------------------------------------------------------------------------------ */

static bool is_allowed(const layers_set *set, const bool allowed[LAYERS_SEQUENCES], const float *number)
{
    for (size_t i = 0; i < set->n_sequences; i++)
        if (!allowed[i] && memcmp(set->sequence[i].number, number, LAYERS_SUMS * sizeof *number) == 0)
            return false;
    return true;
}

/* At each distance between layers the pairs are left as they are, or made anew, each alike with the same chance. */
static void mix(int n, layers_alike alike, random_stream *random)
{
    for (int apart = 2; apart < n; apart++) {
        bool anew = random_below(random, 2);
        double share = random_uniform(random, 0, 1);
        for (int i = 0; i + apart < n && anew; i++)
            alike[i][i + apart] = random_uniform(random, 0, 1) < share;
    }
}

/* ---- pairs of atoms --------------------------------------------------------------------------------------------- */

/* Pairs of atoms of layer i of one letter with those of layer j > i of the other; i == j: each pair once. */
static void count_pairs(const layers_solid *solid, int i, int letter_i, int j, int letter_j, float *count)
{
    const layers_cut *a = &solid->of_letter[letter_i], *b = &solid->of_letter[letter_j];
    for (size_t k = a->first[i]; k < a->first[i + 1]; k++)
        for (size_t m = i == j ? k + 1 : b->first[j]; m < b->first[j + 1]; m++) {
            int u = a->atom[k].u - b->atom[m].u, v = a->atom[k].v - b->atom[m].v;
            int square = 2 * (j - i) * (j - i) + (u * u + u * v + v * v) / 3;
            count[square < LAYERS_SQUARES ? square : LAYERS_SQUARES - 1]++;
        }
}

void layers_pair(const layers_set *set, const bool allowed[LAYERS_SEQUENCES], int sequence, const layers_solid *solid,
                 bool mixed, random_stream *random, layers_pairs *out)
{
    const layers_sequence *s = &set->sequence[sequence];
    layers_alike alike;
    do {
        for (int i = 0; i < s->n_layers; i++)
            for (int j = i + 1; j < s->n_layers; j++)
                alike[i][j] = s->letters[i] == s->letters[j];
        if (mixed)
            mix(s->n_layers, alike, random);
        layers_describe(s->n_layers, alike, out->number);
    } while (mixed && !is_allowed(set, allowed, out->number));
    memset(out->count, 0, sizeof out->count);
    for (int i = 0; i < s->n_layers; i++) {
        int letter = s->letters[i] - 'A';
        count_pairs(solid, i, letter, i, letter, out->count);
        for (int j = i + 1; j < s->n_layers; j++) {
            int other = s->letters[j] - 'A';
            if (alike[i][j])
                other = letter;
            else if (other == letter)
                other = (letter + 1 + (int)random_below(random, 2)) % 3;
            count_pairs(solid, i, letter, j, other, out->count);
        }
    }
}
