/* Nearest-neighbour distances of the elemental metals at room temperature. */
#include <math.h>
#include <string.h>

#include <deepstruc/cluster.h>

/* From the lattice parameters in C. Kittel, Introduction to Solid State Physics, 8th ed., table 3 of chapter 1, and the
 * CRC Handbook's "Crystal structures and lattice parameters of allotropes of the elements": a/sqrt 2 for fcc, sqrt(3)
 * a/2 for bcc, the smaller of a and sqrt(a²/3 + c²/4) for hcp; for Mn (alpha), Ga, In, Sn (white), Hg and U the mean
 * over the closest shell. */
static const struct {
    char symbol[3];
    double bond; /* Å */
} bonds[] = {
    {"Li", 3.04}, {"Be", 2.23}, {"Na", 3.72}, {"Mg", 3.20}, {"Al", 2.86}, {"K", 4.61},  {"Ca", 3.95}, {"Sc", 3.26},
    {"Ti", 2.90}, {"V", 2.62},  {"Cr", 2.50}, {"Mn", 2.60}, {"Fe", 2.48}, {"Co", 2.50}, {"Ni", 2.49}, {"Cu", 2.56},
    {"Zn", 2.66}, {"Ga", 2.70}, {"Rb", 4.84}, {"Sr", 4.30}, {"Y", 3.55},  {"Zr", 3.18}, {"Nb", 2.86}, {"Mo", 2.73},
    {"Tc", 2.71}, {"Ru", 2.65}, {"Rh", 2.69}, {"Pd", 2.75}, {"Ag", 2.89}, {"Cd", 2.98}, {"In", 3.25}, {"Sn", 3.02},
    {"Cs", 5.32}, {"Ba", 4.35}, {"La", 3.74}, {"Ce", 3.65}, {"Pr", 3.63}, {"Nd", 3.63}, {"Sm", 3.59}, {"Eu", 3.97},
    {"Gd", 3.57}, {"Tb", 3.53}, {"Dy", 3.51}, {"Ho", 3.49}, {"Er", 3.47}, {"Tm", 3.45}, {"Yb", 3.88}, {"Lu", 3.44},
    {"Hf", 3.13}, {"Ta", 2.86}, {"W", 2.74},  {"Re", 2.74}, {"Os", 2.68}, {"Ir", 2.71}, {"Pt", 2.77}, {"Au", 2.88},
    {"Hg", 3.01}, {"Tl", 3.41}, {"Pb", 3.50}, {"Bi", 3.07}, {"Th", 3.60}, {"U", 2.75},
};

double deepstruc_element_bulk_bond(const char *symbol)
{
    for (size_t i = 0; i < sizeof bonds / sizeof *bonds; i++)
        if (strcmp(bonds[i].symbol, symbol) == 0)
            return bonds[i].bond;
    return NAN;
}
