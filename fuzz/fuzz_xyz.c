/* Any bytes as an XYZ file: a cluster of finite, distinct atoms or a diagnostic, never a crash. */
#include <stdlib.h>

#include <deepstruc/cluster.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_cluster *cluster = NULL;
    deepstruc_diag diag;
    if (deepstruc_cluster_parse_xyz(&cluster, (const char *)bytes, size, "fuzz", &diag) == DEEPSTRUC_OK) {
        if (!(deepstruc_cluster_mean_bond(cluster) >= 0) || cluster->n_atoms < 1)
            abort();
        deepstruc_cluster_destroy(cluster);
    } else if (!diag.message[0]) {
        abort();
    }
    return 0;
}
