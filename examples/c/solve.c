/* The library in thirty lines: reads a PDF, fits the 197 published shapes to it and prints the best five.
 *
 *   cc solve.c $(pkg-config --cflags --libs deepstruc) -o solve && ./solve FILE.gr
 */
#include <stdio.h>

#include <deepstruc/solve.h>

int main(int argc, char **argv)
{
    deepstruc_diag diag;
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE.gr\n", argv[0]);
        return 2;
    }
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    settings.methods = "library";
    settings.catalogue = "paper";

    deepstruc_status status = deepstruc_pdf_read(&pdf, argv[1], &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_solve(&solution, pdf, &settings, NULL, &diag);
    if (status == DEEPSTRUC_OK) {
        puts(solution->verdict.why);
        for (size_t i = 0; i < solution->n_candidates && i < 5; i++) {
            const deepstruc_candidate *c = &solution->candidate[i];
            printf("%zu  Rw %.4f  %-24s %4zu atoms, bond %.4f A, group %d\n", i + 1, c->fit.rw, c->cluster->name,
                   c->cluster->n_atoms, c->fit.bond_length, c->group);
        }
    } else {
        char text[1024];
        deepstruc_diag_text(&diag, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    return status == DEEPSTRUC_OK ? 0 : 1;
}
