#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <deepstruc/dataset.h>
#include <deepstruc/pdf.h>

#include "cli/cli.h"
#include "cli/info.h"

static bool ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcasecmp(path + n - m, ending) == 0;
}

/* "qmin        1.33 1/A in the header; 1.31 in the data": either part only when it is known. */
static void print_q(const char *label, double header, double seen, double strength)
{
    printf("%-12s", label);
    if (isnan(header))
        printf("not in the header");
    else
        printf("%.5g 1/A in the header", header);
    if (isnan(seen))
        printf("; no edge in the data\n");
    else
        printf("; %.4g in the data, %s\n", seen, strength >= 0.5 ? "clear" : "faint");
}

static void print_number(const char *label, double value, const char *unit)
{
    if (!isnan(value))
        printf("%-12s%.6g%s\n", label, value, unit);
}

static void print_composition(const deepstruc_pdf *pdf)
{
    if (!pdf->composition[0])
        return;
    printf("%-12s%s", "composition", pdf->composition);
    for (size_t i = 0; i < pdf->n_elements; i++)
        printf("%s%s %g", i ? ", " : "  (", pdf->elements[i].symbol, pdf->elements[i].amount);
    printf("%s\n%-12s%s\n", pdf->n_elements ? ")" : "", "metal", pdf->element[0] ? pdf->element : "none");
}

static void print_grid(const deepstruc_pdf *pdf)
{
    double first = pdf->r[0], last = pdf->r[pdf->n_points - 1], least = INFINITY, most = 0;
    for (size_t i = 1; i < pdf->n_points; i++) {
        least = fmin(least, pdf->r[i] - pdf->r[i - 1]);
        most = fmax(most, pdf->r[i] - pdf->r[i - 1]);
    }
    printf("%-12s%zu, r = %g to %g A\n", "points", pdf->n_points, first, last);
    if (most - least < 0.01 * most)
        printf("%-12s%.6g A\n", "step", (last - first) / (double)(pdf->n_points - 1));
    else
        printf("%-12s%.4g to %.4g A\n", "step", least, most);
}

static int info_pdf(const char *path)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    deepstruc_q_edges edges;
    double qmin, qmax;
    deepstruc_notes notes = {0};
    deepstruc_status status = deepstruc_pdf_read(&pdf, path, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_find_q_edges(pdf, &edges, &diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_choose_q(pdf, NAN, NAN, &qmin, &qmax, &notes, &diag);
    if (status == DEEPSTRUC_OK) {
        printf("%-12s%s\n%-12spair distribution function G(r), %s\n", "file", pdf->file, "content", pdf->dialect);
        print_grid(pdf);
        print_q("qmin", pdf->qmin, edges.qmin, edges.qmin_strength);
        print_q("qmax", pdf->qmax, edges.qmax, edges.qmax_strength);
        print_number("qdamp", pdf->qdamp, " 1/A");
        print_number("qbroad", pdf->qbroad, " 1/A");
        print_number("temperature", pdf->temperature_k, " K");
        print_number("wavelength", pdf->wavelength, " A");
        if (pdf->radiation)
            printf("%-12s%s\n", "radiation", pdf->radiation == 'n' ? "neutrons" : "X-rays");
        print_composition(pdf);
        printf("%-12s%s\n", "dG", pdf->dg ? "given" : "none");
        for (size_t i = 0; i < pdf->notes.n; i++)
            printf("%-12s%s\n", "note", pdf->notes.text[i]);
        for (size_t i = 0; i < notes.n; i++)
            printf("%-12s%s\n", "note", notes.text[i]);
    }
    for (size_t i = 0; i < notes.n; i++)
        free(notes.text[i]);
    free(notes.text);
    deepstruc_pdf_destroy(pdf);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

static int info_structure(const char *path)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    if (deepstruc_cluster_read(&cluster, path, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    double far = 0, centre[3] = {0};
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        centre[i % 3] += cluster->xyz[i] / (double)cluster->n_atoms;
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        const double *x = cluster->xyz + 3 * i;
        far = fmax(far, hypot(hypot(x[0] - centre[0], x[1] - centre[1]), x[2] - centre[2]));
    }
    printf("%-12s%s\n%-12sstructure\n%-12s%zu %s\n", "file", path, "content", "atoms", cluster->n_atoms,
           cluster->element);
    printf("%-12s%s\n", "type", deepstruc_type_name(deepstruc_cluster_classify(cluster)));
    if (cluster->name[0])
        printf("%-12s%s%s%s\n", "named", cluster->name, cluster->shape[0] ? ", " : "", cluster->shape);
    printf("%-12s%.4f A (mean nearest neighbour)\n", "bond length", deepstruc_cluster_mean_bond(cluster));
    printf("%-12s%.2f A (twice the farthest atom from the centre)\n", "extent", 2 * far);
    deepstruc_cluster_destroy(cluster);
    return CLI_OK;
}

static int info_dataset(const char *path)
{
    deepstruc_dataset *dataset = NULL;
    deepstruc_diag diag;
    char text[512];
    if (deepstruc_dataset_read(&dataset, path, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    deepstruc_dataset_describe(dataset, text, sizeof text);
    printf("%-12s%s\n%-12sdata set: %s\n", "file", path, "content", text);
    deepstruc_dataset_destroy(dataset);
    return CLI_OK;
}

static int run(cli_call *call)
{
    const cli_group groups[] = {{0}};
    int code = cli_parse(call, groups, 1, 1);
    if (code != CLI_CONTINUE)
        return code;
    const char *path = call->operands[0];
    if (ends_with(path, ".xyz") || ends_with(path, ".extxyz") || ends_with(path, ".stru") || ends_with(path, ".cif"))
        return info_structure(path);
    if (ends_with(path, ".h5") || ends_with(path, ".hdf5"))
        return info_dataset(path);
    if (ends_with(path, ".safetensors"))
        return info_weights(path);
    return info_pdf(path);
}

const cli_command cli_command_info = {
    .name = "info",
    .operands = "FILE",
    .summary = "What is in a .gr, .xyz, .cif, .stru, .h5 or .safetensors file",
    .details =
        "Of a PDF: dialect, grid, what the header says, where the data themselves show qmin and qmax, and what a\n"
        "fit would assume. Files of other endings are read as PDFs; - is standard input.",
    .run = run,
};
