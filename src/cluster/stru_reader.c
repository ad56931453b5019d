/* PDFfit structures, .stru (diffpy.structure's parser is their description): every atom of the cell is listed. */
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "cluster/crystal.h"
#include "cluster/readers.h"

/* Behind the symbol: x y z and occupancy, their standard deviations, U11 U22 U33, theirs, U12 U13 U23, theirs. */
static deepstruc_status read_atom(crystal *c, words *w, deepstruc_diag *diag)
{
    enum { NUMBERS = 20, OCCUPANCY = 3 };
    double number[NUMBERS];
    int species = reader_species(w->word);
    if (species < 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "'%.8s' is no element", w->word);
    for (int k = 0; k < NUMBERS; k++)
        if (!words_next_number(w, &number[k]))
            return diag_fail_at(
                diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                "atom %zu wants 4 numbers beside its symbol and 16 on the next five lines; the file is cut off or "
                "no PDFfit structure",
                c->n + 1);
    return crystal_add(c, w, species, number, number[OCCUPANCY], diag);
}

static bool read_cell(crystal *c, words *w)
{
    for (int k = 0; k < 6; k++)
        if (!words_next_number(w, &c->cell[k]))
            return false;
    return true;
}

static deepstruc_status read_stru(crystal *c, words *w, deepstruc_diag *diag)
{
    bool cell = false, atoms = false;
    while (!atoms && words_next(w)) {
        if (!w->begins_line)
            continue;
        if (strcasecmp(w->word, "title") == 0)
            words_rest_of_line(w, c->title, sizeof c->title);
        else if (strcasecmp(w->word, "cell") == 0)
            cell = read_cell(c, w);
        else if (strcasecmp(w->word, "format") == 0 && (!words_next(w) || strcasecmp(w->word, "pdffit") != 0))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                                "is in format '%.20s'; PDFfit structures are read (format pdffit)", w->word);
        else if (strcasecmp(w->word, "atoms") == 0)
            atoms = true;
    }
    if (!cell || !atoms)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, 0, "has no line '%s'; is it a PDFfit structure?",
                            cell ? "atoms" : "cell a, b, c, alpha, beta, gamma");
    deepstruc_status status = DEEPSTRUC_OK;
    while (status == DEEPSTRUC_OK && words_next(w))
        status = read_atom(c, w, diag);
    return status;
}

deepstruc_status deepstruc_cluster_parse_stru(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                              deepstruc_diag *diag)
{
    words w = {.begin = text, .at = text, .end = text + size, .name = name, .line = 1};
    crystal c;
    crystal_init(&c);
    deepstruc_status status = read_stru(&c, &w, diag);
    if (status == DEEPSTRUC_OK)
        status = crystal_to_cluster(out, &c, name, diag);
    crystal_clear(&c);
    return status;
}
