/* Close-packed layers stacked in any sequence. */
#include "cluster/builders.h"

#include <math.h>
#include <string.h>

deepstruc_type sequence_type(const char *sequence)
{
    size_t n = strlen(sequence), inverted = 0;
    if (n < 1 || strspn(sequence, "ABC") != n)
        return DEEPSTRUC_TYPE_UNKNOWN;
    for (size_t i = 1; i < n; i++)
        if (sequence[i] == sequence[i - 1])
            return DEEPSTRUC_TYPE_UNKNOWN;
    for (size_t i = 1; i + 1 < n; i++)
        inverted += sequence[i - 1] == sequence[i + 1];
    if (n < 3)
        return DEEPSTRUC_TYPE_STACKING; /* too few layers to tell */
    if (inverted == 0)
        return DEEPSTRUC_TYPE_FCC;
    if (inverted == n - 2)
        return DEEPSTRUC_TYPE_HCP;
    return inverted == 1 ? DEEPSTRUC_TYPE_TWIN : DEEPSTRUC_TYPE_STACKING;
}

/* Parallelograms of a x b atoms; letter A, B, C shifts a layer by 0, 1, 2 thirds of the long diagonal; layers lie
 * sqrt(2/3) bonds apart. */
size_t build_sequence(const deepstruc_recipe *recipe, double *xyz)
{
    int a = (int)recipe->param[0], b = (int)recipe->param[1];
    size_t n = 0;
    for (int layer = 0; recipe->sequence[layer]; layer++) {
        double shift = (recipe->sequence[layer] - 'A') / 3.0;
        for (int i = 0; i < a; i++)
            for (int j = 0; j < b; j++)
                n = put_atom(xyz, n, i + shift + (j + shift) / 2, (j + shift) * sqrt(3) / 2, layer * sqrt(2.0 / 3));
    }
    return n;
}
