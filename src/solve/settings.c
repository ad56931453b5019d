#include <math.h>
#include <string.h>

#include <deepstruc/solve.h>

deepstruc_solve_settings deepstruc_solve_settings_default(void)
{
    return (deepstruc_solve_settings){
        .refine = deepstruc_refine_settings_default(),
        .catalogue = "auto",
        .max_atoms = 1500,
        .samples = 1000,
        .sigma = 3,
        .top = 100,
    };
}

#define AT(field) offsetof(deepstruc_solve_settings, field)
const deepstruc_field deepstruc_solve_settings_fields[] = {
    {"methods", DEEPSTRUC_FIELD_TEXT, AT(methods), 0, 0, true, "LIST",
     "of generate, library, tree, plain-cvae, climb, comma-separated; without it all that are there"},
    {"catalogue", DEEPSTRUC_FIELD_TEXT, AT(catalogue), 0, 0, false, "NAME",
     "auto: shapes around the size that the data show; paper: the published shapes; full: every size"},
    {"element", DEEPSTRUC_FIELD_TEXT, AT(element), 0, 0, true, "SYMBOL", "the sample's metal, over the header's"},
    {"max-atoms", DEEPSTRUC_FIELD_LONG, AT(max_atoms), 5, 20000, false, "N", "largest structure tried"},
    {"model", DEEPSTRUC_FIELD_TEXT, AT(model), 0, 0, true, "MODEL", "name or file of the generative model (also -m)"},
    {"tree", DEEPSTRUC_FIELD_TEXT, AT(tree), 0, 0, true, "TREE", "name or file of the tree classifier"},
    {"plain-cvae", DEEPSTRUC_FIELD_TEXT, AT(plain), 0, 0, true, "MODEL", "name or file of the plain CVAE"},
    {"samples", DEEPSTRUC_FIELD_LONG, AT(samples), 1, 1000000, false, "N", "structures generated (also -n)"},
    {"sigma", DEEPSTRUC_FIELD_DOUBLE, AT(sigma), 0, 20, false, "S", "spread of the samples on the latent map"},
    {"focus", DEEPSTRUC_FIELD_TEXT, AT(focus), 0, 0, true, "TYPE",
     "lead the generated structures to this type, and keep only its family"},
    {"top", DEEPSTRUC_FIELD_LONG, AT(top), 1, 100000, false, "N", "structures written as files"},
    {0}};
#undef AT
