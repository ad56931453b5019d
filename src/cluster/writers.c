/* Structure files that others open: extended XYZ. Docs: docs/formats.md. */
#include <deepstruc/cluster.h>

#include "base/file.h"

deepstruc_status deepstruc_cluster_write_xyz(const deepstruc_cluster *cluster, const char *path, const char *comment,
                                             bool force, deepstruc_diag *diag)
{
    file_writer writer;
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    FILE *out = writer.stream;
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
        fprintf(out, "%-2s %14.8f %14.8f %14.8f\n", cluster->element[0] ? cluster->element : "X", x[0], x[1], x[2]);
    }
    return file_writer_commit(&writer, diag);
}
