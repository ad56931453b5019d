/* XYZ files, plain and extended (github.com/libAtoms/extxyz): the first frame's atoms. Docs: docs/formats.md. */
#include <deepstruc/cluster.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/text.h"
#include "cluster/elements.h"
#include "cluster/neighbours.h"
#include "cluster/readers.h"

enum { MAX_FIELD = 32, MAX_COLUMN = 64 };
static const double max_coordinate = 1e5; /* Å: ten micrometres; larger numbers are damage */
static const double min_distance = 0.1;   /* Å: atoms closer than that are one atom twice */

typedef struct {
    const char *at, *end; /* the rest of the text */
    const char *name;     /* of the file, for diagnostics */
    long line;            /* number of the line that was read last */
} lines;

/* Which columns (from 0) hold what. */
typedef struct {
    int species, position;
} layout;

/* ---- pieces of text ------------------------------------------------------------------------------------------- */

/* The next line without its end (LF, CRLF or CR); false behind the last. */
static bool next_line(lines *text, const char **line, size_t *length)
{
    if (text->at >= text->end)
        return false;
    const char *start = text->at, *at = start;
    while (at < text->end && *at != '\n' && *at != '\r')
        at++;
    *line = start;
    *length = (size_t)(at - start);
    if (at < text->end && *at == '\r' && at + 1 < text->end && at[1] == '\n')
        at++;
    text->at = at < text->end ? at + 1 : at;
    text->line++;
    return true;
}

/* Field `column` (from 0) of a line, cut to MAX_FIELD characters; false when the line has fewer. */
static bool field_of(const char *line, size_t length, int column, char out[MAX_FIELD + 1])
{
    size_t i = 0;
    for (int k = 0;; k++) {
        while (i < length && isspace((unsigned char)line[i]))
            i++;
        if (i >= length)
            return false;
        size_t start = i;
        while (i < length && !isspace((unsigned char)line[i]))
            i++;
        if (k < column)
            continue;
        size_t n = i - start < MAX_FIELD ? i - start : MAX_FIELD;
        memcpy(out, line + start, n);
        out[n] = '\0';
        return true;
    }
}

/* The value of `key=` in a comment line, quotes taken off, into `out`; false when it is not there. */
static bool comment_value(const char *line, size_t length, const char *key, char *out, size_t size)
{
    size_t n_key = strlen(key);
    char quote = 0;
    for (size_t i = 0; i + n_key < length; i++) {
        if (line[i] == '"')
            quote ^= 1;
        bool starts = !quote && (i == 0 || isspace((unsigned char)line[i - 1]));
        if (!starts || strncasecmp(line + i, key, n_key) != 0 || line[i + n_key] != '=')
            continue;
        size_t from = i + n_key + 1, n = 0;
        bool quoted = from < length && line[from] == '"';
        from += quoted;
        while (from + n < length && (quoted ? line[from + n] != '"' : !isspace((unsigned char)line[from + n])))
            n++;
        if (n >= size)
            n = size - 1;
        memcpy(out, line + from, n);
        out[n] = '\0';
        text_make_line(out);
        return true;
    }
    return false;
}

/* ---- the header's two lines ----------------------------------------------------------------------------------- */

static deepstruc_status read_count(lines *text, size_t *n_atoms, deepstruc_diag *diag)
{
    const char *line;
    size_t length;
    char field[MAX_FIELD + 1], more[MAX_FIELD + 1];
    long count;
    if (!next_line(text, &line, &length))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
                            "is empty; an XYZ file starts with the number of atoms");
    if (length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        line += 3, length -= 3;
    if (!field_of(line, length, 0, field) || !text_parse_long(field, &count) || field_of(line, length, 1, more))
        return diag_fail_at(
            diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
            "the first line of an XYZ file is the number of atoms and nothing else; is it an XYZ file?");
    if (count < 1)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line, "%ld atoms; at least one is needed",
                            count);
    if (count > DEEPSTRUC_MAX_ATOMS)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, text->name, text->line, "%ld atoms; at most %d are handled",
                            count, DEEPSTRUC_MAX_ATOMS);
    *n_atoms = (size_t)count;
    return DEEPSTRUC_OK;
}

/* Properties=species:S:1:pos:R:3:...: name, kind and number of columns, three by three. */
static bool parse_properties(char *text, layout *columns)
{
    int column = 0, species = -1, position = -1;
    for (char *rest = text, *name; (name = strsep(&rest, ":"));) {
        char *kind = strsep(&rest, ":"), *number = kind ? strsep(&rest, ":") : NULL;
        long n;
        if (!number || !text_parse_long(number, &n) || n < 1 || column + n > MAX_COLUMN)
            return false;
        bool symbols = strcmp(name, "species") == 0, numbers = strcmp(name, "Z") == 0 && species < 0;
        if ((symbols || numbers) && n == 1)
            species = column;
        else if ((strcmp(name, "pos") == 0 || strcmp(name, "positions") == 0) && n == 3)
            position = column;
        column += (int)n;
    }
    *columns = (layout){species, position};
    return species >= 0 && position >= 0;
}

static deepstruc_status read_comment(lines *text, deepstruc_cluster *cluster, layout *columns, deepstruc_diag *diag)
{
    const char *line;
    size_t length;
    char value[512], type[32] = "";
    *columns = (layout){0, 1};
    if (!next_line(text, &line, &length))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
                            "ends behind the number of atoms; the atoms are missing");
    if (comment_value(line, length, "Properties", value, sizeof value) && !parse_properties(value, columns))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
                            "Properties= must name species:S:1 and pos:R:3 among its columns");
    comment_value(line, length, "name", cluster->name, sizeof cluster->name);
    comment_value(line, length, "shape", cluster->shape, sizeof cluster->shape);
    if (comment_value(line, length, "type", type, sizeof type))
        cluster->type = deepstruc_type_from_name(type);
    return DEEPSTRUC_OK;
}

/* ---- atoms ---------------------------------------------------------------------------------------------------- */

int reader_species(const char *field)
{
    char symbol[4] = "";
    long z = 0;
    if (text_parse_long(field, &z)) {
        element_symbol((int)(z > 0 && z < 1000 ? z : 0), symbol);
        return strcmp(symbol, "X") == 0 ? -1 : (int)z;
    }
    size_t n = strspn(field, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (n < 1 || n > 2 || strspn(field + n, "0123456789_+-") != strlen(field + n))
        return -1;
    symbol[0] = (char)toupper((unsigned char)field[0]);
    symbol[1] = n > 1 ? (char)tolower((unsigned char)field[1]) : '\0';
    if (strcmp(symbol, "X") == 0 || strcmp(symbol, "Xx") == 0)
        return 0;
    int number = element_number(symbol);
    return number > 0 ? number : -1;
}

static deepstruc_status read_atom(lines *text, const layout *columns, size_t i, size_t n_atoms, double xyz[3],
                                  int *species, deepstruc_diag *diag)
{
    const char *line;
    size_t length;
    char field[MAX_FIELD + 1] = "";
    if (!next_line(text, &line, &length))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
                            "ends after %zu of %zu atoms; the file is cut off", i, n_atoms);
    if (!field_of(line, length, columns->species, field))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
                            "an element and three coordinates are wanted for atom %zu", i + 1);
    *species = reader_species(field);
    if (*species < 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line, "atom %zu: '%.8s' is no element", i + 1,
                            field);
    for (int k = 0; k < 3; k++)
        if (!field_of(line, length, columns->position + k, field) || !text_parse_double(field, &xyz[k]) ||
            !(fabs(xyz[k]) <= max_coordinate))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, text->line,
                                "atom %zu: coordinate %c is not a number within +-%g Å", i + 1, "xyz"[k],
                                max_coordinate);
    return DEEPSTRUC_OK;
}

static deepstruc_status read_atoms(lines *text, const layout *columns, deepstruc_cluster *cluster, deepstruc_diag *diag)
{
    int first = 0, species = 0;
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        deepstruc_status status = read_atom(text, columns, i, cluster->n_atoms, cluster->xyz + 3 * i, &species, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        if (i == 0)
            first = species;
        if (species != first)
            return reader_several_elements(text->name, text->line, first, species, diag);
    }
    element_symbol(first, cluster->element);
    return DEEPSTRUC_OK;
}

deepstruc_status reader_several_elements(const char *name, long line, int one, int other, deepstruc_diag *diag)
{
    char a[4], b[4];
    element_symbol(one, a);
    element_symbol(other, b);
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, line,
                        "holds %s and %s; one element is treated: keep only the atoms of the metal", a, b);
}

deepstruc_status reader_measure_bonds(deepstruc_cluster *cluster, const char *name, long first_line,
                                      deepstruc_diag *diag)
{
    neighbours tree;
    if (cluster->n_atoms < 2)
        return DEEPSTRUC_OK;
    if (!neighbours_create(&tree, cluster->xyz, cluster->n_atoms))
        return diag_no_memory(diag);
    deepstruc_status status = DEEPSTRUC_OK;
    double sum = 0;
    for (size_t i = 0; i < cluster->n_atoms && status == DEEPSTRUC_OK; i++) {
        size_t other;
        double distance = neighbours_nearest(&tree, i, &other);
        sum += distance;
        if (!(distance >= min_distance))
            status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, first_line ? first_line + (long)i : 0,
                                  "atoms %zu and %zu are only %.3g Å apart; remove one", i + 1, other + 1, distance);
    }
    cluster->bond_length = sum / (double)cluster->n_atoms;
    neighbours_destroy(&tree);
    return status;
}

/* ---- entry points --------------------------------------------------------------------------------------------- */

deepstruc_status deepstruc_cluster_parse_xyz(deepstruc_cluster **out, const char *bytes, size_t size, const char *name,
                                             deepstruc_diag *diag)
{
    lines text = {bytes, bytes + size, name, 0};
    size_t n_atoms = 0;
    layout columns;
    deepstruc_cluster *cluster = NULL;
    deepstruc_status status = read_count(&text, &n_atoms, diag);
    if (status == DEEPSTRUC_OK && n_atoms > size / 4) /* no line is that short: a lie costs no memory */
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 1,
                              "says %zu atoms, but the file ends long before; the file is cut off", n_atoms);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_cluster_create(&cluster, n_atoms, diag);
    if (status == DEEPSTRUC_OK)
        status = read_comment(&text, cluster, &columns, diag);
    if (status == DEEPSTRUC_OK)
        status = read_atoms(&text, &columns, cluster, diag);
    if (status == DEEPSTRUC_OK)
        status = reader_measure_bonds(cluster, name, 3, diag);
    if (status == DEEPSTRUC_OK)
        *out = cluster;
    else
        deepstruc_cluster_destroy(cluster);
    return status;
}

deepstruc_status deepstruc_cluster_read_xyz(deepstruc_cluster **out, const char *path, deepstruc_diag *diag)
{
    char *bytes;
    size_t size;
    deepstruc_status status = file_read(&bytes, &size, path, READERS_MAX_FILE, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    bool standard_input = strcmp(path, "-") == 0;
    status = deepstruc_cluster_parse_xyz(out, bytes, size, standard_input ? "standard input" : path, diag);
    free(bytes);
    if (status == DEEPSTRUC_OK && !(*out)->name[0])
        text_stem(standard_input ? "" : path, (*out)->name, sizeof(*out)->name);
    return status;
}
