/* Structures in a cell: PDFfit .stru (diffpy.structure's parser is its description) and CIF in P1 (Hall, Allen, Brown,
 * Acta Cryst. A47, 655, 1991). The atoms of the cell are the cluster; its images are not looked at. */
#include <deepstruc/cluster.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/elements.h"
#include "cluster/readers.h"

enum { MAX_TOKEN = 95, MAX_LOOP = 64 };

/* Both formats are words: separated by blanks, in .stru also by commas; quoted in CIF. */
typedef struct {
    const char *begin, *at, *end, *name;
    long line;
    bool cif;
    char word[MAX_TOKEN + 1]; /* the word read last, cut to size */
    bool begins_line, quoted;
} words;

typedef struct {
    double cell[6]; /* a, b, c in Å; alpha, beta, gamma in degrees */
    size_t n, capacity[2];
    double *place; /* n x 3: fractions of the cell, or Å */
    int *species;  /* n: atomic numbers */
    bool cartesian;
    char title[80];
} crystal;

static bool is_blank(const words *w, char c)
{
    return isspace((unsigned char)c) || (!w->cif && c == ',');
}

/* A line of a CIF that begins with a semicolon holds free text up to the next such line. */
static void skip_text_field(words *w)
{
    w->at++;
    while (w->at < w->end && !(*w->at == ';' && w->at[-1] == '\n')) {
        w->line += *w->at == '\n';
        w->at++;
    }
    w->at += w->at < w->end;
    text_copy(w->word, sizeof w->word, "?");
    w->quoted = true;
}

static bool next_word(words *w)
{
    bool begins_line = w->at == w->begin;
    while (w->at < w->end && (is_blank(w, *w->at) || (w->cif && *w->at == '#'))) {
        if (*w->at == '#')
            while (w->at + 1 < w->end && w->at[1] != '\n')
                w->at++;
        else if (*w->at == '\n')
            w->line++, begins_line = true;
        w->at++;
    }
    if (w->at >= w->end)
        return false;
    w->begins_line = begins_line;
    w->quoted = false;
    if (w->cif && *w->at == ';' && begins_line) {
        skip_text_field(w);
        return true;
    }
    char quote = w->cif && (*w->at == '\'' || *w->at == '"') ? *w->at : 0;
    size_t n = 0;
    w->quoted = quote != 0;
    for (w->at += quote != 0; w->at < w->end && *w->at != '\n'; w->at++) {
        bool ends =
            quote ? *w->at == quote && (w->at + 1 == w->end || isspace((unsigned char)w->at[1])) : is_blank(w, *w->at);
        if (ends)
            break;
        if (n < MAX_TOKEN)
            w->word[n++] = *w->at;
    }
    w->at += quote && w->at < w->end && *w->at == quote;
    w->word[n] = '\0';
    return true;
}

/* A number, in CIF perhaps with its standard deviation: 3.5238(8). */
static bool word_number(const words *w, double *out)
{
    const char *end;
    return text_read_double(w->word, &end, out) && isfinite(*out) && (*end == '\0' || (w->cif && *end == '('));
}

static bool next_number(words *w, double *out)
{
    return next_word(w) && word_number(w, out);
}

static void rest_of_line(words *w, char *out, size_t size)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t'))
        w->at++;
    size_t n = 0;
    for (; w->at < w->end && *w->at != '\n' && *w->at != '\r'; w->at++)
        if (n + 1 < size && *w->at != '"')
            out[n++] = *w->at;
    out[n] = '\0';
}

/* ---- atoms of a cell ------------------------------------------------------------------------------------------- */

static deepstruc_status add_atom(crystal *c, const words *w, int species, const double place[3], deepstruc_diag *diag)
{
    if (c->n >= DEEPSTRUC_MAX_ATOMS)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, w->name, w->line, "more than %d atoms", DEEPSTRUC_MAX_ATOMS);
    if (!MEMORY_GROW(&c->place, &c->capacity[0], 3 * (c->n + 1)) ||
        !MEMORY_GROW(&c->species, &c->capacity[1], c->n + 1))
        return diag_no_memory(diag);
    if (c->n > 0 && species != c->species[0])
        return reader_several_elements(w->name, w->line, c->species[0], species, diag);
    memcpy(c->place + 3 * c->n, place, 3 * sizeof *place);
    c->species[c->n++] = species;
    return DEEPSTRUC_OK;
}

/* Rows of m: the cell's vectors in Å, a along x and b in the plane of x and y. */
static deepstruc_status cell_vectors(const double cell[6], double m[3][3], const char *name, deepstruc_diag *diag)
{
    double cosine[3], sine_gamma = sin(cell[5] * M_PI / 180);
    for (int k = 0; k < 3; k++)
        cosine[k] = cell[3 + k] == 90 ? 0 : cos(cell[3 + k] * M_PI / 180);
    double y = (cosine[0] - cosine[1] * cosine[2]) / sine_gamma, z2 = 1 - cosine[1] * cosine[1] - y * y;
    bool lengths = cell[0] > 0 && cell[1] > 0 && cell[2] > 0 && cell[0] < 1e5 && cell[1] < 1e5 && cell[2] < 1e5;
    if (!(lengths && sine_gamma > 0 && z2 > 1e-6))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                            "its cell %g %g %g, %g %g %g is none; lengths are Å, angles degrees", cell[0], cell[1],
                            cell[2], cell[3], cell[4], cell[5]);
    double rows[3][3] = {{cell[0], 0, 0},
                         {cell[1] * cosine[2], cell[1] * sine_gamma, 0},
                         {cell[2] * cosine[1], cell[2] * y, cell[2] * sqrt(z2)}};
    memcpy(m, rows, sizeof rows);
    return DEEPSTRUC_OK;
}

static deepstruc_status make_cluster(deepstruc_cluster **out, const crystal *c, const char *name, deepstruc_diag *diag)
{
    double m[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    deepstruc_cluster *cluster;
    if (c->n == 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "holds no atoms");
    deepstruc_status status = c->cartesian ? DEEPSTRUC_OK : cell_vectors(c->cell, m, name, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_cluster_create(&cluster, c->n, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < c->n; i++)
        for (int k = 0; k < 3; k++)
            cluster->xyz[3 * i + (size_t)k] =
                c->place[3 * i] * m[0][k] + c->place[3 * i + 1] * m[1][k] + c->place[3 * i + 2] * m[2][k];
    element_symbol(c->species[0], cluster->element);
    text_copy(cluster->name, sizeof cluster->name, c->title);
    status = reader_measure_bonds(cluster, name, 0, diag);
    if (status == DEEPSTRUC_OK)
        *out = cluster;
    else
        deepstruc_cluster_destroy(cluster);
    return status;
}

static void crystal_clear(crystal *c)
{
    free(c->place);
    free(c->species);
}

/* ---- .stru ----------------------------------------------------------------------------------------------------- */

/* Behind the symbol: x y z and occupancy, their standard deviations, U11 U22 U33, theirs, U12 U13 U23, theirs. */
static deepstruc_status read_stru_atom(crystal *c, words *w, deepstruc_diag *diag)
{
    enum { NUMBERS = 20 };
    double number[NUMBERS];
    int species = reader_species(w->word);
    long line = w->line;
    if (species < 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, line, "'%.8s' is no element", w->word);
    for (int k = 0; k < NUMBERS; k++)
        if (!next_number(w, &number[k]))
            return diag_fail_at(
                diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                "atom %zu wants 4 numbers beside its symbol and 16 on the next five lines; the file is cut off or "
                "no PDFfit structure",
                c->n + 1);
    return add_atom(c, w, species, number, diag);
}

static bool read_cell(crystal *c, words *w)
{
    for (int k = 0; k < 6; k++)
        if (!next_number(w, &c->cell[k]))
            return false;
    return true;
}

static deepstruc_status read_stru(crystal *c, words *w, deepstruc_diag *diag)
{
    bool cell = false, atoms = false;
    while (!atoms && next_word(w)) {
        if (!w->begins_line)
            continue;
        if (strcasecmp(w->word, "title") == 0)
            rest_of_line(w, c->title, sizeof c->title);
        else if (strcasecmp(w->word, "cell") == 0)
            cell = read_cell(c, w);
        else if (strcasecmp(w->word, "format") == 0 && (!next_word(w) || strcasecmp(w->word, "pdffit") != 0))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                                "is in format '%.20s'; PDFfit structures are read (format pdffit)", w->word);
        else if (strcasecmp(w->word, "atoms") == 0)
            atoms = true;
    }
    if (!cell || !atoms)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, 0, "has no line '%s'; is it a PDFfit structure?",
                            cell ? "atoms" : "cell a, b, c, alpha, beta, gamma");
    deepstruc_status status = DEEPSTRUC_OK;
    while (status == DEEPSTRUC_OK && next_word(w))
        status = read_stru_atom(c, w, diag);
    return status;
}

/* ---- CIF ------------------------------------------------------------------------------------------------------- */

typedef enum { OTHER, LABEL, SYMBOL, PLACE_X, PLACE_Y, PLACE_Z, OPERATION } column;

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
                 {"_symmetry_equiv_pos_as_xyz", OPERATION, false},
                 {"_space_group_symop_operation_xyz", OPERATION, false}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].name, name) == 0) {
            *cartesian |= known[i].cartesian;
            return known[i].what;
        }
    return OTHER;
}

/* One row of a loop into the crystal; `field` holds what the columns are. */
static deepstruc_status read_row(crystal *c, words *w, const column *field, size_t n, size_t *n_operations,
                                 deepstruc_diag *diag)
{
    double place[3] = {NAN, NAN, NAN};
    int species = -1;
    bool is_atom = false;
    for (size_t k = 0; k < n; k++) {
        if (k > 0 && !next_word(w))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "a row of a loop is cut off");
        if (field[k] == SYMBOL || (field[k] == LABEL && species < 0))
            species = reader_species(w->word);
        else if (field[k] >= PLACE_X && field[k] <= PLACE_Z && word_number(w, &place[field[k] - PLACE_X]))
            is_atom = true;
        *n_operations += field[k] == OPERATION;
    }
    if (*n_operations > 1)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                            "has symmetry beyond P1; write all atoms of the particle into the cell (P1) first");
    if (!is_atom)
        return DEEPSTRUC_OK;
    if (species < 0 || !(isfinite(place[0]) && isfinite(place[1]) && isfinite(place[2])))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                            "atom %zu has no element or not three coordinates", c->n + 1);
    return add_atom(c, w, species, place, diag);
}

/* Behind loop_: names of columns, then rows of values. On return the word behind the loop is the current one, if any.
 */
static deepstruc_status read_loop(crystal *c, words *w, bool *more, size_t *n_operations, deepstruc_diag *diag)
{
    column field[MAX_LOOP];
    size_t n = 0;
    while ((*more = next_word(w)) && w->word[0] == '_' && !w->quoted) {
        if (n >= MAX_LOOP)
            return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, w->name, w->line, "a loop of more than %d columns",
                                MAX_LOOP);
        field[n++] = column_of(w->word, &c->cartesian);
    }
    deepstruc_status status = DEEPSTRUC_OK;
    while (status == DEEPSTRUC_OK && n > 0 && *more &&
           (w->quoted ||
            (w->word[0] != '_' && strcasecmp(w->word, "loop_") != 0 && strncasecmp(w->word, "data_", 5) != 0))) {
        status = read_row(c, w, field, n, n_operations, diag);
        if (status == DEEPSTRUC_OK)
            *more = next_word(w);
    }
    return status;
}

static deepstruc_status read_cif(crystal *c, words *w, deepstruc_diag *diag)
{
    static const char *const names[6] = {"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                                         "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
    deepstruc_status status = DEEPSTRUC_OK;
    size_t n_operations = 0;
    bool more = next_word(w);
    while (status == DEEPSTRUC_OK && more) {
        if (!w->quoted && strcasecmp(w->word, "loop_") == 0) {
            status = read_loop(c, w, &more, &n_operations, diag);
            continue;
        }
        for (int k = 0; k < 6; k++)
            if (strcasecmp(w->word, names[k]) == 0 && !next_number(w, &c->cell[k]))
                return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "%s is no number", names[k]);
        if (!w->quoted && strncasecmp(w->word, "data_", 5) == 0)
            text_copy(c->title, sizeof c->title, w->word + 5);
        more = next_word(w);
    }
    return status;
}

/* ---- entry points ---------------------------------------------------------------------------------------------- */

static deepstruc_status parse(deepstruc_cluster **out, const char *text, size_t size, const char *name, bool cif,
                              deepstruc_diag *diag)
{
    words w = {.begin = text, .at = text, .end = text + size, .name = name, .line = 1, .cif = cif};
    crystal c = {.cell = {0, 0, 0, 90, 90, 90}};
    deepstruc_status status = cif ? read_cif(&c, &w, diag) : read_stru(&c, &w, diag);
    if (status == DEEPSTRUC_OK)
        status = make_cluster(out, &c, name, diag);
    crystal_clear(&c);
    return status;
}

deepstruc_status deepstruc_cluster_parse_stru(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                              deepstruc_diag *diag)
{
    return parse(out, text, size, name, false, diag);
}

deepstruc_status deepstruc_cluster_parse_cif(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                             deepstruc_diag *diag)
{
    return parse(out, text, size, name, true, diag);
}

deepstruc_status deepstruc_cluster_read(deepstruc_cluster **out, const char *path, deepstruc_diag *diag)
{
    const char *ending = strrchr(path, '.');
    bool stru = ending && strcasecmp(ending, ".stru") == 0, cif = ending && strcasecmp(ending, ".cif") == 0;
    if (!stru && !cif)
        return deepstruc_cluster_read_xyz(out, path, diag);
    char *bytes;
    size_t size;
    deepstruc_status status = file_read(&bytes, &size, path, READERS_MAX_FILE, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = parse(out, bytes, size, path, cif, diag);
    free(bytes);
    if (status == DEEPSTRUC_OK && !(*out)->name[0])
        text_stem(path, (*out)->name, sizeof(*out)->name);
    return status;
}
