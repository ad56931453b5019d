#include <deepstruc/deepstruc.h>

const char *deepstruc_version(void)
{
    return DEEPSTRUC_VERSION;
}

const char *deepstruc_build_facts(void)
{
    return "compiler " __VERSION__;
}
