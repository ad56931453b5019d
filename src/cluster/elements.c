/* Elements: which symbols exist, which are metals, and the metallic radii of the published training set. */
#include <deepstruc/cluster.h>

#include <math.h>
#include <string.h>

#include "cluster/elements.h"

/* Symbols in the order of the periodic table; a metal's is followed by '*'. Boron, silicon, germanium, arsenic,
 * antimony, tellurium and astatine count as no metals. */
static const char *const table[] = {
    "",    "H",   "He",  "Li*", "Be*", "B",   "C",   "N",   "O",   "F",   "Ne",  "Na*", "Mg*", "Al*", "Si",
    "P",   "S",   "Cl",  "Ar",  "K*",  "Ca*", "Sc*", "Ti*", "V*",  "Cr*", "Mn*", "Fe*", "Co*", "Ni*", "Cu*",
    "Zn*", "Ga*", "Ge",  "As",  "Se",  "Br",  "Kr",  "Rb*", "Sr*", "Y*",  "Zr*", "Nb*", "Mo*", "Tc*", "Ru*",
    "Rh*", "Pd*", "Ag*", "Cd*", "In*", "Sn*", "Sb",  "Te",  "I",   "Xe",  "Cs*", "Ba*", "La*", "Ce*", "Pr*",
    "Nd*", "Pm*", "Sm*", "Eu*", "Gd*", "Tb*", "Dy*", "Ho*", "Er*", "Tm*", "Yb*", "Lu*", "Hf*", "Ta*", "W*",
    "Re*", "Os*", "Ir*", "Pt*", "Au*", "Hg*", "Tl*", "Pb*", "Bi*", "Po*", "At",  "Rn",  "Fr*", "Ra*", "Ac*",
    "Th*", "Pa*", "U*",  "Np*", "Pu*", "Am*", "Cm*", "Bk*", "Cf*", "Es*", "Fm*", "Md*", "No*", "Lr*", "Rf*",
    "Db*", "Sg*", "Bh*", "Hs*", "Mt*", "Ds*", "Rg*", "Cn*", "Nh*", "Fl*", "Mc*", "Lv*", "Ts",  "Og",
};
enum { N_ELEMENTS = sizeof table / sizeof *table };

/* Metallic (single-bond) radii in pm: the column metallic_radius of the mendeleev package's table (elements.db v1.1.0,
 * github.com/lmmentel/mendeleev, MIT), which the published data set's bond lengths are twice of. Its 28 metals, and Mo.
 */
static const struct {
    char symbol[3];
    short radius_pm;
} radii[] = {
    {"Sc", 144}, {"Ti", 132}, {"V", 122},  {"Cr", 119}, {"Mn", 118}, {"Fe", 117}, {"Co", 116}, {"Ni", 115},
    {"Cu", 118}, {"Zn", 121}, {"Y", 162},  {"Zr", 145}, {"Nb", 134}, {"Tc", 127}, {"Ru", 125}, {"Rh", 125},
    {"Pd", 128}, {"Ag", 134}, {"Cd", 138}, {"Hf", 144}, {"Ta", 134}, {"W", 130},  {"Re", 128}, {"Os", 126},
    {"Ir", 127}, {"Pt", 130}, {"Au", 134}, {"Hg", 139}, {"Mo", 130},
};

static size_t symbol_length(const char *entry)
{
    return strcspn(entry, "*");
}

int element_number(const char *symbol)
{
    for (int z = 1; z < N_ELEMENTS; z++) {
        size_t length = symbol_length(table[z]);
        if (strlen(symbol) == length && strncmp(table[z], symbol, length) == 0)
            return z;
    }
    return 0;
}

void element_symbol(int z, char out[4])
{
    size_t length = z > 0 && z < N_ELEMENTS ? symbol_length(table[z]) : 0;
    memcpy(out, length ? table[z] : "X", length ? length : 1);
    out[length ? length : 1] = '\0';
}

bool deepstruc_element_known(const char *symbol)
{
    return element_number(symbol) > 0;
}

bool deepstruc_element_is_metal(const char *symbol)
{
    return strchr(table[element_number(symbol)], '*') != NULL;
}

double deepstruc_element_metallic_radius(const char *symbol)
{
    for (size_t i = 0; i < sizeof radii / sizeof *radii; i++)
        if (strcmp(radii[i].symbol, symbol) == 0)
            return radii[i].radius_pm / 100.0;
    return NAN;
}
