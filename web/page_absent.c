/* For builds without Node: the API alone. */
#include "serve/page.h"

const page_file page_files[] = {{0}};
