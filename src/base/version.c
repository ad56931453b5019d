#include <deepstruc/deepstruc.h>

#include "base/blas.h"

const char *deepstruc_version(void)
{
    return DEEPSTRUC_VERSION;
}

const char *deepstruc_build_facts(void)
{
    return "compiler " __VERSION__ ", matrix products by " BLAS_BACK_END;
}
