#include <math.h>

#include <deepstruc/refine.h>

#define DOUBLE(name, field, low, high, optional, metavar, help)                                                        \
    {                                                                                                                  \
        name, DEEPSTRUC_FIELD_DOUBLE, offsetof(deepstruc_refine_settings, field), low, high, optional, metavar, help   \
    }

#define TEXT(name, field, metavar, help)                                                                               \
    {                                                                                                                  \
        name, DEEPSTRUC_FIELD_TEXT, offsetof(deepstruc_refine_settings, field), 0, 0, true, metavar, help              \
    }

const deepstruc_field deepstruc_refine_settings_fields[] = {
    DOUBLE("fit-rmin", fit_rmin, 0.1, 1000, false, "R", "start of the fit range, Å"),
    DOUBLE("fit-rmax", fit_rmax, 1, 1000, true, "R", "end of the fit range, Å; else 20 or the end of the data"),
    DOUBLE("qmin", qmin, 0, 10, true, "Q", "Qmin of the data, 1/Å; else from the data and the header"),
    DOUBLE("qmax", qmax, 3, 100, true, "Q", "Qmax of the data, 1/Å; else from the data and the header"),
    DOUBLE("qdamp", qdamp, 0, 0.5, true, "Q", "instrument's damping, 1/Å; else from the header or 0.03"),
    DOUBLE("qdamp-esd", qdamp_esd, 0, 0.1, true, "Q", "how well qdamp is known, 1/Å; else 0.015 where it is assumed"),
    DOUBLE("expansion-range", expansion_range, 1e-6, 0.19, false, "X", "the expansion stays within 1 - X to 1 + X"),
    DOUBLE("biso-min", biso_min, 1e-3, 20, false, "B", "lowest Biso, Å²"),
    DOUBLE("biso-max", biso_max, 1e-3, 20, false, "B", "highest Biso, Å²"),
    DOUBLE("qbroad", qbroad, 0, 0.1, true, "Q",
           "instrument's broadening, 1/Å; where given, the best are fitted with it"),
    TEXT("refine", refine, "LIST",
         "more terms to refine: qdamp,qbroad,delta1,delta2,axial,shell1,shell2,size,ligand,broad,phase2"),
    TEXT("fix", fix, "LIST", "terms at given values: delta2=4,qbroad=0.01"),
    TEXT("bound", bound, "LIST", "other bounds of terms: biso=0.1:1.5"),
    TEXT("tie", tie, "LIST", "terms that follow others: shell1-biso=2*biso"),
    {0}};

deepstruc_refine_settings deepstruc_refine_settings_default(void)
{
    return (deepstruc_refine_settings){.fit_rmin = 1.5,
                                       .fit_rmax = NAN,
                                       .qmin = NAN,
                                       .qmax = NAN,
                                       .qdamp = NAN,
                                       .qdamp_esd = NAN,
                                       .expansion_range = 0.07,
                                       .biso_min = 0.05,
                                       .biso_max = 3,
                                       .qbroad = NAN};
}
