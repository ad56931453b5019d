/* Any bytes as a PDFfit structure and as a CIF: a cluster of finite, distinct atoms or a diagnostic, never a crash. */
#include <stdlib.h>

#include <deepstruc/cluster.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(deepstruc_status status, deepstruc_cluster *cluster, const deepstruc_diag *diag)
{
    if (status != DEEPSTRUC_OK && !diag->message[0])
        abort();
    if (status == DEEPSTRUC_OK && (cluster->n_atoms < 1 || !(deepstruc_cluster_mean_bond(cluster) >= 0)))
        abort();
    deepstruc_cluster_destroy(cluster);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    deepstruc_cluster *stru = NULL, *cif = NULL;
    deepstruc_diag diag;
    deepstruc_status status = deepstruc_cluster_parse_stru(&stru, (const char *)bytes, size, "fuzz", &diag);
    check(status, stru, &diag);
    status = deepstruc_cluster_parse_cif(&cif, (const char *)bytes, size, "fuzz", &diag);
    check(status, cif, &diag);
    return 0;
}
