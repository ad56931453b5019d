/* Structure files that others open: extended XYZ, CIF, PDFfit .stru. Docs: docs/formats.md. */
#include <deepstruc/cluster.h>

#include <ctype.h>
#include <math.h>

#include "base/diag.h"
#include "base/file.h"
#include "cluster/writers.h"

static const char *element_of(const deepstruc_cluster *cluster)
{
    return cluster->element[0] ? cluster->element : "X";
}

void cluster_print_xyz(const deepstruc_cluster *cluster, const char *comment, FILE *out)
{
    fprintf(out, "%zu\nProperties=species:S:1:pos:R:3 pbc=\"F F F\" type=%s", cluster->n_atoms,
            deepstruc_type_name(cluster->type));
    if (cluster->shape[0])
        fprintf(out, " shape=\"%s\"", cluster->shape);
    if (cluster->name[0])
        fprintf(out, " name=\"%s\"", cluster->name);
    if (comment && comment[0])
        fprintf(out, " %s", comment);
    fputc('\n', out);
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        const double *x = cluster->xyz + 3 * i;
        fprintf(out, "%-2s %14.8f %14.8f %14.8f\n", element_of(cluster), x[0], x[1], x[2]);
    }
}

deepstruc_status deepstruc_cluster_write_xyz(const deepstruc_cluster *cluster, const char *path, const char *comment,
                                             bool force, deepstruc_diag *diag)
{
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    cluster_print_xyz(cluster, comment, writer.stream);
    return file_writer_commit(&writer, diag);
}

/* ---- periodic formats ----------------------------------------------------------------------------------------- */

/* CIF and .stru describe crystals: the cluster stands in the middle of a P1 box so wide that its images are this far
 * away, Å, beyond any PDF that is refined. */
static const double vacuum = 60;

typedef struct {
    double origin[3], edge[3];
} box;

static box box_around(const deepstruc_cluster *cluster)
{
    box b = {{0}, {0}};
    for (int k = 0; k < 3; k++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < cluster->n_atoms; i++) {
            low = fmin(low, cluster->xyz[3 * i + (size_t)k]);
            high = fmax(high, cluster->xyz[3 * i + (size_t)k]);
        }
        b.edge[k] = (cluster->n_atoms ? high - low : 0) + vacuum;
        b.origin[k] = (cluster->n_atoms ? low : 0) - vacuum / 2;
    }
    return b;
}

static void put_fractions(FILE *out, const box *b, const double *x, const char *separator)
{
    for (int k = 0; k < 3; k++)
        fprintf(out, "%s%.9f", k ? separator : "", (x[k] - b->origin[k]) / b->edge[k]);
}

deepstruc_status deepstruc_cluster_write_cif(const deepstruc_cluster *cluster, const char *path, bool force,
                                             deepstruc_diag *diag)
{
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    FILE *out = writer.stream;
    box b = box_around(cluster);
    fputs("data_", out);
    for (const char *c = cluster->name[0] ? cluster->name : "cluster"; *c; c++)
        fputc(isalnum((unsigned char)*c) ? *c : '_', out);
    fprintf(out, "\n_cell_length_a %.6f\n_cell_length_b %.6f\n_cell_length_c %.6f\n", b.edge[0], b.edge[1], b.edge[2]);
    fputs("_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_symmetry_space_group_name_H-M 'P 1'\n"
          "_symmetry_Int_Tables_number 1\nloop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\nloop_\n_atom_site_label\n"
          "_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n",
          out);
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        fprintf(out, "%s%zu %s ", element_of(cluster), i + 1, element_of(cluster));
        put_fractions(out, &b, cluster->xyz + 3 * i, " ");
        fputs(" 1\n", out);
    }
    return file_writer_commit(&writer, diag);
}

deepstruc_status deepstruc_cluster_write_stru(const deepstruc_cluster *cluster, const char *path, double biso,
                                              bool force, deepstruc_diag *diag)
{
    if (!(biso >= 0 && isfinite(biso)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "Biso %g Å^2; it must not be negative", biso);
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    FILE *out = writer.stream;
    box b = box_around(cluster);
    double uiso = biso / (8 * M_PI * M_PI);
    fprintf(
        out,
        "title  %s\nformat pdffit\nscale   1.000000\nsharp   0.000000,  0.000000,  1.000000,  0.000000\nspcgr   P1\n",
        cluster->name[0] ? cluster->name : "cluster");
    fprintf(out, "cell   %11.6f,%11.6f,%11.6f, 90.000000, 90.000000, 90.000000\n", b.edge[0], b.edge[1], b.edge[2]);
    fprintf(out,
            "dcell    0.000000,  0.000000,  0.000000,  0.000000,  0.000000,  0.000000\nncell   1,  1,  1, %zu\natoms\n",
            cluster->n_atoms);
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        char symbol[4] = {0};
        for (int k = 0; k < 3 && element_of(cluster)[k]; k++)
            symbol[k] = (char)toupper((unsigned char)element_of(cluster)[k]);
        fprintf(out, "%-4s ", symbol);
        put_fractions(out, &b, cluster->xyz + 3 * i, " ");
        fprintf(out, " 1.0000\n     0.00000000 0.00000000 0.00000000 0.0000\n     %.8f %.8f %.8f\n", uiso, uiso, uiso);
        for (int line = 0; line < 3; line++)
            fputs("     0.00000000 0.00000000 0.00000000\n", out);
    }
    return file_writer_commit(&writer, diag);
}
