/* CIF (Hall, Allen, Brown, Acta Cryst. A47, 655, 1991): the first data block that holds atoms. Loops and items may come
 * in any order, so that symmetry operations are kept until the block is read. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/text.h"
#include "cluster/crystal.h"
#include "cluster/readers.h"

enum { MAX_COLUMNS = 64 };

typedef enum { OTHER, LABEL, SYMBOL, PLACE_X, PLACE_Y, PLACE_Z, OCCUPANCY, OPERATION, GROUP, CELL_A } column;

typedef struct {
    crystal crystal;
    char group[64]; /* what the file calls its space group, where that is not P1; "" otherwise */
} block;

static column column_of(const char *name, bool *cartesian)
{
    static const struct {
        const char *name;
        column what;
        bool cartesian;
    } known[] = {{"_atom_site_label", LABEL, false},
                 {"_atom_site_type_symbol", SYMBOL, false},
                 {"_atom_site_fract_x", PLACE_X, false},
                 {"_atom_site_fract_y", PLACE_Y, false},
                 {"_atom_site_fract_z", PLACE_Z, false},
                 {"_atom_site_Cartn_x", PLACE_X, true},
                 {"_atom_site_Cartn_y", PLACE_Y, true},
                 {"_atom_site_Cartn_z", PLACE_Z, true},
                 {"_atom_site_occupancy", OCCUPANCY, false},
                 {"_symmetry_equiv_pos_as_xyz", OPERATION, false},
                 {"_space_group_symop_operation_xyz", OPERATION, false},
                 {"_symmetry_space_group_name_H-M", GROUP, false},
                 {"_space_group_name_H-M_alt", GROUP, false},
                 {"_symmetry_space_group_name_Hall", GROUP, false},
                 {"_space_group_name_Hall", GROUP, false},
                 {"_symmetry_Int_Tables_number", GROUP, false},
                 {"_space_group_IT_number", GROUP, false},
                 {"_cell_length_a", CELL_A, false},
                 {"_cell_length_b", CELL_A + 1, false},
                 {"_cell_length_c", CELL_A + 2, false},
                 {"_cell_angle_alpha", CELL_A + 3, false},
                 {"_cell_angle_beta", CELL_A + 4, false},
                 {"_cell_angle_gamma", CELL_A + 5, false}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].name, name) == 0) {
            *cartesian |= known[i].cartesian;
            return known[i].what;
        }
    return OTHER;
}

static deepstruc_status add_operation(block *b, const words *w, deepstruc_diag *diag)
{
    crystal *c = &b->crystal;
    if (c->n_operations >= SYMMETRY_MAX)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, w->name, w->line,
                            "more than %d symmetry operations; no space group has so many", SYMMETRY_MAX);
    if (!symmetry_parse(w->word, &c->operation[c->n_operations]))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                            "'%.40s' is no symmetry operation; one reads like 'x+1/2, -y, z'", w->word);
    c->n_operations++;
    return DEEPSTRUC_OK;
}

/* "P 1", "P1", 1, "?" and "." say nothing beyond P1. */
static void set_group(block *b, const words *w)
{
    char dense[sizeof w->word];
    size_t n = 0;
    for (const char *c = w->word; *c; c++)
        if (!isspace((unsigned char)*c) && *c != '_')
            dense[n++] = *c;
    dense[n] = '\0';
    static const char *const plain[] = {"", "P1", "1", "?", "."};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcasecmp(dense, plain[i]) == 0)
            return;
    text_copy(b->group, sizeof b->group, w->word);
}

/* "Au1A" is gold: the letters before the first digit, where the whole is no element. */
static int species_of_label(char *label)
{
    int species = reader_species(label);
    label[strcspn(label, "0123456789")] = '\0';
    return species >= 0 ? species : reader_species(label);
}

/* One row of a loop; `field` says what its columns are, the current word is its first. */
static deepstruc_status read_row(block *b, words *w, const column *field, size_t n, deepstruc_diag *diag)
{
    double place[3] = {NAN, NAN, NAN}, occupancy = 1;
    int symbol = -1, label = -1;
    bool is_atom = false;
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t k = 0; k < n && status == DEEPSTRUC_OK; k++) {
        if (k > 0 && !words_next(w))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "a row of a loop is cut off");
        if (field[k] == SYMBOL)
            symbol = reader_species(w->word);
        else if (field[k] == LABEL)
            label = species_of_label(w->word);
        else if (field[k] >= PLACE_X && field[k] <= PLACE_Z)
            is_atom |= words_number(w, &place[field[k] - PLACE_X]);
        else if (field[k] == OCCUPANCY && !words_number(w, &occupancy))
            occupancy = 1;
        else if (field[k] == OPERATION)
            status = add_operation(b, w, diag);
    }
    if (status != DEEPSTRUC_OK || !is_atom)
        return status;
    int species = symbol >= 0 ? symbol : label;
    if (species < 0 || !(isfinite(place[0]) && isfinite(place[1]) && isfinite(place[2])))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                            "atom %zu has no element or not three coordinates", b->crystal.n + 1);
    return crystal_add(&b->crystal, w, species, place, occupancy, diag);
}

static bool begins_block(const words *w)
{
    return !w->quoted && strncasecmp(w->word, "data_", 5) == 0;
}

static bool is_value(const words *w)
{
    return w->quoted || (w->word[0] != '_' && strcasecmp(w->word, "loop_") != 0 && !begins_block(w));
}

/* Behind loop_: names of columns, then rows of values. On return the word behind the loop is the current one, if any.
 */
static deepstruc_status read_loop(block *b, words *w, bool *more, deepstruc_diag *diag)
{
    column field[MAX_COLUMNS];
    size_t n = 0;
    while ((*more = words_next(w)) && w->word[0] == '_' && !w->quoted) {
        if (n >= MAX_COLUMNS)
            return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, w->name, w->line, "a loop of more than %d columns",
                                MAX_COLUMNS);
        field[n++] = column_of(w->word, &b->crystal.cartesian);
    }
    deepstruc_status status = DEEPSTRUC_OK;
    while (status == DEEPSTRUC_OK && n > 0 && *more && is_value(w)) {
        status = read_row(b, w, field, n, diag);
        if (status == DEEPSTRUC_OK)
            *more = words_next(w);
    }
    return status;
}

/* A name outside of a loop is the current word; its value is read. */
static deepstruc_status read_item(block *b, words *w, deepstruc_diag *diag)
{
    bool cartesian = false;
    column what = column_of(w->word, &cartesian);
    char name[sizeof w->word];
    text_copy(name, sizeof name, w->word);
    if (what < OPERATION)
        return DEEPSTRUC_OK;
    if (!words_next(w))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "%s has no value; the file is cut off", name);
    if (what == OPERATION)
        return add_operation(b, w, diag);
    if (what == GROUP)
        set_group(b, w);
    else if (!words_number(w, &b->crystal.cell[what - CELL_A]))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "%s is no number", name);
    return DEEPSTRUC_OK;
}

/* Reads up to the end of the first block with atoms. */
static deepstruc_status read_cif(block *b, words *w, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    bool more = words_next(w);
    while (status == DEEPSTRUC_OK && more) {
        if (begins_block(w) && b->crystal.n > 0)
            break;
        if (begins_block(w)) {
            crystal_clear(&b->crystal);
            crystal_init(&b->crystal);
            b->group[0] = '\0';
            text_copy(b->crystal.title, sizeof b->crystal.title, w->word + 5);
        }
        if (!w->quoted && strcasecmp(w->word, "loop_") == 0) {
            status = read_loop(b, w, &more, diag);
            continue;
        }
        if (!w->quoted && w->word[0] == '_')
            status = read_item(b, w, diag);
        more = words_next(w);
    }
    if (status == DEEPSTRUC_OK && b->group[0] && b->crystal.n_operations == 0)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, 0,
                              "has the space group %s, but not its operations; save it with them "
                              "(_space_group_symop_operation_xyz), or with all atoms, in P1",
                              b->group);
    if (status == DEEPSTRUC_OK && b->crystal.cartesian && b->crystal.n_operations > 1)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, 0,
                              "has symmetry and Cartesian coordinates; save it with fractional ones");
    return status;
}

deepstruc_status deepstruc_cluster_parse_cif(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                             deepstruc_diag *diag)
{
    words w = {.begin = text, .at = text, .end = text + size, .name = name, .line = 1, .cif = true};
    block b = {0};
    crystal_init(&b.crystal);
    deepstruc_status status = read_cif(&b, &w, diag);
    if (status == DEEPSTRUC_OK)
        status = crystal_to_cluster(out, &b.crystal, name, diag);
    crystal_clear(&b.crystal);
    return status;
}
