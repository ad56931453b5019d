#include "support.h"

#include <deepstruc/pdf.h>

#include "pdf/gr_composition.h"

/* `wanted` is "Au 144 S 60": symbols and amounts. */
static void reads(const char *text, const char *wanted, const char *metal, bool whole)
{
    deepstruc_amount elements[DEEPSTRUC_MAX_ELEMENTS];
    bool complete;
    char got[512] = "", picked[4];
    size_t n = composition_read(text, elements, &complete);
    for (size_t i = 0; i < n; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s %g", i ? " " : "", elements[i].symbol,
                 elements[i].amount);
    composition_metal(elements, n, picked);
    if (strcmp(got, wanted) != 0 || strcmp(picked, metal) != 0 || complete != whole)
        fail_msg("'%s' gives '%s', metal '%s', %s; wanted '%s', '%s'", text, got, picked,
                 complete ? "whole" : "in part", wanted, metal);
}

static void compositions_as_people_write_them(void **state)
{
    (void)state;
    reads("Au144 S60 C180", "Au 144 S 60 C 180", "Au", true);
    reads("Cd Se", "Cd 1 Se 1", "Cd", true);
    reads("C 10 H 8", "C 10 H 8", "", true);
    reads("Na2.25Zr0.75Y0.25Cl6", "Na 2.25 Zr 0.75 Y 0.25 Cl 6", "Zr", true); /* 0.75 x 40^2 > 2.25 x 11^2 */
    reads("Pt", "Pt 1", "Pt", true);
    reads("pt", "Pt 1", "Pt", true);
    reads("C1H2 Au", "C 1 H 2 Au 1", "Au", true);
    reads("PtNi3", "Pt 1 Ni 3", "Pt", true);
    reads("Co", "Co 1", "Co", true);
    reads("CO", "C 1 O 1", "", true);
    reads("Au25(SC2H4)18", "Au 25 S 18 C 36 H 72", "Au", true);
    reads("Ce[(OH)2]2", "Ce 1 O 4 H 4", "Ce", true);
    reads("CuSO4 * 5 H2O", "Cu 1 S 1 O 9 H 10", "Cu", true);
    reads("Fe3+ O2-", "Fe 1 O 1", "Fe", true);
    reads("Pt_0.5, Pd_0.5", "Pt 0.5 Pd 0.5", "Pt", true);
    reads("D2O", "H 2 O 1", "", true);
    reads("Pd1.0 Pt0.0", "Pd 1", "Pd", true);
    reads("Au144(SR)60", "Au 144 S 60", "Au", false);
    reads("Pt in water", "Pt 1", "Pt", false);
}

static void words_that_are_no_compositions(void **state)
{
    (void)state;
    const char *words[] = {
        "Sample1", "unknown", "nanoparticles", "???", "((((((((((((((((Pt", "1e99999999999999999999999999"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        reads(words[i], "", "", false);
    reads("", "", "", true);
}

static void more_elements_than_there_is_room(void **state)
{
    (void)state;
    deepstruc_amount elements[DEEPSTRUC_MAX_ELEMENTS];
    bool complete;
    assert_int_equal(composition_read("HHeLiBeBCNOFNeNaMgAlSiPSClArKCaScTiVCrMnFeCoNi", elements, &complete),
                     DEEPSTRUC_MAX_ELEMENTS);
    assert_false(complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compositions_as_people_write_them),
        cmocka_unit_test(words_that_are_no_compositions),
        cmocka_unit_test(more_elements_than_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
