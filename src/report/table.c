/* The table that `solve` prints. */
#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "report/parts.h"
#include "report/text.h"

typedef struct {
    const char *title;
    size_t width; /* characters, not bytes */
    bool right;
} table_column;

static const table_column columns[] = {{"rank", 4, true},       {"type", 11, false},   {"shape", 22, false},
                                       {"atoms", 5, true},      {"Rw", 6, true},       {"bond (Å)", 11, true},
                                       {"Biso (Å²)", 10, true}, {"method", 10, false}, {"group", 5, true}};
enum { N_COLUMNS = sizeof columns / sizeof *columns, CELL = 100 };

static size_t count_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

/* Cuts what is too wide and says so by an ellipsis. */
static void print_cell(FILE *out, const table_column *column, const char *text)
{
    size_t n = count_characters(text), pad = n < column->width ? column->width - n : 0;
    if (column->right)
        fprintf(out, "%*s", (int)pad, "");
    if (n <= column->width) {
        fputs(text, out);
    } else {
        const char *end = text;
        for (size_t kept = 0; kept < column->width; end++)
            kept += (*end & 0xc0) != 0x80;
        fprintf(out, "%.*s…", (int)(end - 1 - text), text);
    }
    if (!column->right && column != &columns[N_COLUMNS - 1])
        fprintf(out, "%*s", (int)pad, "");
}

static void print_line(FILE *out, char cell[N_COLUMNS][CELL])
{
    for (int i = 0; i < N_COLUMNS; i++) {
        fputs(i == 0 ? "" : "  ", out);
        print_cell(out, &columns[i], cell[i]);
    }
    fputc('\n', out);
}

static void print_head(FILE *out)
{
    char cell[N_COLUMNS][CELL];
    size_t width = 2 * (N_COLUMNS - 1);
    for (int i = 0; i < N_COLUMNS; i++) {
        text_copy(cell[i], CELL, columns[i].title);
        width += columns[i].width;
    }
    print_line(out, cell);
    for (size_t i = 0; i < width; i++)
        fputs("─", out);
    fputc('\n', out);
}

static void print_candidate(FILE *out, const deepstruc_solution *solution, size_t i_candidate)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_cluster *cluster = candidate->cluster;
    const deepstruc_fit *fit = &candidate->fit;
    char cell[N_COLUMNS][CELL];
    snprintf(cell[0], CELL, "%zu", i_candidate + 1);
    text_copy(cell[1], CELL, deepstruc_type_name(cluster->type));
    text_copy(cell[2], CELL, cluster->shape[0] ? cluster->shape : cluster->name);
    snprintf(cell[3], CELL, "%zu", cluster->n_atoms);
    report_value_text(cell[4], fit->rw, NAN, 4);
    report_value_text(cell[5], fit->bond_length, report_esd_bond_length(fit), 3);
    report_value_text(cell[6], fit->biso, fit->esd_biso, 2);
    text_copy(cell[7], CELL, candidate->method);
    snprintf(cell[8], CELL, "%d", candidate->group);
    print_line(out, cell);
}

deepstruc_status deepstruc_report_table(char **out, const deepstruc_solution *solution, size_t n_rows,
                                        deepstruc_diag *diag)
{
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    bool seen[DEEPSTRUC_N_TYPES] = {false};
    size_t next = 0;
    print_head(bytes.stream);
    for (size_t i = 0; i < solution->n_candidates; i++) {
        bool *type_seen = &seen[solution->candidate[i].cluster->type];
        if (i >= n_rows && *type_seen && i != solution->verdict.i_best)
            continue;
        if (i > next)
            fputs("   ⋯\n", bytes.stream);
        next = i + 1;
        *type_seen = true;
        print_candidate(bytes.stream, solution, i);
    }
    status = report_bytes_end(&bytes, diag);
    if (status == DEEPSTRUC_OK)
        *out = bytes.data;
    return status;
}
