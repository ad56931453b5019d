/* summary.csv and overview.html of a batch. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/overview_page.h"

/* ---- summary.csv --------------------------------------------------------------------------------------------------
 */

static void print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, out);
    fputc('"', out);
}

static void print_number(FILE *out, const char *format, double value)
{
    fputc(',', out);
    if (isfinite(value))
        fprintf(out, format, value);
}

static void print_csv_row(FILE *out, const overview_row *row)
{
    print_quoted(out, row->file);
    if (row->error) {
        fputs(",failed,,,,,,,", out);
        print_quoted(out, row->error);
        fputs(",,,,,,\n", out);
        return;
    }
    fprintf(out, ",%s,%s", row->kind, row->type);
    print_number(out, "%.0f", row->n_atoms);
    print_number(out, "%.5f", row->rw);
    print_number(out, "%.5f", row->bond);
    print_number(out, "%.4f", row->biso);
    fputc(',', out);
    print_quoted(out, row->flags);
    fputc(',', out);
    print_quoted(out, row->why);
    print_number(out, "%g", row->temperature);
    print_number(out, "%.5f", row->esd_bond);
    print_number(out, "%.4f", row->esd_biso);
    print_number(out, "%.2f", row->diameter);
    print_number(out, "%.2f", row->diameter_low);
    print_number(out, "%.2f", row->diameter_high);
    fputc('\n', out);
}

static deepstruc_status write_summary(const overview_row *row, size_t n, const char *dir, bool force,
                                      deepstruc_diag *diag)
{
    char path[4400];
    file_writer writer;
    snprintf(path, sizeof path, "%s/summary.csv", dir);
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    fputs("file,verdict,type,n_atoms,rw,bond_length,biso,flags,why,temperature,esd_bond_length,esd_biso,diameter,"
          "diameter_low,diameter_high\n",
          writer.stream);
    for (size_t i = 0; i < n; i++)
        print_csv_row(writer.stream, &row[i]);
    return file_writer_commit(&writer, diag);
}

static deepstruc_status write_page(const overview_row *row, size_t n, const char *dir, bool force, deepstruc_diag *diag)
{
    char path[4400];
    report_bytes page;
    deepstruc_status status = overview_page(row, n, &page, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    snprintf(path, sizeof path, "%s/overview.html", dir);
    status = file_write(path, page.data, page.size, force, diag);
    report_bytes_free(&page);
    return status;
}

deepstruc_status deepstruc_report_overview(const deepstruc_overview_item *item, size_t n, const char *dir, bool force,
                                           deepstruc_diag *diag)
{
    overview_row *row = memory_zeroed(n, sizeof *row);
    deepstruc_status status = row || n == 0 ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        status = overview_row_read(&row[i], &item[i], dir, diag);
    if (status == DEEPSTRUC_OK)
        status = write_summary(row, n, dir, force, diag);
    if (status == DEEPSTRUC_OK)
        status = write_page(row, n, dir, force, diag);
    for (size_t i = 0; row && i < n; i++)
        json_decref(row[i].result);
    free(row);
    return status;
}
